import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import {
  complementNaiveBayes,
  gaussianNaiveBayes,
  gaussianNaiveBayesFromJSON,
  multinomialNaiveBayes,
  multinomialNaiveBayesFromJSON,
} from '../../src/learn/naive-bayes/index.ts';
import { numpyRandom } from '../../src/runtime/numpy-random.ts';
import { largestGap, overlapping, toSparse } from './helpers.ts';

interface Case {
  number: number;
  name: 'gaussian' | 'multinomial' | 'complement';
  options: { var_smoothing?: number; alpha?: number; fit_prior?: boolean; norm?: boolean };
  classes: number;
  weighted: boolean;
  priors: number[] | null;
  probabilities: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/naive-bayes.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

/** As the script that made the fixture draws them. */
function drawn({ number, name, classes }: Case): Dataset & { X: Matrix; weights: Float64Array } {
  const stream = numpyRandom(number);
  const codes = Int32Array.from(stream.randints(0, classes, 40));
  const cells = stream.uniforms(160).map((u, i) => u * 4 + codes[i >> 2]! * 0.7);
  const X = matrix(name === 'gaussian' ? cells : cells.map(Math.floor), 40, 4);
  const weights = stream.uniforms(40).map((u) => u * 3 + 0.1);
  return { X, y: { codes, classes: Array.from({ length: classes }, (_, k) => k) }, weights };
}

function learnerOf({ name, options, priors, weighted }: Case) {
  const chances = priors ? new Map(priors.map((p, k) => [k, p])) : undefined;
  if (name === 'gaussian')
    return gaussianNaiveBayes({ varSmoothing: weighted ? 0 : options.var_smoothing, priors: chances });
  if (name === 'complement') return complementNaiveBayes(options);
  return multinomialNaiveBayes({
    alpha: options.alpha,
    priors: options.fit_prior === false ? 'uniform' : chances,
  });
}

describe('naive Bayes', () => {
  it.each(cases)('gives the probabilities of scikit-learn, case $number: $name', async (each) => {
    const { weights, ...data } = drawn(each);
    const learner = learnerOf(each);
    const model = await learner.fit(each.weighted ? { ...data, weights } : data);
    expect(largestGap((await model.predictProba(data.X)).data, each.probabilities)).toBeLessThan(1e-11);
    // What a sparse row leaves out is 0, also while fitting.
    const sparse = await learner.fit({ ...data, X: toSparse(data.X), ...(each.weighted && { weights }) });
    expect(JSON.stringify(sparse)).toBe(JSON.stringify(model));
  });

  it('refuses negative counts, at fit and at prediction, dense and sparse', async () => {
    const X = matrix(Float64Array.of(1, 0, 2, 1, 0, -3), 3, 2);
    const y = { codes: Int32Array.of(0, 1, 0), classes: ['a', 'b'] };
    for (const learner of [multinomialNaiveBayes(), complementNaiveBayes()]) {
      for (const rows of [X, toSparse(X)]) {
        await expect(learner.fit({ X: rows, y })).rejects.toMatchObject({
          code: 'negative-count',
          message: expect.stringContaining('row 2, column 1'),
        });
        const model = await learner.fit({ X: matrix(X.data.map(Math.abs), 3, 2), y });
        await expect(model.predictProba(rows)).rejects.toMatchObject({ code: 'negative-count' });
      }
    }
  });

  it('leaves a class without rows at 0 and says so', async () => {
    const { X, y } = overlapping(60, 3, 2, 5);
    const model = await gaussianNaiveBayes().fit({ X, y: { ...y, classes: ['c0', 'c1', 'c2'] } });
    const p = await model.predictProba(X);
    const two = await (await gaussianNaiveBayes().fit({ X, y })).predictProba(X);
    for (let i = 0; i < 60; i++)
      expect(p.data.slice(3 * i, 3 * i + 3)).toEqual(Float64Array.of(two.data[2 * i]!, two.data[2 * i + 1]!, 0));
    expect(model.notices).toMatchObject([{ code: 'class-absent', class: 'c2' }]);
  });

  it('takes integer weights as copies, the smoothing included', async () => {
    const { X, y } = overlapping(50, 2, 2, 6);
    const weights = Float64Array.from({ length: 50 }, (_, i) => (i % 3) * 5);
    const copies = [...weights].flatMap((w, i) => Array<number>(w).fill(i));
    const learner = gaussianNaiveBayes({ varSmoothing: 0.3 });
    const cells = Float64Array.from(copies.flatMap((i) => [X.data[2 * i]!, X.data[2 * i + 1]!]));
    const repeated = {
      X: matrix(cells, copies.length, 2),
      y: { ...y, codes: Int32Array.from(copies, (i) => y.codes[i]!) },
    };
    const a = await (await learner.fit({ X, y, weights })).predictProba(X);
    const b = await (await learner.fit(repeated)).predictProba(X);
    expect(largestGap(a.data, b.data)).toBeLessThan(1e-12);
  });

  it('refuses wrong options and broken models', async () => {
    expect(() => gaussianNaiveBayes({ varSmoothing: -1 })).toThrow('varSmoothing');
    expect(() => multinomialNaiveBayes({ alpha: 0 })).toThrow('alpha');
    expect(() => complementNaiveBayes({ priors: 'uniform' } as object)).toThrow('no option "priors"');
    const { X, y } = overlapping(40, 2, 2, 7);
    const short = gaussianNaiveBayes({ priors: new Map([['c0', 0.5]]) });
    await expect(short.fit({ X, y })).rejects.toMatchObject({ code: 'bad-option' });
    const flat = gaussianNaiveBayes({ varSmoothing: 0 });
    const still = matrix(Float64Array.of(0, 1, 0, 2, 1, 3, 2, 4), 4, 2);
    const fit = flat.fit({ X: still, y: { codes: Int32Array.of(0, 0, 1, 1), classes: [0, 1] } });
    await expect(fit).rejects.toMatchObject({ code: 'zero-variance', details: { column: '0', class: 0 } });
    const json = (await gaussianNaiveBayes().fit({ X, y })).toJSON();
    for (const [field, value] of [
      ['kind', 'other'],
      ['means', [1]],
      ['variances', [0, 1, 1, 1]],
      ['present', [1, 0]],
      ['constants', [Number.NaN, 1]],
    ] as const) {
      expect(() => gaussianNaiveBayesFromJSON({ ...json, [field]: value })).toThrow(`"${field}"`);
    }
    expect(() => multinomialNaiveBayesFromJSON(json)).toThrow('"kind"');
  });

  it.each([1e154, 1e200, 1e300, 1.7e308])('names the column that is too large to square, %f', async (size) => {
    const { X, y } = overlapping(40, 3, 2, 8);
    const large = (sign: (row: number) => number) =>
      matrix(
        X.data.map((cell, at) => (at % 3 === 1 ? sign(Math.floor(at / 3)) * size : cell)),
        40,
        3,
      );
    for (const sign of [(row: number) => (row % 2 ? 1 : -1), (row: number) => (row % 7) / 7]) {
      await expect(gaussianNaiveBayes().fit({ X: large(sign), y })).rejects.toMatchObject({
        code: 'not-finite',
        message: 'the squares of column 1 leave the range of float64; scale it first',
        details: { column: '1' },
      });
    }
    // A column of one such value tells nothing and needs no square.
    const model = await gaussianNaiveBayes().fit({ X: large(() => 1), y });
    expect((await model.predictProba(large(() => 1))).data.every((share) => share >= 0 && share <= 1)).toBe(true);
    const smoothed = gaussianNaiveBayes({ varSmoothing: 1e306 }).fit({
      X: matrix(
        X.data.map((x) => 100 * x),
        40,
        3,
      ),
      y,
    });
    await expect(smoothed).rejects.toMatchObject({
      code: 'not-finite',
      message: expect.stringContaining('varSmoothing'),
    });
  });

  it('says which row is missing a value or too far away', async () => {
    const { X, y } = overlapping(40, 2, 2, 8);
    const model = await gaussianNaiveBayes().fit({ X, y });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e200]) {
      const rows = matrix(Float64Array.of(0, 0, 0, value), 2, 2);
      await expect(model.predictProba(rows)).rejects.toMatchObject({ code: 'not-finite', details: { row: 1 } });
    }
  });
});
