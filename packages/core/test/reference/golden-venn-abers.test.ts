import { describe, expect, it } from 'vitest';
import {
  crossVennAbers,
  inductiveVennAbers,
  inductiveVennAbersFromJSON,
  randomStream,
  vennAbersCalibrator,
} from '../../src/index.ts';
import { expectAllPrinted, expectPrinted, rowsOf, twenty } from './golden.ts';

const calibration = { scores: twenty.scores, labels: twenty.truth };

describe('inductive Venn-Abers of the twenty points', () => {
  const model = inductiveVennAbers(calibration);
  const asked = Float64Array.of(0, 0.05, 0.1, 0.12, 0.4, 0.42, 0.65, 0.7, 0.95, 0.99);

  it('p0 and p1, to the bit', () => {
    const { p0, p1 } = model.pairs(asked);
    expect([...p0]).toEqual([0, 0, 0, 1 / 6, 1 / 3, 1 / 3, 0.5, 0.5, 0.8, 0.8]);
    expect([...p1]).toEqual([2 / 7, 2 / 7, 1 / 3, 1 / 3, 0.5, 0.5, 0.75, 0.75, 1, 1]);
  });

  it('both merges', () => {
    expectAllPrinted(
      model.probabilities(asked),
      '.2222222222222222 = .25 .2857142857142857 .42857142857142855 = .6 = .8333333333333334 =',
    );
    expectAllPrinted(
      model.probabilities(asked, 'brier'),
      '.24489795918367346 = .2777777777777778 .29166666666666663 .4305555555555556 = .59375 = .82 =',
    );
  });
});

describe('the closed form', () => {
  /** F1[i] = max over j <= i of min over t > i of (Y_t - Y_j + 1) / (X_t - X_j + 1), and its like for F0. */
  function closedForm(scores: Float64Array, labels: Int32Array) {
    const groups = [...new Set(scores)].sort((a, b) => a - b);
    const x = [0];
    const y = [0];
    for (const group of groups) {
      const rows = [...scores.keys()].filter((row) => scores[row] === group);
      x.push(x.at(-1)! + rows.length);
      y.push(y.at(-1)! + rows.reduce((sum, row) => sum + labels[row]!, 0));
    }
    const k = groups.length;
    const best = (from: number, to: number, value: (j: number) => number, pick: (...of: number[]) => number) =>
      pick(...Array.from({ length: to - from + 1 }, (_, i) => value(from + i)));
    const f1 = Array.from({ length: k }, (_, i) =>
      best(0, i, (j) => best(i + 1, k, (t) => (y[t]! - y[j]! + 1) / (x[t]! - x[j]! + 1), Math.min), Math.max),
    );
    const f0 = Array.from({ length: k }, (_, i) =>
      best(0, i, (j) => best(i + 1, k, (t) => (y[t]! - y[j]!) / (x[t]! - x[j]! + 1), Math.min), Math.max),
    );
    return { f0: [0, ...f0], f1: [...f1, 1], groups };
  }

  it('equals the fast algorithm to the bit, on the twenty points and on random sets', () => {
    const stream = randomStream(3, 'closed');
    const sets = Array.from({ length: 200 }, () => {
      const rows = 1 + stream.integer(40);
      const levels = 1 + stream.integer(25);
      return {
        scores: Float64Array.from({ length: rows }, () => stream.integer(levels) / levels),
        labels: Int32Array.from({ length: rows }, () => stream.integer(2)),
      };
    });
    for (const { scores, labels } of [calibration, ...sets]) {
      const { f0, f1, groups } = closedForm(scores, labels);
      // Look-up: F0 by the number of groups at or below the score, F1 by the number below.
      const between = [-1, ...groups.flatMap((group) => [group, group + 1e-6])];
      const { p0, p1 } = inductiveVennAbers({ scores, labels }).pairs(Float64Array.from(between));
      expect([...p0]).toEqual(between.map((score) => f0[groups.filter((group) => group <= score).length]));
      expect([...p1]).toEqual(between.map((score) => f1[groups.filter((group) => group < score).length]));
    }
  });
});

describe('cross Venn-Abers', () => {
  it('merges three folds', () => {
    const constant = (f0: number, f1: number) =>
      inductiveVennAbersFromJSON({
        kind: 'inductive-venn-abers',
        version: 1,
        scores: [-1, 1],
        f0: [0, f0, f0],
        f1: [f1, f1, 1],
      });
    const folds = [constant(0.1, 0.3), constant(0.2, 0.25), constant(0.15, 0.4)];
    const zeros = folds.map(() => Float64Array.of(0));
    expectPrinted(crossVennAbers(folds).predict(zeros).p[0]!, '.2679245247200824');
    expectPrinted(crossVennAbers(folds, { merge: 'brier' }).predict(zeros).p[0]!, '.27666666666666667');
  });
});

describe('one-vs-one Venn-Abers of three classes', () => {
  it('has the published rows', async () => {
    const fitted = await vennAbersCalibrator({ multiClass: 'one-vs-one' }).fit(
      rowsOf([
        [0.7, 0.2, 0.1],
        [0.5, 0.3, 0.2],
        [0.4, 0.4, 0.2],
        [0.2, 0.6, 0.2],
        [0.3, 0.5, 0.2],
        [0.1, 0.7, 0.2],
        [0.2, 0.2, 0.6],
        [0.1, 0.3, 0.6],
        [0.3, 0.2, 0.5],
        [0.6, 0.3, 0.1],
        [0.3, 0.3, 0.4],
        [0.25, 0.5, 0.25],
      ]),
      { codes: Int32Array.of(0, 0, 1, 1, 1, 1, 2, 2, 2, 0, 0, 2), classes: [0, 1, 2] },
    );
    const asked = rowsOf([
      [0.5, 0.3, 0.2],
      [0.2, 0.5, 0.3],
      [0.15, 0.25, 0.6],
    ]);
    expectAllPrinted(
      fitted.apply(asked).data,
      `.5025380710659899 .22335025380710657 .2741116751269035
       .2258064516129032 .3387096774193548 .4354838709677419
       .16702819956616055 .2863340563991323 .5466377440347071`,
    );
  });
});
