import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { confusionMatrix } from '../../src/metrics/index.ts';

/** `inf` is infinity, null what is undefined. */
export type Value = number | 'inf' | null;
type Averages = Record<string, Value[]>;
type Curve = [Value[], Value[], Value[]];

interface Expected {
  confusion: number[];
  accuracy: number;
  zeroOneLoss: number;
  hammingLoss: number;
  balancedAccuracy: number;
  adjustedBalancedAccuracy: number;
  matthewsCorrcoef: number;
  kappa: [number, number, number];
  macroAbsoluteError: number;
  perClass: [number[], number[], number[], number[]];
  logLoss: number;
  brierScore: number;
  d2LogLoss: number;
  d2Brier: number;
  averages: Averages;
  binary?: {
    positive: number[];
    rocAuc: number;
    partial: number[];
    averagePrecision: number;
    brierScore: number;
    likelihoodRatios: Value[];
    rocCurve: Curve;
    rocCurveWhole: Curve;
    precisionRecallCurve: Curve;
    detCurve: Curve;
    calibrationCurve?: [number[], number[]][];
    ndcg?: number[];
  };
  multi?: { ovr: number[]; averagePrecision: number[]; topK: number[]; ovo?: number[] };
  imbalanced?: {
    geometricMean: number;
    corrected: number;
    sensitivity: number[];
    specificity: number[];
    geometricMeans: number[];
    report: [number, number, number][];
  };
}

interface Fixture {
  cases: {
    classes: number;
    step: number;
    truth: string;
    decisions: string;
    shares: number[];
    weights: number[] | null;
    expected: Expected;
  }[];
  multiLabel: {
    labels: number;
    truth: string;
    predicted: string;
    weights: number[] | null;
    averages: Averages;
    subsetAccuracy: number;
    hammingLoss: number;
  }[];
}

const fixture = JSON.parse(
  readFileSync(fileURLToPath(new URL('../fixtures/peer-metrics.json', import.meta.url)), 'utf8'),
) as Fixture;

const codesOf = (digits: string) => Int32Array.from(digits, Number);

/** Fifty cases with the values of scikit-learn and imbalanced-learn; fixtures/peer-metrics.py made them. */
export const peerCases = fixture.cases.map(({ classes, step, shares, expected, ...raw }) => {
  const truth = codesOf(raw.truth);
  const decisions = codesOf(raw.decisions);
  const weights = raw.weights ? Float64Array.from(raw.weights) : undefined;
  const probabilities = matrix(
    Float64Array.from(shares, (share) => share / step),
    truth.length,
    classes,
  );
  return {
    classes,
    truth,
    decisions,
    weights,
    probabilities,
    scores: probabilities.data.filter((_, at) => at % classes === 1),
    confusion: confusionMatrix(truth, decisions, classes, weights),
    expected,
  };
});

/** Twenty sets of rows with several labels each. */
export const peerMultiLabel = fixture.multiLabel.map(({ truth, predicted, weights, ...rest }) => ({
  ...rest,
  rows: {
    truth: codesOf(truth),
    predicted: codesOf(predicted),
    labels: rest.labels,
    weights: weights ? Float64Array.from(weights) : undefined,
  },
}));

/** Expects agreement to 1e-12, of large numbers relative. */
export function expectPeer(value: number, peer: Value | undefined, name: string): void {
  if (peer === null || peer === undefined) expect(value, name).toBeNaN();
  else if (peer === 'inf') expect(value, name).toBe(Number.POSITIVE_INFINITY);
  else
    expect(Math.abs(value - peer), `${name}: ${value} for ${peer}`).toBeLessThan(1e-12 * Math.max(1, Math.abs(peer)));
}

/** The same for lists. */
export function expectPeers(values: ArrayLike<number>, peers: ArrayLike<Value>, name: string): void {
  expect(values.length, name).toBe(peers.length);
  for (let i = 0; i < values.length; i++) expectPeer(values[i]!, peers[i]!, `${name} ${i}`);
}
