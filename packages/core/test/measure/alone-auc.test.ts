import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRows } from '../../src/data/select.ts';
import { sortedOrder } from '../../src/data/sorted-order.ts';
import { aloneAuc } from '../../src/measure/alone-auc.ts';
import { classShares, imbalanceRatio } from '../../src/measure/imbalance.ts';
import { judgedLabels } from '../../src/measure/judged-labels.ts';
import { rankAucs } from '../../src/measure/rank-auc.ts';
import { categorical, numeric, repeat } from '../data/tables.ts';

const judged = (codes: readonly number[], classes = 2) =>
  judgedLabels({ classes: repeat(classes, (i) => i), codes: Int32Array.from(codes) }, allRows(codes.length));

/** Share of pairs (one of the class, one of another) in which the first is larger, ties half. */
function byPairs(values: readonly number[], codes: readonly number[], code: number): number {
  let won = 0;
  let pairs = 0;
  codes.forEach((a, i) => {
    codes.forEach((b, j) => {
      if (a !== code || b === code) return;
      pairs++;
      won += values[i]! > values[j]! ? 1 : values[i] === values[j] ? 0.5 : 0;
    });
  });
  return won / pairs;
}

describe('rankAucs', () => {
  it('is the share of pairs in the right order, missing cells below or above all', () => {
    const row = fc.tuple(fc.constantFrom(null, -1, 0, 0.5, 3, 1e300), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 60, size: 'max' }), (rows) => {
        const codes = [...rows.map(([, code]) => code), ...repeat(15, (i) => i % 3)];
        const cells = [...rows.map(([value]) => value), ...repeat(15, (i) => (i * 7) % 4)];
        const labels = judged(codes, 3);
        const values = Float64Array.from(cells, (value) => value ?? Number.NaN);
        const found = rankAucs(values, sortedOrder(values), labels);
        labels.judged.forEach((code, at) => {
          const areas = [-Infinity, Infinity].map((missing) =>
            byPairs(
              cells.map((v) => v ?? missing),
              codes,
              code,
            ),
          );
          expect(found[at]).toBeCloseTo(Math.max(...areas.map((area) => Math.max(area, 1 - area))), 12);
        });
      }),
    );
  });
});

describe('aloneAuc', () => {
  it('does not see the direction, nor any rising change of scale', () => {
    const values = repeat(80, (i) => Math.sin(i * i));
    const codes = repeat(80, (i) => (Math.sin(i * i) + Math.cos(i) > 0.9 ? 1 : 0));
    const area = (map: (x: number) => number) =>
      aloneAuc(numeric('x', values.map(map)), allRows(80), judged(codes)).auc;
    expect(area((x) => -x)).toBeCloseTo(
      area((x) => x),
      12,
    );
    expect(area((x) => Math.exp(5 * x))).toBeCloseTo(
      area((x) => x),
      12,
    );
  });

  it('gives one half for levels that say nothing, and for levels of one row each', () => {
    const codes = repeat(500, (i) => (i % 10 === 0 ? 1 : 0));
    const area = (level: (i: number) => string) =>
      aloneAuc(categorical('c', repeat(500, level)), allRows(500), judged(codes)).auc;
    expect(area(() => 'same')).toBeLessThan(0.51);
    expect(area((i) => `row ${i}`)).toBeLessThan(0.51);
    expect(area((i) => (codes[i] ? 'a' : 'b'))).toBe(1);
  });

  it('is the mean over the classes, those of fewer than five rows passed over', () => {
    const codes = [...repeat(30, (i) => i % 3), 3];
    expect(judged(codes, 4).judged).toEqual([0, 1, 2]);
    const x = numeric(
      'x',
      codes.map((code) => (code === 0 ? 0 : 1)),
    );
    // Class 0 is told from the rest exactly; of the others each ties with 11 rows and beats 10.
    const expected = (1 + 2 * ((10 + 11 / 2) / 21)) / 3;
    expect(aloneAuc(x, allRows(31), judged(codes, 4)).auc).toBeCloseTo(expected, 1);
  });

  it('is one half where there is nothing to tell apart', () => {
    expect(aloneAuc(numeric('x', [1, 2, 3]), allRows(3), judged([0, 0, 0])).auc).toBe(0.5);
  });
});

describe('imbalance', () => {
  it('is the largest class over the smallest that has rows', () => {
    const labels = { classes: ['a', 'b', 'c'], codes: Int32Array.of(0, 0, 0, 0, 0, 2, 2) };
    expect(imbalanceRatio(labels)).toBe(2.5);
    expect([...classShares(labels)]).toEqual([5 / 7, 0, 2 / 7]);
    expect(imbalanceRatio({ classes: ['a'], codes: new Int32Array(0) })).toBe(1);
  });
});
