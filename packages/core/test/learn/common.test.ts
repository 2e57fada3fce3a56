import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { learners } from '../../src/learn/index.ts';
import type { LearnerEntry } from '../../src/learn/registry.ts';
import { runtimesFor } from '../runtime/runtimes-for.ts';
import { fittedOnce } from './fitted-once.ts';
import { largestGap, overlapping, toSparse } from './helpers.ts';
import { wrongData, wrongOptions, wrongRows } from './wrong-data.ts';

/** What every learner owes its users. A learner is done when it is in the registry and passes these. */
const tasks: readonly (readonly [string, Dataset & { X: Matrix }])[] = [
  ['two classes', overlapping(300, 5, 2, 1)],
  ['four classes', overlapping(400, 3, 4, 2)],
];

/** The same rows as counts, for learners that take nothing else. */
const counted = <D extends Dataset & { X: Matrix }>({ X, ...rest }: D) => ({
  ...rest,
  X: matrix(
    X.data.map((value) => Math.round(2 ** (2 * value + 2))),
    X.rows,
    X.columns,
  ),
});

const rowsOf = ({ data, columns }: Matrix, rows: readonly number[]) =>
  matrix(
    Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
    rows.length,
    columns,
  );

const fitted = fittedOnce((entry: LearnerEntry) => entry.create());

const runtimes = runtimesFor(1, 2, 4);

describe.each(learners.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  describe.each(tasks)('%s', (_task, drawn) => {
    const data = entry.counts ? counted(drawn) : drawn;
    const { X, y } = data;

    it('gives probabilities: non-negative, rows summing to 1, a column a class', async () => {
      const p = await (await fitted(entry, data)).predictProba(X);
      expect([p.rows, p.columns]).toEqual([X.rows, y.classes.length]);
      for (let i = 0; i < p.rows; i++) {
        const row = p.data.subarray(i * p.columns, (i + 1) * p.columns);
        expect(row.every((value) => value >= 0)).toBe(true);
        expect(Math.abs(row.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
      }
    });

    it('learns: the right class is likelier than its share', async () => {
      const p = await (await fitted(entry, data)).predictProba(X);
      let mean = 0;
      for (let i = 0; i < p.rows; i++) mean += p.data[i * p.columns + y.codes[i]!]! / p.rows;
      expect(mean).toBeGreaterThan(1.15 / y.classes.length);
    });

    it('takes an integer weight as that many copies of the row', async () => {
      const weights = Float64Array.from({ length: X.rows }, (_row, i) => i % 4);
      const copies = [...weights].flatMap((weight, i) => Array<number>(weight).fill(i));
      const repeated = { X: rowsOf(X, copies), y: { ...y, codes: Int32Array.from(copies, (i) => y.codes[i]!) } };
      const weighted = await (await entry.create().fit({ ...data, weights })).predictProba(X);
      const plain = await (await entry.create().fit(repeated)).predictProba(X);
      expect(largestGap(weighted.data, plain.data)).toBeLessThan(1e-7);
    });

    it('does not care what the classes are called, nor in what order', async () => {
      const plain = await (await fitted(entry, data)).predictProba(X);
      const last = y.classes.length - 1;
      const turned = { codes: y.codes.map((code) => last - code), classes: y.classes.map((_c, i) => i * 10) };
      const model = await entry.create().fit({ X, y: turned });
      const p = await model.predictProba(X);
      expect(model.classes).toEqual(turned.classes);
      const back = p.data.map((_value, i) => p.data[i - (i % p.columns) + last - (i % p.columns)]!);
      expect(largestGap(back, plain.data)).toBeLessThan(1e-7);
    });

    it('gives the same bytes on 1, 2 and 4 threads', async () => {
      const results = [];
      for (const runtime of runtimes) {
        const model = await entry.create().fit(data, { runtime });
        results.push([JSON.stringify(model), (await model.predictProba(X, { runtime })).data] as const);
      }
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    });

    it('predicts the same bytes after it was saved and read', async () => {
      const model = await fitted(entry, data);
      const read = entry.fromJSON(JSON.parse(JSON.stringify(model)));
      expect((await read.predictProba(X)).data).toEqual((await model.predictProba(X)).data);
      expect(JSON.stringify(read)).toBe(JSON.stringify(model));
      expect(model.toJSON().kind).toBe(entry.name);
    });

    it('predicts a row the same alone, in a batch, dense and sparse', async () => {
      const model = await fitted(entry, data);
      const batch = await model.predictProba(X);
      expect((await model.predictProba(toSparse(X))).data).toEqual(batch.data);
      for (const i of [0, 1, 2, 3, 130, X.rows - 1]) {
        const alone = await model.predictProba(rowsOf(X, [i]));
        expect(alone.data).toEqual(batch.data.slice(i * batch.columns, (i + 1) * batch.columns));
      }
      expect((await model.predictProba(matrix(new Float64Array(0), 0, X.columns))).rows).toBe(0);
    });

    it('fits constant columns', async () => {
      const cells = Float64Array.from({ length: X.rows * 2 }, (_cell, i) =>
        i % 2 ? 3 : X.data[(i >> 1) * X.columns]!,
      );
      const p = await (await entry.create().fit({ X: matrix(cells, X.rows, 2), y })).predictProba(
        matrix(cells, X.rows, 2),
      );
      expect(p.data.every(Number.isFinite)).toBe(true);
      const constant = matrix(new Float64Array(X.rows * 2).fill(4), X.rows, 2);
      // Complement naive Bayes knows no shares of classes; Laplace's correction draws them together.
      if (entry.name === 'complement-naive-bayes' || entry.name === 'cost-sensitive-tree') return;
      const shares = await (await entry.create().fit({ X: constant, y })).predictProba(constant);
      for (const [k] of y.classes.entries()) {
        const share = y.codes.filter((code) => code === k).length / X.rows;
        expect(shares.data[k]).toBeCloseTo(share, 6);
      }
    });

    it('does not change its input', async () => {
      const before = [X.data.slice(), y.codes.slice()];
      await (await entry.create().fit(data)).predictProba(X);
      expect([X.data, y.codes]).toEqual(before);
    });
  });

  it('fits two rows and any number of columns', async () => {
    for (const columns of [1, 2, 3, 4, 5]) {
      const X = matrix(
        Float64Array.from({ length: 2 * columns }, (_cell, i) => i),
        2,
        columns,
      );
      const model = await entry.create().fit({ X, y: { codes: Int32Array.of(0, 1), classes: [0, 1] } });
      const p = await model.predictProba(X);
      // A single count has the share 1 in every class.
      if (entry.counts && columns === 1) continue;
      expect(p.data[1]! < 0.5 && p.data[3]! > 0.5).toBe(true);
    }
  });

  it.each(wrongData)('refuses %s', async (_what, data, code) => {
    await expect(entry.create().fit(data)).rejects.toMatchObject({ name: 'CounterweightError', code });
  });

  it('predicts no rows of another kind', async () => {
    const model = await fitted(entry, entry.counts ? counted(tasks[0]![1]) : tasks[0]![1]);
    for (const [, rows, code] of wrongRows)
      await expect((async () => model.predictProba(rows))()).rejects.toMatchObject({ code });
  });

  it.each(wrongOptions)('refuses %s as options', (_what, options, message) => {
    expect(() => entry.create(options)).toThrow(message);
    expect(() => entry.create(options)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('refuses a single class', async () => {
    const X = matrix(new Float64Array(3), 3, 1);
    const fit = entry.create().fit({ X, y: { codes: new Int32Array(3), classes: ['a', 'b'] } });
    await expect(fit).rejects.toMatchObject({ code: 'one-class' });
  });

  it('obeys a signal', async () => {
    const fit = entry.create().fit(overlapping(50, 2, 2), { signal: AbortSignal.abort() });
    await expect(fit).rejects.toMatchObject({ code: 'aborted' });
  });
});
