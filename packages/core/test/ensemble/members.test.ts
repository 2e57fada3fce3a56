import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { keptAfter, leastSure } from '../../src/ensemble/balance-cascade.ts';
import { bootstrap, evenBag, roughlyEvenBag } from '../../src/ensemble/draw-bags.ts';
import {
  adaBoost,
  balancedBagging,
  balancedRandomForest,
  easyEnsemble,
  metaCost,
  overBagging,
  rusBoost,
  smoteBagging,
  underBagging,
  voting,
} from '../../src/ensemble/index.ts';
import { mislabelWeights, nextMislabelWeights, pseudoLoss } from '../../src/ensemble/m2.ts';
import { rowUnits } from '../../src/ensemble/row-units.ts';
import { sammeAlpha } from '../../src/ensemble/samme.ts';
import { drawnShare } from '../../src/ensemble/smote-bagging.ts';
import { decisionTree, type ForestModel, logisticRegression } from '../../src/learn/index.ts';
import { trainingRows } from '../../src/learn/logistic-data.ts';
import { rocAuc } from '../../src/metrics/index.ts';
import { smote } from '../../src/resample/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { largestGap, overlapping } from '../learn/helpers.ts';

/** 1000 rows, some 60 of the second class. */
function skewed(seed: number, rows = 1000) {
  const data = overlapping(rows, 4, 2, seed);
  const stream = randomStream(seed, 'skewed');
  const kept = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 0 || stream.uniform() < 0.15);
  const cells = kept.flatMap((row) => [...data.X.data.subarray(row * 4, row * 4 + 4)]);
  const codes = Int32Array.from(kept, (row) => data.y.codes[row]!);
  return { X: matrix(Float64Array.from(cells), kept.length, 4), y: { codes, classes: ['no', 'yes'] } };
}

const second = (p: { data: Float64Array }) => p.data.filter((_value, i) => i % 2 === 1);
const treesOf = (model: { members: readonly unknown[] }) =>
  (model.members as ForestModel[]).map((member) => member.trees[0]!);

describe('bags', () => {
  const data = skewed(3);
  const units = rowUnits(trainingRows(data));
  const rare = units.ofClass[1]!.length;

  it.each([true, false])('balanced draws hold the same number of every class (replacement %s)', (replacement) => {
    for (let m = 0; m < 20; m++) {
      const bag = evenBag(randomStream(m, 'bag'), units, rare, replacement);
      const counts = [0, 0];
      bag.rows.forEach((row, i) => {
        counts[data.y.codes[row]!]! += bag.weights[i]!;
      });
      expect(counts).toEqual([rare, rare]);
      if (!replacement) expect(bag.weights.every((weight) => weight === 1)).toBe(true);
    }
  });

  it('roughly balanced draws hold all of the rare class and a negative binomial number of the other', () => {
    const sizes: number[] = [];
    for (let m = 0; m < 2000; m++) {
      const bag = roughlyEvenBag(randomStream(m, 'rough'), units);
      let large = 0;
      let small = 0;
      bag.rows.forEach((row, i) => {
        if (data.y.codes[row] === 1) small += bag.weights[i]!;
        else large += bag.weights[i]!;
      });
      expect(small).toBe(rare);
      sizes.push(large);
    }
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const variance = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / (sizes.length - 1);
    // Failures before n successes of a fair coin: mean n, variance 2 n.
    expect(Math.abs(mean / rare - 1)).toBeLessThan(0.02);
    expect(Math.abs(variance / (2 * rare) - 1)).toBeLessThan(0.15);
  });

  it('a bootstrap has as many units, and one at least of every class', () => {
    const few = { ...units, ofClass: [units.ofClass[0]!, units.ofClass[1]!.slice(0, 1)] };
    let missed = 0;
    for (let m = 0; m < 60; m++) {
      const drawn = bootstrap(randomStream(m, 'boot'), few);
      const total = drawn.ofClass[0]!.length + drawn.ofClass[1]!.length;
      const wanted = few.ofClass[0]!.length + 1;
      expect(drawn.ofClass[1]!.length).toBeGreaterThan(0);
      if (total === wanted + 1) missed++;
      else expect(total).toBe(wanted);
    }
    expect(missed).toBeGreaterThan(8);
  });
});

describe('members', () => {
  it('every tree of a balanced forest learns from equal classes', async () => {
    const data = skewed(4);
    const rare = data.y.codes.reduce((sum, code) => sum + code, 0);
    for (const ensemble of [balancedRandomForest({ nEstimators: 9 }), underBagging()]) {
      for (const tree of treesOf(await ensemble.fit(data))) {
        expect(tree.cover[0]).toBe(2 * rare);
        expect(tree.value[1]).toBe(0.5);
      }
    }
    const common = data.y.codes.length - rare;
    for (const tree of treesOf(await overBagging({ nEstimators: 4 }).fit(data))) {
      expect(tree.value[1]).toBe(0.5);
      expect(Math.abs(tree.cover[0]! / 2 - common)).toBeLessThan(5 * Math.sqrt(rare));
    }
    const stumps = treesOf(await easyEnsemble({ nEstimators: 3, rounds: 1 }).fit(data));
    for (const tree of stumps) expect(tree.value[1]).toBe(0.5);
  });

  it('a member of over-bagging leaves rare rows out as often as a bootstrap does', async () => {
    const data = skewed(4);
    const { outOfBag } = await overBagging({ oobScore: true, nEstimators: 20 }).fit(data);
    const rare = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 1);
    const never = rare.filter((row) => Number.isNaN(second(outOfBag!)[row]!));
    expect(rare.length).toBeGreaterThan(20);
    expect(never).toEqual([]); // 0.63 ** 20 of them would be expected.
  });

  it.each([
    ['balanced random forest', balancedRandomForest({ oobScore: true, nEstimators: 80 })],
    ['balanced bagging', balancedBagging({ oobScore: true, nEstimators: 40 })],
  ])('what the out-of-bag members of a %s say judges as rows never seen do', async (_name, ensemble) => {
    const all = skewed(8, 6000);
    const middle = Math.floor(all.X.rows / 2);
    const part = (from: number, to: number) => ({
      X: matrix(all.X.data.slice(from * 4, to * 4), to - from, 4),
      y: { ...all.y, codes: all.y.codes.slice(from, to) },
    });
    const [train, test] = [part(0, middle), part(middle, all.X.rows)];
    const model = await ensemble.fit(train);
    const known = [...second(model.outOfBag!).keys()].filter((row) => !Number.isNaN(second(model.outOfBag!)[row]!));
    const scores = second(model.outOfBag!);
    const outOfBag = rocAuc({
      scores: Float64Array.from(known, (row) => scores[row]!),
      truth: Int32Array.from(known, (row) => train.y.codes[row]!),
    });
    const unseen = rocAuc({ scores: second(await model.predictProba(test.X)), truth: test.y.codes });
    const seen = rocAuc({ scores: second(await model.predictProba(train.X)), truth: train.y.codes });
    expect(known.length).toBeGreaterThan(train.X.rows * 0.99);
    expect(Math.abs(outOfBag - unseen)).toBeLessThan(0.04);
    expect(seen - unseen).toBeGreaterThan(0.02);
  });

  it('a single member is the base learner', async () => {
    const data = overlapping(200, 4, 2, 12);
    const tree = await (await decisionTree({ maxDepth: 1 }).fit(data)).predictProba(data.X);
    const one = await (await adaBoost({ nEstimators: 1 }).fit(data)).predictProba(data.X);
    // Boosting's log-odds of one member are log((1 - e) / e): it is as sure as it is right.
    const votes = [...tree.data].map((_share, i, all) => (all[i]! > all[i ^ 1]! ? 1 : 0));
    const right = data.y.codes.reduce((sum, code, row) => sum + votes[2 * row + code]!, 0) / data.y.codes.length;
    for (const [i, vote] of votes.entries()) expect(one.data[i]).toBeCloseTo(vote === 1 ? right : 1 - right, 12);
    const logistic = logisticRegression();
    const plain = await (await logistic.fit(data)).predictProba(data.X);
    const alone = await (await voting({ learners: [logistic] }).fit(data)).predictProba(data.X);
    expect(largestGap(alone.data, plain.data)).toBeLessThan(1e-12);
    // With the same cost for every class nothing is relabelled but what members take for another class.
    const relabelled = await (
      await metaCost({ learner: logistic, costs: { c0: 1, c1: 1 }, nEstimators: 5 }).fit(data)
    ).predictProba(data.X);
    expect(rocAuc({ scores: second(relabelled), truth: data.y.codes })).toBeCloseTo(
      rocAuc({ scores: second(plain), truth: data.y.codes }),
      1,
    );
  });

  it('take any learner and any resampler', async () => {
    const data = skewed(6);
    const sampler = (seed: number) => smote({ seed });
    const model = await balancedBagging({ sampler, learner: logisticRegression(), nEstimators: 3 }).fit(data);
    expect(model.members.map((member) => member.toJSON().kind)).toEqual(Array(3).fill('logistic-regression'));
    const scores = second(await model.predictProba(data.X));
    expect(rocAuc({ scores, truth: data.y.codes })).toBeGreaterThan(0.7);
    const boosted = await rusBoost({ learner: logisticRegression(), nEstimators: 3 }).fit(data);
    expect(boosted.members.length).toBeGreaterThan(0);
  });

  it('refuse options that they do not have', () => {
    const bad = expect.objectContaining({ code: 'bad-option' });
    expect(() => balancedRandomForest({ nEstimators: 0 })).toThrow(bad);
    expect(() => balancedBagging({ balance: 'even' as never })).toThrow(bad);
    expect(() => easyEnsemble({ rounds: 0 })).toThrow(bad);
    expect(() => adaBoost({ learningRate: -1 })).toThrow(bad);
    expect(() => adaBoost({ learningRate: '3' as unknown as number })).toThrow(bad);
    expect(() => smoteBagging({ kNeighbours: 3 } as never)).toThrow(bad);
    expect(() => voting({ learners: [] })).toThrow(bad);
  });
});

describe('formulas', () => {
  it('SAMME hears a member by log((1 - e) / e) + log(K - 1): nothing at chance', () => {
    expect(sammeAlpha(0.2, 2)).toBeCloseTo(Math.log(4), 12);
    expect(sammeAlpha(2 / 3, 3)).toBeCloseTo(0, 12);
  });

  it('M2 weighs the wrong classes that a member thinks likely', () => {
    const labels = Int32Array.of(0, 1);
    const start = mislabelWeights(Float64Array.of(1, 1), labels, 3);
    expect([...start.pairs]).toEqual([0, 0.25, 0.25, 0.25, 0, 0.25]);
    const shares = Float64Array.of(0.6, 0.4, 0, 0.5, 0.3, 0.2);
    // Half of 0.25 · (0.8 + 0.4 + 1.2 + 0.9).
    const loss = pseudoLoss(start, shares, labels, 3);
    expect(loss).toBeCloseTo(0.4125, 12);
    const next = nextMislabelWeights(start, shares, labels, 3, loss);
    const beta = 0.4125 / 0.5875;
    const raised = [0, beta ** 0.6, beta ** 0.8, beta ** 0.4, 0, beta ** 0.55];
    const total = raised.reduce((sum, weight) => sum + weight, 0);
    raised.forEach((weight, at) => {
      expect(next.pairs[at]).toBeCloseTo(weight / total, 12);
    });
  });

  it('a cascade leaves as many rows as the rarest class has for its last set', () => {
    // 1000 rows beside 10, 5 sets: each keeps (10 / 1000)^(1 / 4) of the rows.
    expect([0, 1, 2, 3, 4].map((done) => keptAfter(1000, 10, 5, done))).toEqual([1000, 316, 100, 32, 10]);
    const own = (row: number) => [0.9, 0.1, 0.5, 0.1][row - 4]!;
    expect([...leastSure(Int32Array.of(4, 5, 6, 7), 2, own, randomStream(1))]).toEqual([5, 7]);
    // Of rows judged alike every one is as likely to stay, wherever it stands.
    const stays = new Float64Array(10);
    for (let seed = 0; seed < 2000; seed++) {
      const rows = Int32Array.from({ length: 10 }, (_, row) => row);
      for (const row of leastSure(rows, 4, (at) => (at === 9 ? 0 : 1), randomStream(seed, 'left')))
        stays[row]! += 1 / 2000;
    }
    expect(stays[9]).toBeCloseTo(1, 9);
    for (let row = 0; row < 9; row++) expect(Math.abs(stays[row]! - 1 / 3)).toBeLessThan(0.045);
  });

  it('SMOTEBagging draws a tenth to all of a class', () => {
    expect([0, 5, 9].map((m) => drawnShare(m, 10))).toEqual([0.1, 0.6, 1].map((x) => expect.closeTo(x, 12)));
  });
});
