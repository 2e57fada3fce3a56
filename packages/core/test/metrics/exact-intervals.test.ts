import { describe, expect, it } from 'vitest';
import { incompleteBeta } from '../../src/metrics/distributions.ts';
import {
  accelerationOf,
  bcaInterval,
  betaQuantile,
  binomialUpperTail,
  bootstrapDecisions,
  bootstrapMetrics,
  clopperPearsonInterval,
  clopperPearsonLowerBound,
  compareRocAuc,
  confusionMatrix,
  deLongVarianceOfRanked,
  rankScores,
  rocAuc,
  rocAucInterval,
} from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty, twoColumns } from './fixture-cases.ts';
import { moreFixture } from './more-fixture.ts';

const apart = (actual: number, expected: number) => Math.abs(actual / expected - 1);
const rolled = Float64Array.from(twenty.scores, (_, row) => twenty.scores[(row + 17) % 20]!);

describe('incompleteBeta and betaQuantile', () => {
  it('agree with scipy', () => {
    for (const [x, a, b, value] of moreFixture.incompleteBeta) {
      expect(Math.abs(incompleteBeta(x, a, b) - value), `${x} ${a} ${b}`).toBeLessThan(1e-14);
    }
    for (const [p, a, b, value] of moreFixture.betaQuantile) {
      expect(apart(betaQuantile(p, a, b), value), `${p} ${a} ${b}`).toBeLessThan(1e-12);
    }
  });

  it('give the binomial tail', () => {
    // 3 or more heads of 4.
    expect(binomialUpperTail(3, 4, 0.5)).toBeCloseTo(5 / 16, 14);
    expect(binomialUpperTail(0, 4, 0.5)).toBe(1);
    expect(binomialUpperTail(5, 4, 0.5)).toBe(0);
  });
});

describe('clopperPearsonInterval', () => {
  it('agrees with scipy', () => {
    for (const [hits, trials, low, high] of moreFixture.clopperPearson) {
      const interval = clopperPearsonInterval(hits, trials);
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    }
  });

  it('has the bound at which so many successes are just unlikely', () => {
    const bound = clopperPearsonLowerBound(47, 50, 0.9);
    expect(binomialUpperTail(47, 50, bound)).toBeCloseTo(0.1, 12);
    expect(clopperPearsonLowerBound(50, 50)).toBeCloseTo(0.05 ** (1 / 50), 15);
    expect(clopperPearsonLowerBound(0, 0)).toBe(0);
    expect(clopperPearsonInterval(0, 0).low).toBeNaN();
    expect(() => clopperPearsonInterval(3, 2)).toThrow(/successes/);
    expect(() => clopperPearsonInterval(1, 2, 1)).toThrow(/level/);
  });
});

describe('rocAucInterval', () => {
  it("has DeLong's variance and interval as pROC", () => {
    expect(deLongVarianceOfRanked(rankScores(twenty))).toBeCloseTo(0.01156111111111111, 15);
    const { value, low, high, method } = rocAucInterval(twenty);
    expect(value).toBeCloseTo(0.785, 15);
    expect(low).toBeCloseTo(0.57425956189, 10);
    expect(high).toBeCloseTo(0.9957404381, 10);
    expect(method).toBe('delong');
  });

  it('stays inside on the logit scale', () => {
    const { low, high } = rocAucInterval({ ...twenty, scale: 'logit' });
    expect(low).toBeGreaterThan(0.5);
    expect(high).toBeLessThan(0.95);
    const logit = (p: number) => Math.log(p / (1 - p));
    expect(logit(high) + logit(low)).toBeCloseTo(2 * logit(0.785), 12);
  });

  it('is no point at an area of 1: the exact interval of disjoint pairs', () => {
    const perfect = { scores: Float64Array.of(1, 2, 3, 4, 5, 6, 7), truth: Int32Array.of(0, 0, 0, 0, 1, 1, 1) };
    const interval = rocAucInterval(perfect);
    expect(interval).toMatchObject({ value: 1, high: 1, standardError: 0, method: 'disjoint-pairs' });
    expect(interval.low).toBeCloseTo(0.025 ** (1 / 3), 14);
    const worst = rocAucInterval({ ...perfect, scores: perfect.scores.map((score) => -score) });
    expect(worst).toMatchObject({ value: 0, low: 0 });
    expect(worst.high).toBeCloseTo(1 - 0.025 ** (1 / 3), 14);
  });

  it('says nothing from a single row of a class, and is NaN without one', () => {
    const single = { scores: Float64Array.of(1, 2, 3), truth: Int32Array.of(0, 1, 0) };
    expect(rocAucInterval(single)).toMatchObject({ value: 0.5, low: 0, high: 1, method: 'trivial' });
    expect(rocAucInterval(single).standardError).toBeNaN();
    expect(rocAucInterval({ ...single, truth: new Int32Array(3) }).low).toBeNaN();
    expect(() => rocAucInterval({ ...single, level: 2 })).toThrow(/level/);
  });

  it('takes integer weights for repeated rows', () => {
    const weights = Float64Array.from(twenty.truth, (_, row) => (row % 3) + 1);
    const rows = [...weights].flatMap((count, row) => new Array<number>(count).fill(row));
    const copied = {
      scores: Float64Array.from(rows, (row) => twenty.scores[row]!),
      truth: Int32Array.from(rows, (row) => twenty.truth[row]!),
    };
    expect(rocAucInterval({ ...twenty, weights }).standardError).toBeCloseTo(rocAucInterval(copied).standardError, 14);
    const second = (of: Int32Array | number[]) => Float64Array.from(of, (row) => rolled[row]!);
    const all = Int32Array.from(twenty.truth.keys());
    const weighted = compareRocAuc({ truth: twenty.truth, first: twenty.scores, second: second(all), weights });
    const plain = compareRocAuc({ truth: copied.truth, first: copied.scores, second: second(rows) });
    expect(weighted.pValue).toBeCloseTo(plain.pValue, 13);
  });

  it('covers at its level', () => {
    // Φ(1 / √2) is the true area of normal scores one apart.
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const stream = randomStream(run, 'coverage');
      const truth = Int32Array.from({ length: 120 }, (_, row) => Number(row < 40));
      const scores = Float64Array.from(truth, (label) => stream.normal() + label);
      const { low, high } = rocAucInterval({ scores, truth });
      if (low <= 0.7602499389065233 && high >= 0.7602499389065233) covered++;
    }
    expect(covered).toBeGreaterThan(930);
    expect(covered).toBeLessThan(970);
  });
});

describe('compareRocAuc', () => {
  it('has the published p-value of the twenty points', () => {
    const compared = compareRocAuc({ truth: twenty.truth, first: twenty.scores, second: rolled });
    expect(compared.pValue).toBeCloseTo(0.5500973172303971, 13);
    expect(compared.first).toBeCloseTo(0.785, 15);
    expect(compared.difference).toBeCloseTo(0.785 - rocAuc({ ...twenty, scores: rolled }), 15);
    expect(compared.low).toBeLessThan(0);
    expect(compared.high).toBeGreaterThan(0);
  });

  it('turns its sign with the sides, and finds nothing between equal rankings', () => {
    const there = compareRocAuc({ truth: twenty.truth, first: twenty.scores, second: rolled });
    const back = compareRocAuc({ truth: twenty.truth, first: rolled, second: twenty.scores });
    expect(back.z).toBeCloseTo(-there.z, 13);
    const squared = twenty.scores.map((score) => score * score);
    const same = compareRocAuc({ truth: twenty.truth, first: twenty.scores, second: squared });
    expect(same).toMatchObject({ difference: 0, low: 0, high: 0, z: 0, pValue: 1 });
  });

  it('does not claim certainty where no variance can be told', () => {
    const truth = Int32Array.of(0, 0, 1, 1);
    const perfect = Float64Array.of(1, 2, 3, 4);
    const constant = compareRocAuc({ truth, first: perfect, second: new Float64Array(4) });
    expect(constant.difference).toBe(0.5);
    expect(constant.pValue).toBeNaN();
    expect(compareRocAuc({ truth: Int32Array.of(0, 0, 0, 1), first: perfect, second: perfect }).pValue).toBeNaN();
  });
});

describe('bcaInterval', () => {
  it('agrees with scipy', () => {
    const { value, replicates, influences, low, high } = moreFixture.bca;
    const interval = bcaInterval({
      value,
      replicates: Float64Array.from(replicates).sort(),
      acceleration: accelerationOf(influences),
    });
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('bears replicates on one side, alike, or none', () => {
    const one = bcaInterval({ value: 1, replicates: Float64Array.of(0.7, 0.8, 0.9), acceleration: 0.1 });
    expect(one.low).toBeGreaterThanOrEqual(0.7);
    const same = { value: 1, replicates: Float64Array.of(1, 1), acceleration: 0 };
    expect(bcaInterval(same)).toEqual({ low: 1, high: 1 });
    expect(bcaInterval({ value: 1, replicates: new Float64Array(0), acceleration: 0 }).low).toBeNaN();
  });

  it('moves the ends of the bootstrap, and the more the more skewed a metric is', async () => {
    const stream = randomStream(8, 'bca');
    const truth = Int32Array.from({ length: 150 }, (_, row) => Number(row < 15));
    const scores = Float64Array.from(truth, (label) => 1 / (1 + Math.exp(-stream.normal() - 3 * label + 1)));
    const rows = {
      truth,
      probabilities: twoColumns(scores),
      decisions: Int32Array.from(scores, (score) => Number(score > 0.6)),
      positive: 1,
      seed: 1,
      replicates: 500,
    };
    const plain = await bootstrapMetrics(rows);
    const moved = await bootstrapMetrics({ ...rows, interval: 'bca' });
    expect(moved.rocAuc.value).toBe(plain.rocAuc.value);
    // An area near 1 is skewed downwards.
    expect(moved.rocAuc.low).toBeLessThan(plain.rocAuc.low);
    expect(moved.brierScore.high).toBeGreaterThan(plain.brierScore.high);
    expect(await bootstrapMetrics({ ...rows, interval: 'bca' })).toEqual(moved);
  });

  it('accelerates decisions alike from rows and from the confusion matrix', async () => {
    const stream = randomStream(9, 'bca');
    const truth = Int32Array.from({ length: 200 }, (_, row) => Number(row < 40));
    const decisions = truth.map((label) => (stream.uniform() < 0.15 ? 1 - label : label));
    const rows = { truth, decisions, probabilities: twoColumns(Float64Array.from(decisions)), positive: 1 };
    const options = { seed: 0, replicates: 3000, interval: 'bca' as const };
    const fromRows = await bootstrapMetrics({ ...rows, ...options });
    const confusion = confusionMatrix(truth, decisions, 2);
    const fromCounts = bootstrapDecisions({ confusion, positive: 1, ...options });
    // A step of recall is 1 / 40.
    for (const name of ['precision', 'recall', 'f1', 'matthewsCorrcoef'] as const) {
      expect(Math.abs(fromRows[name].low - fromCounts[name].low), name).toBeLessThan(0.026);
      expect(Math.abs(fromRows[name].high - fromCounts[name].high), name).toBeLessThan(0.026);
    }
  });
});
