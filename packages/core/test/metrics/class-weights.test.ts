import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import {
  type BinaryCounts,
  bestClassWeights,
  bestThreshold,
  confusionMatrix,
  type DecisionMetricName,
  decisionMetric,
  fBeta,
  recall,
  weightedDecisions,
} from '../../src/metrics/index.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';

/** Rows whose probabilities are calibrated by construction. */
function calibratedRows(
  stream: RandomStream,
  n: number,
  prior: readonly number[],
): { probabilities: Matrix; truth: Int32Array } {
  const classes = prior.length;
  const data = new Float64Array(n * classes);
  const truth = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    const raw = prior.map((share) => share * Math.exp(1.5 * stream.normal()));
    const total = raw.reduce((sum, value) => sum + value, 0);
    let left = stream.uniform();
    truth[row] = classes - 1;
    for (let label = classes - 1; label >= 0; label--) {
      data[row * classes + label] = raw[label]! / total;
      left -= raw[label]! / total;
      if (left >= 0) truth[row] = label - 1;
    }
    truth[row] = Math.max(0, truth[row]!);
  }
  return { probabilities: matrix(data, n, classes), truth };
}

const objectiveOf = (name: DecisionMetricName) => (confusion: { classes: number; counts: Float64Array }) =>
  decisionMetric(name, confusion, null);

describe('bestClassWeights', () => {
  it('reports the value of the very decisions its weights make', () => {
    const rows = calibratedRows(randomStream(1, 'weights'), 800, [0.9, 0.08, 0.02]);
    const { weights, value, confusion } = bestClassWeights({ ...rows, objective: objectiveOf('f1') });
    const made = confusionMatrix(rows.truth, weightedDecisions(rows.probabilities, weights), 3);
    expect(made).toEqual(confusion);
    expect(decisionMetric('f1', made, null)).toBe(value);
    expect(Math.max(...weights)).toBe(1);
    expect(value).toBeGreaterThan(
      decisionMetric('f1', confusionMatrix(rows.truth, weightedDecisions(rows.probabilities), 3), null),
    );
  });

  it('finds the exact optimum with two classes, where it is a threshold', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { probabilities, truth } = calibratedRows(randomStream(seed, 'two'), 60, [0.8, 0.2]);
      const scores = Float64Array.from(truth, (_, row) => probabilities.data[2 * row + 1]!);
      const exact = bestThreshold({
        scores,
        truth,
        objective: ({ tp, fp, fn, tn }) => objectiveOf('f1')({ classes: 2, counts: Float64Array.of(tn, fp, fn, tp) }),
      });
      expect(bestClassWeights({ probabilities, truth, objective: objectiveOf('f1') }).value).toBe(exact.value);
    }
  });

  it('cannot be improved by changing one weight: every switching point is tried', () => {
    const { probabilities, truth } = calibratedRows(randomStream(3, 'local'), 60, [0.7, 0.2, 0.1]);
    const objective = objectiveOf('matthewsCorrcoef');
    const best = bestClassWeights({ probabilities, truth, objective, maxRounds: 50 });
    for (let label = 0; label < 3; label++) {
      for (let exponent = -8; exponent <= 8; exponent += 0.01) {
        const weights = best.weights.map((weight, at) => (at === label ? weight * Math.exp(exponent) : weight));
        expect(objective(confusionMatrix(truth, weightedDecisions(probabilities, weights), 3))).toBeLessThanOrEqual(
          best.value,
        );
      }
    }
  });

  it('finds the same weights by the short way of macro averages as by the whole confusion matrix', () => {
    const stream = randomStream(11, 'macro');
    for (const [name, macro] of [
      ['f1', (counts) => fBeta(counts, 1)],
      ['f2', (counts) => fBeta(counts, 2)],
      ['balancedAccuracy', (counts) => recall(counts)],
    ] as const satisfies readonly (readonly [DecisionMetricName, (counts: BinaryCounts) => number])[]) {
      for (let round = 0; round < 5; round++) {
        const { probabilities, truth } = calibratedRows(stream.child(name, round), 200, [0.6, 0.25, 0.1, 0.05]);
        const whole = bestClassWeights({ probabilities, truth, objective: objectiveOf(name) });
        const short = bestClassWeights({ probabilities, truth, objective: objectiveOf(name), macro });
        expect(short).toEqual(whole);
      }
    }
  });

  it('comes near inverse class frequencies for balanced accuracy on calibrated probabilities', () => {
    const rows = calibratedRows(randomStream(4, 'balanced'), 20_000, [0.85, 0.12, 0.03]);
    const counts = new Float64Array(3);
    for (const label of rows.truth) counts[label] = counts[label]! + 1;
    const balanced = counts.map((count) => 1 / count);
    const { value } = bestClassWeights({ ...rows, objective: objectiveOf('balancedAccuracy') });
    const theory = decisionMetric(
      'balancedAccuracy',
      confusionMatrix(rows.truth, weightedDecisions(rows.probabilities, balanced), 3),
      null,
    );
    expect(value).toBeGreaterThanOrEqual(theory);
    expect(value - theory).toBeLessThan(0.015);
  });

  it('takes integer weights for repeated rows and survives zeros and ones', () => {
    const probabilities = matrix(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0.5, 0.5, 0), 5, 3);
    const truth = Int32Array.of(0, 1, 2, 1, 0);
    const times = Float64Array.of(1, 2, 0, 1, 3);
    const objective = objectiveOf('f1');
    const weighted = bestClassWeights({ probabilities, truth, weights: times, objective });
    const rows = [...times].flatMap((count, row) => new Array<number>(count).fill(row));
    const copied = bestClassWeights({
      probabilities: matrix(
        Float64Array.from(rows.flatMap((row) => [...probabilities.data.subarray(3 * row, 3 * row + 3)])),
        rows.length,
        3,
      ),
      truth: Int32Array.from(rows, (row) => truth[row]!),
      objective,
    });
    expect(weighted.value).toBe(copied.value);
    expect(weighted.weights.every((weight) => weight > 0 && weight <= 1)).toBe(true);
  });
});
