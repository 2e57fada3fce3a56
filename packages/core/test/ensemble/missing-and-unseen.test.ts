import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { ensembles } from '../../src/ensemble/index.ts';
import { type Learner, learners, type Model, type ModelJSON } from '../../src/learn/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { overlapping } from '../learn/helpers.ts';

/** What learners and ensembles owe to cells that are missing, and to categories that they have not seen. */
interface Entry {
  readonly name: string;
  create(options?: object): Learner;
  fromJSON(json: ModelJSON): Model;
}
const entries: readonly Entry[] = [...learners, ...(ensembles.values() as Iterable<Entry>)];
const each = entries.map((entry) => [entry.name, entry] as const);

/** These need every cell: their members or resamplers do. */
const needsAll =
  /^logistic|naive-bayes$|^k-nearest|discriminant$|-svm$|^smote-|^ii-votes$|^voting$|^one-vs-|^output-codes$/;

const rows = 90;
const drawn = overlapping(rows, 3, 2, 23, 0);
const data = { X: matrix(drawn.X.data.map(Math.abs), rows, 3), y: drawn.y };
const without = (isGone: (row: number, column: number) => boolean): Matrix =>
  matrix(
    data.X.data.map((cell, at) => (isGone(Math.floor(at / 3), at % 3) ? Number.NaN : cell)),
    rows,
    3,
  );
const few = (name: string) => (ensembles.has(name) ? { nEstimators: 3 } : {});

function expectProbabilities(p: Matrix): void {
  for (let i = 0; i < p.rows; i++) {
    const own = p.data.subarray(i * p.columns, (i + 1) * p.columns);
    expect(own.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(Math.abs(own.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
  }
}

describe.each(each)('%s', (name, entry) => {
  it.each([
    ['cells here and there', (row: number, column: number) => (row + 2 * column) % 7 === 0],
    ['all of some rows', (row: number) => row % 9 === 0],
    ['all of a column', (_row: number, column: number) => column === 1],
    ['everything', () => true],
  ] as const)('takes or refuses what is missing: %s', async (_what, isGone) => {
    const X = without(isGone);
    const fit = entry.create(few(name)).fit({ X, y: data.y });
    if (needsAll.test(name)) {
      const first = X.data.findIndex(Number.isNaN);
      // Bootstraps and samples have rows of their own numbers.
      const where = /^ii-votes$|^smote-bagging$/.test(name)
        ? {}
        : { row: Math.floor(first / 3), column: `${first % 3}` };
      await expect(fit).rejects.toMatchObject({ code: 'not-finite', details: where });
      return;
    }
    const model = await fit;
    expectProbabilities(await model.predictProba(X));
    const nothing = await model.predictProba(matrix(new Float64Array(3).fill(Number.NaN), 1, 3));
    expectProbabilities(nothing);
    const read = entry.fromJSON(JSON.parse(JSON.stringify(model)));
    expect((await read.predictProba(X)).data).toEqual((await model.predictProba(X)).data);
  });

  it('gives rows of unseen categories one answer, whatever the category', async () => {
    let learner: Learner;
    try {
      learner = entry.create({ ...few(name), categoricalFeatures: [0] });
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-option' });
      // Whoever takes missing cells is made of trees, which split categories by sets.
      expect(needsAll.test(name)).toBe(true);
      return;
    }
    const stream = randomStream(5, 'categories');
    const codes = Array.from({ length: rows }, () => stream.integer(6));
    const X = matrix(Float64Array.from(codes.flatMap((code, row) => [code, data.X.data[3 * row]!])), rows, 2);
    const y = {
      codes: Int32Array.from(codes, (code, row) => (code % 2 === 0 || row % 10 === 0 ? 0 : 1)),
      classes: ['a', 'b'],
    };
    const model = await learner.fit({ X, y });
    const p = await model.predictProba(matrix(Float64Array.of(6, 0.5, 200, 0.5, 254, 0.5, 1.5, 0.5), 4, 2));
    expectProbabilities(p);
    for (const row of [1, 2, 3]) expect([...p.data.subarray(2 * row, 2 * row + 2)]).toEqual([...p.data.subarray(0, 2)]);
  });
});
