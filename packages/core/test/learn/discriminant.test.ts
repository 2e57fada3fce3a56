import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import {
  linearDiscriminant,
  linearDiscriminantFromJSON,
  quadraticDiscriminant,
  quadraticDiscriminantFromJSON,
} from '../../src/learn/discriminant/index.ts';
import { numpyRandom } from '../../src/runtime/numpy-random.ts';
import { largestGap, overlapping } from './helpers.ts';

interface Case {
  number: number;
  name: 'linear' | 'quadratic';
  classes: number;
  rows: number;
  options: { shrinkage?: 'auto' | number; priors?: number[] };
  probabilities: number[];
  coefficients?: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/discriminant.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

/** As the script that made the fixture draws them. */
function drawn({ number, rows, classes }: Case) {
  const stream = numpyRandom(number);
  const codes = Int32Array.from(stream.randints(0, classes, rows));
  const cells = stream.uniforms(rows * 4).map((u, i) => (u * 3 + codes[i >> 2]! * 0.7) * ((i % 4) + 1));
  for (let i = 0; i < rows; i++) cells[4 * i + 3]! += cells[4 * i]!;
  return { X: matrix(cells, rows, 4), y: { codes, classes: Array.from({ length: classes }, (_, k) => k) } };
}

const optionsOf = ({ options: { shrinkage, priors } }: Case) => ({
  shrinkage,
  priors: priors && new Map(priors.map((p, k) => [k, p])),
});

describe('linearDiscriminant', () => {
  const linear = cases.filter(({ name }) => name === 'linear');
  it.each(linear)('gives the probabilities of scikit-learn, case $number', async (each) => {
    const { X, y } = drawn(each);
    const model = await linearDiscriminant(optionsOf(each)).fit({ X, y });
    expect(largestGap((await model.predictProba(X)).data, each.probabilities)).toBeLessThan(1e-10);
    expect(model.notices).toEqual([]);
    if (each.classes > 2) return;
    expect(largestGap(model.coefficients.data, each.coefficients!)).toBeLessThan(1e-10);
  });

  it('is moved by the priors as Bayes says', async () => {
    const { X, y } = overlapping(200, 3, 2, 4);
    const even = await linearDiscriminant({ priors: 'uniform' }).fit({ X, y });
    const skewed = await linearDiscriminant({
      priors: new Map([
        ['c0', 0.99],
        ['c1', 0.01],
      ]),
    }).fit({ X, y });
    expect(skewed.intercepts[0]! - even.intercepts[0]!).toBeCloseTo(Math.log(0.01 / 0.99), 12);
    expect(largestGap(skewed.coefficients.data, even.coefficients.data)).toBeLessThan(1e-12);
  });

  it('does not change where columns follow from others, and says that they do', async () => {
    const { X, y } = overlapping(200, 3, 2, 4);
    const wide = Float64Array.from({ length: 1000 }, (_, i) => {
      const [a, b, c] = X.data.subarray(3 * Math.floor(i / 5), 3 * Math.floor(i / 5) + 3) as unknown as number[];
      return [a!, b!, c!, a! + 2 * b! - c!, 7][i % 5]!;
    });
    const model = await linearDiscriminant().fit({ X: matrix(wide, 200, 5), y });
    expect(model.notices).toMatchObject([{ code: 'singular-covariance' }]);
    expect(model.coefficients.data[4]).toBe(0);
    const p = await model.predictProba(matrix(wide, 200, 5));
    const plain = await (await linearDiscriminant().fit({ X, y })).predictProba(X);
    expect(largestGap(p.data, plain.data)).toBeLessThan(1e-6);
  });

  it('is sure where a column does not vary inside the classes but between them', async () => {
    const cells = Float64Array.of(0, 5, 1, 5, 2, 5, 0, 6, 1, 6, 2, 6);
    const X: Matrix = matrix(cells, 6, 2);
    const model = await linearDiscriminant().fit({ X, y: { codes: Int32Array.of(0, 0, 0, 1, 1, 1), classes: [0, 1] } });
    const p = await model.predictProba(X);
    for (let i = 0; i < 6; i++) expect(p.data[2 * i + (i < 3 ? 0 : 1)]).toBeGreaterThan(1 - 1e-9);
  });

  it('keeps its digits far from the origin', async () => {
    const { X, y } = overlapping(100, 2, 3, 9);
    const far = matrix(
      X.data.map((value) => value + 1e7),
      100,
      2,
    );
    const near = await (await linearDiscriminant().fit({ X, y })).predictProba(X);
    const p = await (await linearDiscriminant().fit({ X: far, y })).predictProba(far);
    expect(largestGap(p.data, near.data)).toBeLessThan(1e-6);
  });

  it('refuses wrong options and broken models', async () => {
    for (const shrinkage of [-0.1, 1.5, Number.NaN, 'some' as 'auto']) {
      expect(() => linearDiscriminant({ shrinkage })).toThrow('shrinkage');
    }
    const { X, y } = overlapping(40, 2, 3, 7);
    const json = (await linearDiscriminant().fit({ X, y })).toJSON();
    for (const [field, value] of [
      ['coefficients', [1]],
      ['intercepts', [1, 2]],
      ['columns', -1],
    ] as const) {
      expect(() => linearDiscriminantFromJSON({ ...json, [field]: value })).toThrow(`"${field}"`);
    }
  });
});

describe('quadraticDiscriminant', () => {
  const quadratic = cases.filter(({ name }) => name === 'quadratic');
  it.each(quadratic)('gives the probabilities of scikit-learn, case $number', async (each) => {
    const { X, y } = drawn(each);
    const model = await quadraticDiscriminant(optionsOf(each)).fit({ X, y });
    expect(largestGap((await model.predictProba(X)).data, each.probabilities)).toBeLessThan(1e-9);
    expect(model.notices).toEqual([]);
  });

  it('tells a class that lies inside another, and names a class with too few rows for its covariance', async () => {
    const cells = Float64Array.of(-3, 1, -2.9, 3, 0.1, -0.2, -0.1, 0.2, 0.3, -0.3, 3, -1, 2.9, -3);
    const y = { codes: Int32Array.of(0, 0, 1, 1, 1, 0, 0), classes: ['around', 'inside'] };
    const model = await quadraticDiscriminant().fit({ X: matrix(cells, 7, 2), y });
    const p = await model.predictProba(matrix(Float64Array.of(0.1, -0.1, 0, 2.5), 2, 2));
    expect(p.data[1]).toBeGreaterThan(0.5);
    expect(p.data[2]).toBeGreaterThan(0.5);
    const few = { codes: Int32Array.of(0, 0, 1, 0, 0, 0, 0), classes: ['many', 'single'] };
    const single = await quadraticDiscriminant().fit({ X: matrix(cells, 7, 2), y: few });
    expect(single.notices).toMatchObject([{ code: 'singular-covariance', class: 'single' }]);
  });

  it('refuses broken models', async () => {
    const { X, y } = overlapping(60, 2, 3, 7);
    const json = (await quadraticDiscriminant().fit({ X, y })).toJSON();
    for (const [field, value] of [
      ['means', [1]],
      ['deviations', [1, -1]],
      ['factors', [1, 2]],
      ['factors', (json['factors'] as number[]).map(() => 0)],
      ['constants', []],
    ] as const) {
      expect(() => quadraticDiscriminantFromJSON({ ...json, [field]: value })).toThrow(`"${field}"`);
    }
  });
});
