import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { mistakeCosts } from '../../src/ensemble/class-costs.ts';
import { filledBag } from '../../src/ensemble/draw-bags.ts';
import { importanceSample } from '../../src/ensemble/ii-votes.ts';
import {
  adaC1,
  adaC2,
  adaC3,
  adaCost,
  adaUBoost,
  asymBoost,
  costRejection,
  type EnsembleCosts,
  metaCost,
  overBoost,
} from '../../src/ensemble/index.ts';
import { rowUnits } from '../../src/ensemble/row-units.ts';
import type { Learner } from '../../src/learn/learner.ts';
import { trainingRows } from '../../src/learn/logistic-data.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { overlapping } from '../learn/helpers.ts';

const data = overlapping(240, 4, 2, 31);
const learners = { adaCost, adaC1, adaC2, adaC3, asymBoost, adaUBoost, costRejection, metaCost };
const byClass = { c0: 1, c1: 4 };
const asMatrix = [
  [0, 4],
  [1, 0],
];
const byRow = {
  falsePositive: Float64Array.from({ length: 240 }, () => 1),
  falseNegative: 4,
  positive: 'c1',
};

const second = (p: { data: Float64Array }) => p.data.filter((_share, i) => i % 2 === 1);

describe('costs of ensembles', () => {
  it.each(Object.entries(learners))(
    '%s: by class, by matrix and by row are one where they say the same',
    async (_n, make) => {
      const fitted = async (costs: EnsembleCosts) =>
        JSON.stringify(await make({ costs, nEstimators: 5, seed: 3 }).fit(data));
      const wanted = await fitted(byClass);
      expect(await fitted(asMatrix)).toBe(wanted);
      expect(await fitted(byRow)).toBe(wanted);
      // What being right costs counts: it is the difference that a mistake makes.
      expect(await fitted({ ...byRow, trueNegative: 2, falsePositive: 3 })).toBe(wanted);
    },
  );

  it.each([
    ['AdaC2', adaC2],
    ['rejection', costRejection],
    ['MetaCost', metaCost],
  ] as const)('%s hears the rows that cost much', async (_name, make) => {
    // Positive rows whose first cell is large cost forty times as much to miss as the others.
    const amounts = Float64Array.from({ length: 240 }, (_, row) => (data.X.data[4 * row]! > 0.3 ? 20 : 0.5));
    const few = { nEstimators: 20, seed: 1 };
    const costs = { falsePositive: 2, falseNegative: amounts, positive: 'c1' } as const;
    const p = second(await (await make({ ...few, costs }).fit(data)).predictProba(data.X));
    const plain = second(await (await make({ ...few, costs: { c0: 1, c1: 1 } }).fit(data)).predictProba(data.X));
    const rise = (large: boolean) => {
      const rows = [...data.y.codes.keys()].filter((row) => data.X.data[4 * row]! > 0.3 === large);
      return rows.reduce((sum, row) => sum + p[row]! - plain[row]!, 0) / rows.length;
    };
    expect(rise(true)).toBeGreaterThan(0.05);
    expect(rise(true)).toBeGreaterThan(rise(false) + 0.1);
  });

  it.each([
    ['AdaCost', adaCost],
    ['AdaC2', adaC2],
    ['AdaC3', adaC3],
    ['AdaUBoost', adaUBoost],
    ['AsymBoost', asymBoost],
  ] as const)('%s flags more rows of a class that is dearer', async (_name, make) => {
    const wide = overlapping(2000, 2, 2, 5);
    const flagged = async (cost: number) => {
      const model = await make({ nEstimators: 20, costs: { c0: 1, c1: cost } }).fit(wide);
      return second(await model.predictProba(wide.X)).filter((share) => share > 0.5).length;
    };
    const even = await flagged(1);
    expect(await flagged(4)).toBeGreaterThan(even + 30);
    expect(await flagged(1 / 4)).toBeLessThan(even - 30);
  });

  it.each([
    ['AdaCost', adaCost, 0.1],
    ['AdaC1', adaC1, 0.05],
    ['AdaC2', adaC2, 0.02],
    ['AdaC3', adaC3, 0.02],
    ['AdaUBoost', adaUBoost, 0.2],
  ] as const)('%s lets in as much of the costs as it is told', async (_name, make, usual) => {
    const fitted = async (costStrength?: number) =>
      JSON.stringify(await make({ nEstimators: 8, costs: byClass, costStrength }).fit(data));
    expect(await fitted()).toBe(await fitted(usual));
    expect(await fitted(1)).not.toBe(await fitted(usual));
    for (const wrong of [0, 1.5, Number.NaN, '1' as unknown as number])
      expect(() => make({ costStrength: wrong })).toThrow('costStrength must be a number above 0, at most 1');
  });

  it('AsymBoost takes no costStrength: its rounds share the costs out', () => {
    expect(() => asymBoost({ costStrength: 0.5 } as object)).toThrow(/costStrength/);
  });

  it.each(['matrix of three classes', 'amounts of rows'] as const)(
    'MetaCost relabels by the least expected cost (%s)',
    async (kind) => {
      const classes = kind === 'amounts of rows' ? 2 : 3;
      const rows = 90;
      const stream = randomStream(12, 'relabel');
      // The cells are the probabilities that every member tells.
      const cells = Float64Array.from({ length: rows * classes }, () => 0.05 + stream.uniform());
      for (let at = 0; at < cells.length; at += classes) {
        const total = cells.subarray(at, at + classes).reduce((sum, cell) => sum + cell, 0);
        for (let k = 0; k < classes; k++) cells[at + k]! /= total;
      }
      const amounts = Float64Array.from({ length: rows }, () => 10 * stream.uniform());
      const lines = [
        [0, 4, 1],
        [1, 0, 7],
        [2, 1, 0],
      ];
      const costs =
        classes === 3 ? lines : { falsePositive: 2, falseNegative: amounts, truePositive: 1, positive: 'c1' };
      const costOf = (row: number, decided: number, truth: number) =>
        classes === 3
          ? lines[decided]![truth]!
          : truth === 1
            ? decided === 1
              ? 1
              : amounts[row]!
            : decided === 1
              ? 2
              : 0;
      const y = {
        codes: Int32Array.from({ length: rows }, (_, row) => row % classes),
        classes: Array.from({ length: classes }, (_, k) => `c${k}`),
      };
      const taught: Int32Array[] = [];
      const learner: Learner = {
        name: 'told',
        fit: async (given) => {
          taught.push(given.y.codes);
          return {
            classes: y.classes,
            notices: [],
            predictProba: async (X) => matrix((X as Matrix).data.slice(), X.rows, X.columns),
            toJSON: () => ({ kind: 'told' }),
          };
        },
      };
      await metaCost({ costs, learner, nEstimators: 4 }).fit({ X: matrix(cells, rows, classes), y });
      expect(taught.length).toBe(5);
      const wanted = Array.from({ length: rows }, (_, row) => {
        const expected = y.classes.map((_name, decided) =>
          y.classes.reduce((sum, _c, truth) => sum + cells[row * classes + truth]! * costOf(row, decided, truth), 0),
        );
        return expected.indexOf(Math.min(...expected));
      });
      expect([...taught[4]!]).toEqual(wanted);
      expect(wanted).not.toEqual([...y.codes]);
    },
  );

  it('of several classes are the mean over the wrong ones', () => {
    const three = overlapping(30, 2, 3, 4);
    const lines = [
      [0, 4, 1],
      [1, 1, 7],
      [2, 1, 0],
    ];
    const { costs } = mistakeCosts(lines, three, trainingRows(three));
    // Of class 0: (1 + 2) / 2; of class 1: (4 + 1) / 2 - 1; of class 2: (1 + 7) / 2, the most.
    three.y.codes.forEach((code, row) => {
      expect(costs[row]).toBeCloseTo([1.5, 1.5, 4][code]! / 4, 12);
    });
  });

  it('costs from a column go with the rows', async () => {
    const amounts = Float64Array.from({ length: 240 }, (_, row) => 1 + (row % 7));
    const cells = Float64Array.from({ length: 240 * 5 }, (_, at) =>
      at % 5 === 4 ? amounts[Math.floor(at / 5)]! : data.X.data[Math.floor(at / 5) * 4 + (at % 5)]!,
    );
    const wide = { X: matrix(cells, 240, 5), y: data.y };
    const fitted = async (falseNegative: Float64Array | { column: number }) =>
      JSON.stringify(
        await adaC2({ costs: { falsePositive: 1, falseNegative, positive: 'c1' }, nEstimators: 4 }).fit(wide),
      );
    expect(await fitted({ column: 4 })).toBe(await fitted(amounts));
  });

  it('a mistake that is no dearer than being right counts for next to nothing, and is told of', async () => {
    const training = trainingRows(data);
    const falseNegative = Float64Array.from({ length: 240 }, (_, row) => (row % 2 ? 10 : 1));
    const found = mistakeCosts({ falsePositive: 2, falseNegative, truePositive: 2, positive: 'c1' }, data, training);
    const [notice] = found.notices;
    const cheap = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 1 && row % 2 === 0);
    expect(notice).toMatchObject({ code: 'cheap-mistakes', numbers: { cheap: cheap.length, rows: 240 } });
    found.costs.forEach((cost, row) => {
      const wanted = data.y.codes[row] === 0 ? 0.25 : row % 2 ? 1 : 1e-6;
      expect(cost).toBeCloseTo(wanted, 12);
    });
    const costs = { falsePositive: 2, falseNegative, truePositive: 2, positive: 'c1' } as const;
    const model = await adaC1({ costs, nEstimators: 2 }).fit(data);
    expect(model.notices.map(({ code }) => code)).toContain('cheap-mistakes');
  });

  it('refuses costs that do not fit', async () => {
    const bad = { code: 'bad-costs' };
    await expect(adaC2({ costs: [[0, 1]] }).fit(data)).rejects.toMatchObject(bad);
    await expect(metaCost({ costs: { falsePositive: Number.NaN, falseNegative: 1 } }).fit(data)).rejects.toMatchObject(
      bad,
    );
    const none = costRejection({ costs: { falsePositive: 0, falseNegative: 1, truePositive: 1 } });
    await expect(none.fit(data)).rejects.toMatchObject(bad);
  });
});

describe('draws', () => {
  it('OverBoost fills the classes up to the largest and keeps every row', async () => {
    const codes = data.y.codes.map((code, row) => (code === 1 && row % 4 ? 0 : code));
    const skewed = { X: data.X, y: { ...data.y, codes } };
    const units = rowUnits(trainingRows(skewed));
    const bag = filledBag(randomStream(1, 'bag'), units);
    expect(bag.rows.length).toBe(240);
    const totals = [0, 0];
    bag.rows.forEach((row, i) => {
      totals[codes[row]!]! += bag.weights[i]!;
      if (codes[row] === 0) expect(bag.weights[i]).toBe(1);
    });
    expect(totals[1]).toBe(totals[0]);
    const model = await overBoost({ nEstimators: 3 }).fit(skewed);
    expect(model.members.length).toBe(3);
  });

  it('importance samples are half of rows that are still hard, whatever their number', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, row) => (row < 20 ? 1 : 0));
    const wrong = Float64Array.from({ length: 1000 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    let hard = 0;
    for (let seed = 0; seed < 20; seed++) {
      const rows = importanceSample(randomStream(seed, 'sample'), labels, 2, wrong, 500);
      expect(rows.length).toBe(500);
      for (const row of rows) if (wrong[row]) hard++;
    }
    // Hard rows come in with chance 1, nine times as many easy ones with 0.1 / 0.9.
    expect(Math.abs(hard / 10000 - 0.5)).toBeLessThan(0.02);
    const sure = Float64Array.from({ length: 1000 }, (_, row) => (row < 20 ? 0 : 1));
    for (let seed = 0; seed < 5; seed++) {
      const rows = importanceSample(randomStream(seed, 'sample'), labels, 2, sure, 5);
      expect(rows.some((row) => row < 20)).toBe(true);
    }
  });
});
