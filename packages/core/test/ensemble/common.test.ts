import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { type CombinedModel, type EnsembleEntry, ensembles } from '../../src/ensemble/index.ts';
import type { ForestModel } from '../../src/learn/index.ts';
import { fittedOnce } from '../learn/fitted-once.ts';
import { largestGap, overlapping, toSparse } from '../learn/helpers.ts';
import { wrongData, wrongOptions, wrongRows } from '../learn/wrong-data.ts';
import { runtimesFor } from '../runtime/runtimes-for.ts';

/** What every ensemble owes its users. An ensemble is done when it is in the registry and passes these. */
const tasks: readonly (readonly [string, Dataset & { X: Matrix }])[] = [
  ['two classes', rare(overlapping(200, 4, 2, 1))],
  ['four classes', overlapping(140, 3, 4, 2)],
];

/** Drops most rows of the second class. */
function rare(data: Dataset & { X: Matrix }): Dataset & { X: Matrix } {
  const rows = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 0 || row % 5 === 0);
  return { X: rowsOf(data.X, rows), y: { ...data.y, codes: Int32Array.from(rows, (row) => data.y.codes[row]!) } };
}

function rowsOf({ data, columns }: Matrix, rows: readonly number[]): Matrix {
  const cells = rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)]);
  return matrix(Float64Array.from(cells), rows.length, columns);
}

/** Nothing is drawn: boosting by weights alone. */
const unseeded = /^ada-|^asym-boost$|^one-vs-|^output-codes$/;

const few = { nEstimators: 4 };

const fitted = fittedOnce((entry: EnsembleEntry) => entry.create(few));

const runtimes = runtimesFor(1, 2, 3);

describe.each([...ensembles.values()].map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  describe.each(tasks)('%s', (_task, data) => {
    const { X, y } = data;

    it('gives probabilities, and the right class more than its even share', async () => {
      const p = await (await fitted(entry, data)).predictProba(X);
      expect([p.rows, p.columns]).toEqual([X.rows, y.classes.length]);
      const own = new Float64Array(y.classes.length);
      const sizes = new Float64Array(y.classes.length);
      for (let i = 0; i < p.rows; i++) {
        const row = p.data.subarray(i * p.columns, (i + 1) * p.columns);
        expect(row.every((value) => value >= 0)).toBe(true);
        expect(Math.abs(row.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
        own[y.codes[i]!]! += row[y.codes[i]!]!;
        sizes[y.codes[i]!]!++;
      }
      const recall = own.reduce((sum, value, k) => sum + value / sizes[k]! / own.length, 0);
      expect(recall).toBeGreaterThan(1.05 / y.classes.length);
    });

    it('takes an integer weight as that many copies of the row', async () => {
      // Members that did not see a row judge it, and more of them miss one of three copies than all three.
      if (name === 'meta-cost') return;
      const weights = Float64Array.from({ length: X.rows }, (_row, i) => (i * 7) % 4);
      const copies = [...weights].flatMap((weight, i) => Array<number>(weight).fill(i));
      const repeated = { X: rowsOf(X, copies), y: { ...y, codes: Int32Array.from(copies, (i) => y.codes[i]!) } };
      const weighted = await (await entry.create(few).fit({ ...data, weights })).predictProba(X);
      const plain = await (await entry.create(few).fit(repeated)).predictProba(X);
      expect(largestGap(weighted.data, plain.data)).toBeLessThan(1e-7);
    });

    it('does not care what the classes are called, nor in what order', async () => {
      const plain = await (await fitted(entry, data)).predictProba(X);
      const last = y.classes.length - 1;
      const turned = { codes: y.codes.map((code) => last - code), classes: y.classes.map((_c, i) => i * 10) };
      const model = await entry.create(few).fit({ X, y: turned });
      const p = await model.predictProba(X);
      expect(model.classes).toEqual(turned.classes);
      const back = p.data.map((_value, i) => p.data[i - (i % p.columns) + last - (i % p.columns)]!);
      expect(largestGap(back, plain.data)).toBeLessThan(1e-7);
    });

    it('predicts a row the same alone, in a batch, dense, sparse and read back', async () => {
      const model = await fitted(entry, data);
      const batch = await model.predictProba(X);
      expect((await model.predictProba(toSparse(X))).data).toEqual(batch.data);
      for (const i of [0, 1, X.rows - 1]) {
        const alone = await model.predictProba(rowsOf(X, [i]));
        expect(alone.data).toEqual(batch.data.slice(i * batch.columns, (i + 1) * batch.columns));
      }
      const read = entry.fromJSON(JSON.parse(JSON.stringify(model)));
      expect((await read.predictProba(X)).data).toEqual(batch.data);
      expect(JSON.stringify(read)).toBe(JSON.stringify(model));
      expect(model.toJSON().kind).toBe(name);
    });
  });

  it('gives the same bytes on 1, 2 and 3 threads', async () => {
    const results = [];
    for (const runtime of runtimes)
      results.push(JSON.stringify(await entry.create(few).fit(tasks[0]![1], { runtime })));
    expect(results[1]).toBe(results[0]);
    expect(results[2]).toBe(results[0]);
  });

  it('draws anew with another seed', async () => {
    if (unseeded.test(name)) return;
    const other = JSON.stringify(await entry.create({ ...few, seed: 1 }).fit(tasks[0]![1]));
    expect(other).not.toBe(JSON.stringify(await fitted(entry, tasks[0]![1])));
  });

  it('never loses a class of three rows in a thousand', async () => {
    const { X } = overlapping(1000, 3, 2, 5);
    const codes = new Int32Array(1000);
    for (const row of [17, 400, 777]) codes[row] = 1;
    for (let seed = 0; seed < (unseeded.test(name) ? 1 : 3); seed++) {
      const model = await entry.create({ ...few, seed }).fit({ X, y: { codes, classes: ['no', 'yes'] } });
      for (const member of ((model as CombinedModel).members ?? []) as Partial<ForestModel>[]) {
        for (const tree of member.trees ?? []) {
          if (tree.outputs === 2) expect(tree.value[1]).toBeGreaterThan(0);
        }
      }
    }
  });

  it('fits constant columns, two rows, and a class without rows', async () => {
    const constant = matrix(new Float64Array(40).fill(4), 20, 2);
    const codes = Int32Array.from({ length: 20 }, (_, i) => (i < 15 ? 0 : 2));
    const model = await entry.create(few).fit({ X: constant, y: { codes, classes: ['a', 'b', 'c'] } });
    const p = await model.predictProba(constant);
    expect(p.data.every(Number.isFinite)).toBe(true);
    expect(p.data[1]).toBe(0);
    expect(model.notices.map(({ code }) => code)).toContain('class-absent');
    const two = matrix(Float64Array.of(0, 1), 2, 1);
    const small = await entry.create(few).fit({ X: two, y: { codes: Int32Array.of(0, 1), classes: [0, 1] } });
    expect((await small.predictProba(two)).data.every(Number.isFinite)).toBe(true);
  });

  it('refuses one class, a model that was tampered with, and other columns; obeys a signal', async () => {
    const X = matrix(new Float64Array(3), 3, 1);
    const fit = entry.create().fit({ X, y: { codes: new Int32Array(3), classes: ['a', 'b'] } });
    await expect(fit).rejects.toMatchObject({ code: 'one-class' });
    const stopped = entry.create(few).fit(tasks[0]![1], { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const model = await fitted(entry, tasks[0]![1]);
    await expect(model.predictProba(X)).rejects.toMatchObject({ code: 'column-mismatch' });
    const json = JSON.parse(JSON.stringify(model));
    for (const broken of [
      { kind: 'x' },
      { classes: ['a'] },
      { members: [], tasks: [] },
      { members: [{ kind: 'x' }], tasks: [{ model: { kind: 'x' }, calibration: null }] },
      { columns: json.columns + 1 },
    ]) {
      expect(() => entry.fromJSON({ ...json, ...broken })).toThrow(expect.objectContaining({ code: 'bad-model' }));
    }
  });

  it.each(wrongData)('refuses %s', async (_what, data, code) => {
    await expect(entry.create(few).fit(data)).rejects.toMatchObject({ name: 'CounterweightError', code });
  });

  it('predicts no rows of another kind', async () => {
    const model = await fitted(entry, tasks[0]![1]);
    for (const [, rows, code] of wrongRows) await expect(model.predictProba(rows)).rejects.toMatchObject({ code });
  });

  it.each(wrongOptions)('refuses %s as options', (_what, options, message) => {
    expect(() => entry.create(options)).toThrow(message);
    expect(() => entry.create(options)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('does not change its input', async () => {
    const { X, y } = tasks[0]![1];
    const before = [X.data.slice(), y.codes.slice()];
    await entry.create(few).fit({ X, y });
    expect([X.data, y.codes]).toEqual(before);
  });
});
