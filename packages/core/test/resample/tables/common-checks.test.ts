import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { selectRows } from '../../../src/data/select.ts';
import type { Table } from '../../../src/data/table.ts';
import type { ResamplerOptions } from '../../../src/resample/registry-entry.ts';
import { replayProvenance } from '../../../src/resample/replay.ts';
import type { Provenance } from '../../../src/resample/resampler.ts';
import { createTableResampler, tableResamplers } from '../../../src/resample/tables/table-registry.ts';
import type { ResampledTable } from '../../../src/resample/tables/table-resampler.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { boolean, categorical, dates, numeric, repeat, table } from '../../data/tables.ts';
import { runtimesFor } from '../../runtime/runtimes-for.ts';
import { countsByLabel, labelsOf, shuffledLabels } from '../data.ts';
import { cellsOf, rowsOfTable } from './tables.ts';

/** What every method must do to a table. A method is finished when it passes this file. */

const everyMethod = [...tableResamplers.values()].map((entry) => ({ counts: 'exact' as const, ...entry }));
const numbers = ['size', 'visits', 'twin', 'fixed'];

type LabelledTable = Dataset<Table> & { weights: Float64Array; groups: Int32Array };

/** Numbers on two scales, whole ones, a constant, a column twice, categories, missing cells, dates, names, free text. */
function mixedData(
  seed: number,
  names: readonly [ClassLabel, ClassLabel, ClassLabel] = ['a', 'b', 'c'],
): LabelledTable {
  const labels = shuffledLabels(
    [
      [names[0], 19],
      [names[1], 44],
      [names[2], 11],
    ],
    seed,
  );
  const rank = new Map(names.map((name, i) => [name, i]));
  const stream = randomStream(seed, 'cells');
  const pull = labels.map((label) => rank.get(label)!);
  const rows = labels.length;
  const size = repeat(rows, (i) => 1000 * (stream.normal() + pull[i]!));
  const missing = <T>(share: number, value: T) => (stream.uniform() < share ? null : value);
  const X = table(
    numeric('size', size),
    categorical(
      'colour',
      repeat(
        rows,
        (i) =>
          ['red', 'blue', 'green', 'grey'][
            (stream.integer(2) + Math.min(pull[i]!, 1) * 2 - (stream.integer(2) * pull[i]!) / 2) | 0
          ]!,
      ),
    ),
    numeric(
      'visits',
      repeat(rows, (i) => missing(0.1, stream.integer(9) + pull[i]!)),
    ),
    numeric('twin', size),
    numeric(
      'fixed',
      repeat(rows, () => 2.5),
    ),
    boolean(
      'member',
      repeat(rows, (i) => missing(0.05, stream.uniform() < 0.3 + 0.2 * pull[i]!)),
    ),
    categorical(
      'kind',
      repeat(rows, () => missing(0.15, ['x', 'y', 'z'][stream.integer(3)]!)),
    ),
    dates(
      'since',
      repeat(rows, () => missing(0.1, `20${10 + stream.integer(10)}-0${1 + stream.integer(9)}-11T00:00Z`)),
    ),
    categorical(
      'name',
      repeat(rows, (i) => `person-${i}`),
    ),
  );
  return {
    X,
    y: labelsOf(labels),
    weights: Float64Array.from({ length: rows }, (_, i) => 0.25 * (i % 9)),
    groups: Int32Array.from({ length: rows }, (_, i) => i % 5),
  };
}

const ownOptions = (name: string): ResamplerOptions => (name === 'smote-n' ? { ignore: numbers } : {});
const resample = (name: string, data: Dataset<Table>, options: ResamplerOptions = {}) =>
  createTableResampler(name, { ...ownOptions(name), ...options }).resample(data);

const made = ({ provenance }: ResampledTable) => [...provenance.source.keys()].filter((i) => provenance.source[i]! < 0);
const nearer = ({ base, neighbour, gap }: Provenance, i: number) =>
  neighbour[i]! >= 0 && gap[i]! > 0.5 ? neighbour[i]! : base[i]!;
const originOf = ({ source, base, neighbour, gap }: Provenance, i: number) =>
  [source[i], base[i], neighbour[i], gap[i]].join(' ');

const runtimes = runtimesFor(1, 2, 4);

describe.each(everyMethod)('$name', ({ name, samplingType, makes, counts, takes, compat }) => {
  const over = samplingType === 'over-sampling';
  const exact = counts === 'exact';

  it('copies rows with all their cells, and keeps columns, kinds and dictionaries', async () => {
    const data = mixedData(1);
    const { data: output, provenance } = await resample(name, data, { seed: 2 });
    expect(output.X.columns.map(({ kind, name: title }) => [kind, title])).toEqual(
      data.X.columns.map(({ kind, name: title }) => [kind, title]),
    );
    expect(output.X.rows).toBe(provenance.source.length);
    const before = rowsOfTable(data.X);
    const after = rowsOfTable(output.X);
    provenance.source.forEach((source, i) => {
      if (source >= 0) expect(after[i]).toEqual(before[source]);
    });
  });

  it('puts a new row between its parents, and gives it cells that rows of the input have', async () => {
    const data = mixedData(3);
    const result = await resample(name, data, { seed: 1, integers: 'ignore' });
    const { provenance } = result;
    const before = cellsOf(data.X);
    const after = cellsOf(result.data.X);
    data.X.columns.forEach((column, j) => {
      const replayed =
        column.kind === 'numeric' && replayProvenance(provenance, column.values, { synthetic: 'interpolate' });
      for (const i of made(result)) {
        const cell = after[j]![i]!;
        const fromParents = makes === 'interpolates' || (takes === 'table' && column.name !== 'kind');
        if (replayed && fromParents && name !== 'smote-n') {
          if (Number.isNaN(replayed[i])) expect(cell).toBe(before[j]![nearer(provenance, i)]);
          else expect(cell).toBe(replayed[i]);
        } else if (!replayed) {
          expect(before[j]).toContain(cell);
          if (takes === 'numbers' && provenance.base[i]! >= 0) {
            const carried = column.name === 'name' || column.name === 'since';
            expect(cell).toBe(before[j]![carried ? provenance.base[i]! : nearer(provenance, i)]);
          }
        }
      }
    });
    expect(after[3]).toEqual(after[0]);
    expect(new Set(after[4])).toEqual(new Set([2.5]));
  });

  it('keeps whole numbers whole and numbers within bounds where asked, and says what it changed', async () => {
    const data = mixedData(4);
    const whole = await resample(name, data, { seed: 1 });
    for (const cell of cellsOf(whole.data.X)[2]!) expect(cell === null || Number.isInteger(cell)).toBe(true);
    const loose = cellsOf((await resample(name, data, { seed: 1, integers: 'ignore' })).data.X)[2]!;
    const rounded = loose.filter((cell) => cell !== null && !Number.isInteger(cell)).length;
    const notice = whole.notices.find(({ code }) => code === 'cells-rounded');
    expect(notice?.numbers?.['cells'] ?? 0).toBe(rounded);

    const bounds = { size: { min: -300, max: 900, step: 100 } };
    const bound = await resample(name, data, { seed: 1, bounds });
    const sizes = cellsOf(bound.data.X)[0]!;
    if (name === 'smote-n') return;
    for (const i of made(bound)) {
      const size = sizes[i] as number;
      expect(size % 100 === 0 && size >= -300 && size <= 900).toBe(true);
    }
  });

  it.runIf(over && exact && name !== 'rose')(
    'keeps the input rows first and untouched, then adds class after class',
    async () => {
      const data = mixedData(5);
      const { data: output, provenance } = await resample(name, data, { seed: 1 });
      const { rows } = data.X;
      expect([...provenance.source.subarray(0, rows)]).toEqual([...data.y.codes.keys()]);
      expect(rowsOfTable(selectRows(output.X, Int32Array.from(data.y.codes.keys())))).toEqual(rowsOfTable(data.X));
      const added = [...output.y.codes.subarray(rows)];
      expect(added).toEqual([...added].sort((a, b) => a - b));
    },
  );

  it.runIf(exact)('balances the classes exactly, or says which it did not', async () => {
    const { data, notices } = await resample(name, mixedData(6), { seed: 1 });
    const sizes = countsByLabel(data.y);
    for (const { code, class: label, numbers: told } of notices) {
      if (code === 'count-not-reached') sizes.set(label!, told!['asked']!);
    }
    if (name !== 'rose') expect(new Set(sizes.values())).toEqual(new Set([over ? 44 : 11]));
  });

  it('gives the same bytes for any number of threads', async () => {
    const data = mixedData(7);
    const plain = await resample(name, data, { seed: 3 });
    for (const runtime of runtimes) {
      const other = await createTableResampler(name, { ...ownOptions(name), seed: 3 }).resample(data, { runtime });
      expect(other.provenance).toEqual(plain.provenance);
      expect(cellsOf(other.data.X)).toEqual(cellsOf(plain.data.X));
      expect(other.data.weights).toEqual(plain.data.weights);
    }
  });

  it('makes the same rows whatever the classes are called', async () => {
    const origins = async (names: readonly [ClassLabel, ClassLabel, ClassLabel]) => {
      const { data, provenance } = await resample(name, mixedData(8, names), { seed: 9 });
      return names.map((label) =>
        [...data.y.codes.keys()]
          .filter((i) => data.y.classes[data.y.codes[i]!] === label)
          .map((i) => originOf(provenance, i))
          .sort(),
      );
    };
    expect(await origins(['zebra', 'apple', 'mango'])).toEqual(await origins(['a', 'b', 'c']));
  });

  it('makes the same rows whatever the categories are called, and whatever the order of the columns', async () => {
    const data = mixedData(9);
    const plain = await resample(name, data, { seed: 4 });
    // Methods for numbers see 0/1 columns in another order then: sums of the same terms differ in their last bits, which
    // decides ties of which such columns are full. Over numbers without ties they are held to it by `equivariance.test.ts`.
    const turned = { ...data, X: { ...data.X, columns: [...data.X.columns].reverse() } };
    const other = await resample(name, turned, { seed: 4 });
    if (takes === 'table') {
      expect(other.provenance).toEqual(plain.provenance);
      expect(cellsOf(other.data.X).reverse()).toEqual(cellsOf(plain.data.X));
    } else
      expect(other.data.X.columns.map((column) => column.name).reverse()).toEqual(
        data.X.columns.map((column) => column.name),
      );
    const words = new Map([
      ['red', 'A'],
      ['blue', 'Z'],
      ['green', 'M'],
      ['grey', 'B'],
    ]);
    const columns = data.X.columns.map((column) =>
      column.name === 'colour'
        ? categorical(
            'colour',
            cellsOf(data.X)[1]!.map((cell) => words.get(cell as string)!),
          )
        : column,
    );
    const renamed = await resample(name, { ...data, X: { ...data.X, columns } }, { seed: 4 });
    if (takes !== 'table') return;
    expect(renamed.provenance).toEqual(plain.provenance);
    expect(cellsOf(renamed.data.X)[1]).toEqual(cellsOf(plain.data.X)[1]!.map((cell) => words.get(cell as string)));
  });

  it('replays weights and groups, and says where new rows have parents of two groups', async () => {
    const data = mixedData(10);
    const result = await resample(name, data, { seed: 1 });
    const { provenance } = result;
    expect(result.data.groups).toEqual(replayProvenance(provenance, data.groups));
    const weights = replayProvenance(provenance, data.weights, { synthetic: 'interpolate' });
    const between = weights.map((weight) => Math.max(0, weight));
    if (counts !== 'soft') expect(result.data.weights).toEqual(between);
    else expect(result.data.weights!.every((weight, i) => weight <= between[i]!)).toBe(true);
    const mixed = made(result).filter((i) => {
      const { base, neighbour } = provenance;
      return neighbour[i]! >= 0 && data.groups[base[i]!] !== data.groups[neighbour[i]!];
    });
    const notice = result.notices.find(({ code }) => code === 'groups-mixed');
    // The cells of SMOTE-N come from several rows, of which provenance names the base.
    if (name === 'smote-n') expect(notice!.numbers!['mixed']).toBeGreaterThan(0);
    else expect(notice?.numbers?.['mixed'] ?? 0).toBe(mixed.length);
  });

  it.runIf(over && exact && name !== 'rose')(
    'takes both parents of one group where asked, and still counts exactly',
    async () => {
      const data = mixedData(11);
      const result = await resample(name, data, { seed: 1, withinGroups: true });
      const { base, neighbour, source } = result.provenance;
      const told = result.notices.find(({ code }) => code === 'groups-mixed');
      if (name.startsWith('smote')) expect(told).toBeUndefined();
      if (!told)
        for (const i of made(result))
          if (neighbour[i]! >= 0) expect(data.groups[neighbour[i]!]).toBe(data.groups[base[i]!]);
      expect(result.data.groups).toEqual(replayProvenance(result.provenance, data.groups));
      expect([...source.subarray(0, data.X.rows)]).toEqual([...data.y.codes.keys()]);
      for (const cell of cellsOf(result.data.X)[2]!) expect(cell === null || Number.isInteger(cell)).toBe(true);
      expect(await resample(name, data, { seed: 1, withinGroups: true })).toEqual(result);
    },
  );

  it('does not change its input', async () => {
    const data = mixedData(12);
    const before = structuredClone(data);
    const result = await resample(name, data, { seed: 1 });
    expect(data).toEqual(before);
    expect(Object.isFrozen(result)).toBe(true);
  });

  it('stops at one class, at sides of another length, at unknown columns, and on request', async () => {
    const data = mixedData(13);
    const code = (given: Dataset<Table>, options: ResamplerOptions = {}) =>
      resample(name, given, options).then(
        () => 'nothing thrown',
        (error) => error.code,
      );
    const one = { ...data, y: { ...data.y, codes: data.y.codes.map(() => 0) } };
    expect(await code(one)).toBe('one-class');
    expect(await code({ ...data, y: { ...data.y, codes: data.y.codes.subarray(1) } })).toBe('shape-mismatch');
    const stopped = createTableResampler(name, ownOptions(name)).resample(data, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(() => createTableResampler(name, { integers: 'maybe' })).toThrow('integers must be one of');
    expect(() => createTableResampler(name, { bounds: { size: { least: 3 } } })).toThrow('"size" have no "least"');
    if (name.startsWith('random')) return;
    expect(await code(data, { ignore: ['colour', 'colours'] })).toBe('no-such-column');
  });

  it.runIf(compat !== false && takes === 'numbers' && !name.startsWith('random'))(
    'names the column that misses a number where distances take it as it is',
    async () => {
      const options = { compat: 'imbalanced-learn' };
      await expect(resample(name, mixedData(14), options)).rejects.toMatchObject({
        code: 'missing-value',
        details: { column: 'visits' },
      });
    },
  );
});
