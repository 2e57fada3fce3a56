import { describe, expect, it } from 'vitest';
import {
  betaCalibrator,
  type Calibrator,
  plattCalibrator,
  type TemperatureCalibration,
  temperatureCalibrator,
} from '../../src/calibrate/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** Overlapping scores of two labels, tied in hundredths, rare positives, weights of quarters. */
function randomRows(seed: number) {
  const stream = randomStream(seed, 'stationary');
  const rows = 60 + stream.integer(200);
  const scores = Float64Array.from({ length: rows }, () => (1 + stream.integer(98)) / 100);
  const codes = Int32Array.from(scores, (score) => Number(stream.uniform() < 0.05 + 0.5 * score));
  const weights = Float64Array.from(scores, () => (1 + stream.integer(11)) / 4);
  return { rows, scores, codes, weights, total: weights.reduce((sum, weight) => sum + weight, 0) };
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed);
const classes = ['no', 'yes'];

async function mapOf(calibrator: Calibrator, { scores, codes, weights }: ReturnType<typeof randomRows>) {
  const fitted = await calibrator.fit(matrix(scores, scores.length, 1), { codes, classes }, { weights });
  return (fitted.toJSON()['maps'] as Record<string, number>[])[0]!;
}

/** Mean of residual × x over the rows, each x a column. */
function expectStationary(
  { codes, weights, total, scores }: ReturnType<typeof randomRows>,
  target: (code: number) => number,
  logit: (score: number) => number,
  columns: readonly ((score: number) => number)[],
) {
  for (const column of columns) {
    let gradient = 0;
    scores.forEach((score, row) => {
      const p = 1 / (1 + Math.exp(-logit(score)));
      gradient += (weights[row]! * (p - target(codes[row]!)) * column(score)) / total;
    });
    expect(Math.abs(gradient)).toBeLessThan(1e-12);
  }
}

describe('the gradient is 0 at the solution of', () => {
  it('Platt', async () => {
    for (const seed of seeds) {
      const rows = randomRows(seed);
      const { a, b } = await mapOf(plattCalibrator(), rows);
      const positives = rows.weights.reduce((sum, weight, row) => sum + weight * rows.codes[row]!, 0);
      const targets = [1 / (rows.total - positives + 2), (positives + 1) / (positives + 2)];
      expectStationary(
        rows,
        (code) => targets[code]!,
        (score) => -(a! * score + b!),
        [() => 1, (score) => score],
      );
    }
  });

  it('beta, in every form that keeps its signs', async () => {
    let whole = 0;
    for (const seed of seeds) {
      const rows = randomRows(seed);
      const low = (score: number) => Math.log(score);
      const high = (score: number) => -Math.log1p(-score);
      for (const parameters of ['am', 'abm'] as const) {
        const { a, b, c } = await mapOf(betaCalibrator({ parameters }), rows);
        const free =
          parameters === 'am'
            ? [(score: number) => low(score) + high(score)]
            : [...(a! > 0 ? [low] : []), ...(b! > 0 ? [high] : [])];
        if (free.length === 2) whole++;
        const logit = (score: number) => a! * low(score) + b! * high(score) + c!;
        expectStationary(rows, (code) => code, logit, [() => 1, ...free]);
      }
    }
    expect(whole).toBeGreaterThan(5);
  });

  it('temperature', async () => {
    for (const seed of seeds) {
      const { scores, codes, weights, rows, total } = randomRows(seed);
      const y = { codes, classes };
      const fitted = (await temperatureCalibrator().fit(matrix(scores, rows, 1), y, {
        weights,
      })) as TemperatureCalibration;
      const beta = fitted.inverseTemperature;
      let gradient = 0;
      scores.forEach((score, row) => {
        const logit = Math.log(score) - Math.log1p(-score);
        gradient += (weights[row]! * (1 / (1 + Math.exp(-beta * logit)) - codes[row]!) * logit) / total;
      });
      // Where the slope falls all the way, the temperature stays at its bound.
      if (beta > Math.exp(-9.9)) expect(Math.abs(gradient)).toBeLessThan(1e-12);
    }
  });
});
