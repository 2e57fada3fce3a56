import {
  DateMillisecond,
  Float32,
  Int32,
  Int64,
  Table,
  TimestampMicrosecond,
  tableFromArrays,
  Uint8,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { smote } from '../../../src/resample/over/smote.ts';
import { fitResample, type PlainRows } from '../../../src/resample/plain/fit-resample.ts';
import { tomekLinks } from '../../../src/resample/under/tomek-links.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { repeat } from '../../data/tables.ts';
import { labelsOf, rowsOf } from '../data.ts';

const random = randomStream(1, 'plain');
const rows = repeat(30, () => [random.normal(), 10 * random.normal(), random.normal()]);
const words = repeat(30, (i) => (i % 4 === 0 ? 'rare' : 'usual'));
const made = (source: Int32Array) => [...source.keys()].filter((i) => source[i]! < 0);

describe('rows of numbers', () => {
  it('give what the resampler gives on them, as arrays', async () => {
    const { X, y, provenance, notices } = await fitResample(rows, words, { method: 'smote', seed: 4, kNeighbors: 3 });
    const expected = await smote({ seed: 4, kNeighbors: 3 }).resample({ X: rowsOf(rows), y: labelsOf(words) });
    expect(X.flat()).toEqual([...(expected.data.X as { data: Float64Array }).data]);
    expect(provenance).toEqual(expected.provenance);
    expect(notices).toEqual(expected.notices);
    expect(y.slice(0, 30)).toEqual(words);
    expect(y.filter((label) => label === 'rare').length).toBe(22);
    expect(rows.length).toBe(30);
  });

  it('come back as the typed arrays that they came as', async () => {
    const data = Float32Array.from(rows.flat());
    const labels = Int16Array.from(words, (word) => (word === 'rare' ? -7 : 9));
    const shaped = await fitResample({ data, shape: [30, 3] as const }, labels, { method: 'smote', seed: 1 });
    expect(shaped.X.data).toBeInstanceOf(Float32Array);
    expect(shaped.X.shape).toEqual([44, 3]);
    expect(shaped.X.data.subarray(0, 90)).toEqual(data);
    expect(shaped.y).toBeInstanceOf(Int16Array);
    expect([...shaped.y.subarray(30)]).toEqual(repeat(14, () => -7));
    const single = await fitResample(
      rows.map((row) => Float32Array.from(row)),
      labels,
      { method: 'smote', seed: 1 },
    );
    expect(single.X[0]).toBeInstanceOf(Float32Array);
    expect(single.X.flatMap((row) => [...row])).toEqual([...shaped.X.data]);
  });

  it('stay whole, and what the array can hold, in arrays of integers', async () => {
    const data = Uint8Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? i / 3 : 200 + ((i * 7) % 56)));
    const labels = words.map((word) => word === 'rare');
    const whole = await fitResample({ data, shape: [30, 3] as const }, labels, { method: 'smote', seed: 2 });
    expect(whole.X.data).toBeInstanceOf(Uint8Array);
    expect(whole.notices.map(({ code }) => code)).toContain('cells-rounded');
    const { base, neighbour, gap, source } = whole.provenance;
    for (const i of made(source)) {
      // Row numbers look like an identifier; in an array of numbers they are numbers.
      const exact = base[i]! + gap[i]! * (neighbour[i]! - base[i]!);
      expect(Math.abs(whole.X.data[i * 3]! - exact)).toBeLessThanOrEqual(0.5);
    }
    expect(whole.y.slice(30)).toEqual(repeat(14, () => true));
    const plain = await smote({ seed: 2 }).resample({
      X: rowsOf(repeat(30, (i) => [...data.subarray(3 * i, 3 * i + 3)])),
      y: labelsOf(labels.map(String)),
    });
    expect(whole.provenance).toEqual(plain.provenance);
    const smoothed = await fitResample({ data, shape: [30, 3] as const }, labels, {
      method: 'random-over',
      shrinkage: 30,
    });
    expect(smoothed.notices.map(({ code }) => code)).toContain('cells-clipped');
  });

  it('take names of columns by number, and may be codes of categories', async () => {
    const coded = rows.map((row, i) => [...row, i % 3]);
    const result = await fitResample(coded, words, {
      method: 'smote-nc',
      categoricalFeatures: [3],
      bounds: 'observed',
    });
    for (const i of made(result.provenance.source)) expect([0, 1, 2]).toContain(result.X[i]![3]);
    const bounded = await fitResample(rows, words, { method: 'smote', bounds: { 1: { step: 0.5 } } });
    for (const i of made(bounded.provenance.source)) expect(Number.isInteger(2 * bounded.X[i]![1]!)).toBe(true);
  });

  it('let methods that look at the classes alone copy anything', async () => {
    const gaps = rows.map(([a, b]) => [a!, Number.NaN, b! > 0 ? Number.POSITIVE_INFINITY : 0]);
    const { X, provenance } = await fitResample(gaps, words, { method: 'random-under', seed: 1 });
    expect(X).toEqual([...provenance.source].map((row) => gaps[row]));
  });
});

describe('records', () => {
  const tag = { deep: [1] };
  const people = repeat(30, (i) => ({
    age: i % 7 === 0 ? null : 20 + ((i * 7) % 40),
    job: ['clerk', 'cook', 'smith'][(i * i) % 3]!,
    pay: 100 * random.normal(),
    keen: i % 3 === 0,
    since: new Date(Date.UTC(2020, i % 12, 5)),
    cents: BigInt(i * i),
    tag: i % 2 === 0 ? tag : undefined,
    kind: words[i]!,
  }));
  const { length } = people;

  it('come back as records with values of the kinds that they had', async () => {
    const bare = people.map(({ kind: _, ...rest }) => rest);
    const before = structuredClone(bare);
    const { X, y, provenance } = await fitResample(bare, words, { method: 'smote-nc', seed: 3 });
    expect(bare).toEqual(before);
    expect(X.slice(0, length)).toEqual(bare);
    expect(X[0]).not.toBe(bare[0]);
    expect(y.length).toBe(X.length);
    for (const i of made(provenance.source)) {
      const row = X[i]!;
      const base = bare[provenance.base[i]!]!;
      const other = bare[provenance.neighbour[i]!]!;
      expect(row.age === null || Number.isInteger(row.age)).toBe(true);
      expect(['clerk', 'cook', 'smith']).toContain(row.job);
      expect(row.pay).toBe(base.pay + provenance.gap[i]! * (other.pay - base.pay));
      expect(typeof row.keen).toBe('boolean');
      expect(row.since).toEqual(base.since);
      expect(typeof row.cents).toBe('bigint');
      expect(row.tag).toBe(base.tag);
    }
  });

  it('may hold the labels in one of their columns', async () => {
    const { X, y } = await fitResample(people, 'kind', { method: 'smote', seed: 3, integers: 'ignore' });
    expect(X.map(({ kind }) => kind)).toEqual(y);
    expect(y.filter((label) => label === 'rare').length).toBe(22);
    const bare = people.map(({ kind: _, ...rest }) => rest);
    const apart = await fitResample(bare, words, { method: 'smote', seed: 3, integers: 'ignore' });
    expect(X.map(({ kind: _, ...rest }) => rest)).toEqual(apart.X);
  });

  it('carry weights and groups', async () => {
    const groups = people.map(({ job }) => job);
    const weights = repeat(30, (i) => i);
    const result = await fitResample(people, 'kind', { method: 'smote', groups, weights, withinGroups: true });
    const { base, neighbour, source } = result.provenance;
    for (const i of made(source)) {
      expect(groups[base[i]!]).toBe(groups[neighbour[i]!]);
      expect(result.groups![i]).toBe(groups[base[i]!]);
    }
    expect([...result.weights!.subarray(0, 30)]).toEqual(weights);
  });

  it('keep groups whole where rows are taken away, whatever groups are called', async () => {
    const groups = people.map(({ kind }, i) => (i % 4 === 0 ? null : `${kind}-${i % 3}`));
    const result = await fitResample(people, 'kind', { method: 'random-under', groups, wholeGroups: true, seed: 1 });
    const kept = new Set(result.provenance.source);
    expect(kept.size).toBeLessThan(30);
    for (let i = 0; i < 30; i++) expect(kept.has(i)).toBe(kept.has(groups.indexOf(groups[i]!)));
    expect(result.groups).toEqual([...result.provenance.source].map((row) => groups[row]));
  });

  it('as arrays of values of all kinds too', async () => {
    const mixed = people.map(({ job, pay, keen }) => [job, pay, keen]);
    const { X, provenance } = await fitResample(mixed, words, { method: 'smote-nc', seed: 3 });
    expect(X.slice(0, length)).toEqual(mixed);
    const records = await fitResample(
      people.map(({ job, pay, keen }) => ({ job, pay, keen })),
      words,
      { method: 'smote-nc', seed: 3 },
    );
    expect(records.provenance).toEqual(provenance);
    expect(X).toEqual(records.X.map(({ job, pay, keen }) => [job, pay, keen]));
  });
});

describe('Arrow tables', () => {
  const columns = {
    size: rows.map(([value], i) => (i === 8 ? null : value!)),
    colour: rows.map((_, i) => ['red', 'blue'][((i * i) % 3) & 1]!),
    count: Int32Array.from(rows, (_, i) => (i * 5) % 17),
    kind: words,
  };

  it('come back as tables of columns that tableFromArrays takes', async () => {
    const table = tableFromArrays(columns);
    const { X, y, provenance } = await fitResample(table, 'kind', { method: 'smote-nc', seed: 2 });
    expect(X.numRows).toBe(44);
    expect(X.getChild('size')!.get!(8)).toBeNull();
    expect([...(X.getChild('kind')!.toArray() as string[])]).toEqual(y);
    const again = tableFromArrays({ ...X.columns });
    expect(again.numRows).toBe(44);
    expect(again.schema.fields.map(({ name }) => name)).toEqual(['size', 'colour', 'count', 'kind']);
    const { size: _, ...rest } = columns;
    const records = words.map((kind, i) => ({
      size: columns.size[i],
      colour: rest.colour[i],
      count: rest.count[i],
      kind,
    }));
    const expected = await fitResample(records, 'kind', { method: 'smote-nc', seed: 2 });
    expect(provenance).toEqual(expected.provenance);
    expect(again.toArray().map((row) => ({ ...row.toJSON() }))).toEqual(expected.X);
  });

  it('become tables of the types that they had, field by field', async () => {
    const day = 86_400_000;
    const people = new Table({
      age: vectorFromArray(
        words.map((_, i) => (i === 3 ? null : 20 + (i % 7))),
        new Int32(),
      ),
      size: vectorFromArray(columns.size, new Float32()),
      grade: vectorFromArray(
        words.map((_, i) => i % 4),
        new Uint8(),
      ),
      count: vectorFromArray(
        words.map((_, i) => BigInt(i % 5)),
        new Int64(),
      ),
      since: vectorFromArray(
        words.map((_, i) => (i % 11) * day),
        new TimestampMicrosecond(),
      ),
      born: vectorFromArray(
        words.map((_, i) => new Date((i % 13) * day)),
        new DateMillisecond(),
      ),
      colour: vectorFromArray(columns.colour, new Utf8()),
      job: vectorFromArray(columns.colour),
      kind: vectorFromArray(words, new Utf8()),
    });
    const { X, provenance } = await fitResample(people, 'kind', { method: 'smote', seed: 1 });
    // Dates are those of the row that a new one starts from.
    for (const name of ['since', 'born'] as const) {
      const bases = provenance.base.slice(30);
      const [before, after] = [[...people.getChild(name)!], X.columns[name]!];
      expect(after.slice(30)).toEqual(Array.from(bases, (row) => before[row]));
    }
    const table = new Table(
      Object.fromEntries(X.schema.fields.map(({ name, type }) => [name, vectorFromArray(X.columns[name]!, type)])),
    );
    const typesOf = ({ schema }: Table) => schema.fields.map(({ name, type }) => `${name} ${type}`);
    expect(table.numRows).toBe(44);
    expect(typesOf(table)).toEqual(typesOf(people));
    for (const { name } of X.schema.fields) {
      const values = [...X.columns[name]!].map((value) =>
        name === 'size' && value !== null ? Math.fround(value as number) : value,
      );
      expect([...table.getChild(name)!]).toEqual(values);
    }
  });

  it('are known by their shape alone', async () => {
    const bare = {
      numRows: 30,
      schema: { fields: [{ name: 'a' }, { name: 'b' }] },
      getChild: (name: string) => ({ toArray: () => Float64Array.from(rows, (row) => row[name === 'a' ? 0 : 1]!) }),
    };
    const { X } = await fitResample(bare, words, { method: 'tomek-links', scale: 'none', features: ['a', 'b'] });
    const expected = await tomekLinks().resample({ X: rowsOf(rows.map(([a, b]) => [a!, b!])), y: labelsOf(words) });
    expect(X.columns['a']).toEqual([...expected.provenance.source].map((row) => rows[row]![0]));
  });
});

describe('what cannot be resampled is refused with its place', () => {
  const codeOf = (X: unknown, y: unknown, options: Record<string, unknown> = {}) =>
    fitResample(X as PlainRows, y as string[], { method: 'smote', ...options }).then(
      () => 'nothing thrown',
      ({ code, details }) => [code, details.row ?? details.column],
    );
  const change = <T>(values: readonly T[], at: number, value: unknown) =>
    values.map((old, i) => (i === at ? value : old));

  it.each([
    ['labels of several kinds', rows, change(words, 3, 5), 'mixed-labels', 3],
    ['no labels', [{ a: 1 }, { a: 2 }], undefined, 'bad-labels', undefined],
    ['labels that are no array', rows, { 0: 'a' }, 'bad-labels', undefined],
    ['a row without a label', rows, change(words, 4, null), 'missing-label', 4],
    ['a label that is an object', rows, change(words, 4, {}), 'mixed-labels', 4],
    ['rows of several lengths', change(rows, 7, [1, 2]), words, 'shape-mismatch', 7],
    ['a column of several kinds', change(rows, 5, ['x', 1, 2]), words, 'mixed-column', 5],
    ['an infinite number', change(rows, 6, [Number.POSITIVE_INFINITY, 1, 2]), words, 'not-finite', 6],
    ['a shape that does not fit', { data: new Float64Array(9), shape: [2, 4] }, words, 'shape-mismatch', undefined],
    ['rows that are no rows', [1, 2, 3], words, 'bad-rows', undefined],
    ['nothing', null, words, 'bad-rows', undefined],
    ['fewer labels than rows', rows, words.slice(1), 'shape-mismatch', undefined],
    ['a column that is not there', [{ a: 1 }, { a: 2 }], 'b', 'no-such-column', 'b'],
    ['a bigint that no number holds', [{ a: 2n ** 60n }, { a: 1n }], ['x', 'y'], 'inexact-number', 0],
  ])('%s', async (_, X, y, code, place) => {
    expect(await codeOf(X, y)).toEqual([code, place]);
  });

  it('an unknown method, an unknown option', async () => {
    expect(await codeOf(rows, words, { method: 'smoothing' })).toEqual(['unknown-resampler', undefined]);
    expect(await codeOf(rows, words, { neighbours: 4 })).toEqual(['bad-option', undefined]);
    const said = fitResample(rows, words, { method: 'smote', neighbours: 4 });
    await expect(said).rejects.toThrow(
      /^smote has no option "neighbours" \(did you mean kNeighbors\?\); it has samplingStrategy, .*evenBase.*; over a table also features, .*, missing, withinGroups, decompose$/,
    );
  });
});
