import { describe, expect, it } from 'vitest';
import {
  bayesImbalanceImpact,
  classEntropyImbalance,
  classRatioImbalance,
  findNeighbourhoods,
  imbalanceDegree,
  likelihoodRatioDegree,
  nearestNeighbours,
  neighbourDisagreement,
  neighbourhoodTypes,
  rowTypes,
} from '../../src/index.ts';
import { expectAllPrinted, expectPrinted, rowsOf } from './golden.ts';

describe('class counts 60, 25, 10, 5', () => {
  const counts = [60, 25, 10, 5];

  it('likelihood-ratio degree, C1, C2', () => {
    expectPrinted(likelihoodRatioDegree(counts), '70.63605472064387');
    expectPrinted(classEntropyImbalance(counts), '.254765714633586');
    // 1 - 1 / (3/4 (60/40 + 25/75 + 10/90 + 5/95)), in fractions; two digits stand the wrong way round in print.
    expectPrinted(classRatioImbalance(counts), '.3323572474377745');
  });

  it.each([
    ['euclidean', '1.7023769168568492'],
    ['chebyshev', '1.7'],
    ['kullback-leibler', '1.4286380521392656'],
    ['hellinger', '1.5410239778120234'],
    ['total-variation', '1.7'],
    ['chi-square', '1.4933333333333334'],
  ] as const)('imbalance degree, %s', (distance, printed) => {
    const value = imbalanceDegree(counts, distance);
    expect(Math.abs(value - Number(printed))).toBeLessThanOrEqual(8 * Number.EPSILON * value);
  });
});

describe('the toy of the Bayes imbalance impact index', () => {
  const data = {
    X: rowsOf([
      [0, 0],
      [0.1, 0],
      [0, 0.12],
      [1, 1],
      [1.1, 1],
      [1, 1.13],
      [1.2, 1.2],
      [0.9, 1.05],
      [0.5, 0.55],
      [1.05, 1.07],
      [2, 2.1],
      [0.95, 0.9],
    ]),
    y: { codes: Int32Array.of(1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0), classes: [-1, 1] },
  };
  const find = nearestNeighbours;

  it('kDN, types and impacts', async () => {
    const around = await findNeighbourhoods(data, { find, k: 5 });
    const { perRow: kdn } = neighbourDisagreement(data.y, around);
    expect([...kdn]).toEqual([0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2, 0.2, 0.6, 1, 0.2, 0.2]);
    const { perRow: types } = await neighbourhoodTypes(data, around, { find });
    expect([0, 1, 2, 8, 9].map((row) => rowTypes[types[row]!]![0])).toEqual(['b', 'b', 'b', 'b', 'o']);
    const { value, rows, perRow } = await bayesImbalanceImpact(data, around, { find });
    expect([...rows]).toEqual([0, 1, 2, 8, 9]);
    expectAllPrinted(perRow, '.07741935483870965 = = .08275862068965512 .04633204633204635');
    expectPrinted(value, '.07226974630756608');
  });
});
