import { describe, expect, it } from 'vitest';
import { priorCorrection } from '../../src/calibrate/index.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { matrix } from '../../src/data/matrix.ts';
import { treatmentNamed } from '../../src/experiment/treatments.ts';
import { logisticRegression } from '../../src/learn/index.ts';
import { calibrationRegression, normalQuantile, rocAucInterval } from '../../src/metrics/index.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';

const predictors = 6;
const eventFraction = 0.1;
const logit = Math.log(eventFraction / (1 - eventFraction));
/** Unit Gaussians so far apart in every predictor that the true model has a ROC-AUC of 0.75. */
const shift = (Math.SQRT2 * normalQuantile(0.75)) / Math.sqrt(predictors);

/** Exactly a tenth of the rows is positive, so that only the predictors are left to chance. */
function draw(rows: number, stream: RandomStream): Dataset {
  const codes = Int32Array.from({ length: rows }, (_, row) => Number(row % 10 === 0));
  const data = new Float64Array(rows * predictors);
  for (let i = 0; i < data.length; i++) data[i] = codes[Math.floor(i / predictors)]! * shift + stream.normal();
  return { X: matrix(data, rows, predictors), y: { codes, classes: [0, 1] } };
}

const stream = randomStream(1, 'balanced probabilities');
const train = draw(10_000, stream.child('train'));
const test = draw(20_000, stream.child('test'));
const truth = test.y.codes;

async function measured(method: string) {
  const { data, seenShares } = await treatmentNamed(method).treat(train, 0);
  const raw = await (await logisticRegression({ C: Number.POSITIVE_INFINITY }).fit(data)).predictProba(test.X);
  const trueShares = Float64Array.of(1 - eventFraction, eventFraction);
  const corrected = priorCorrection({ trueShares, seenShares }).apply(raw);
  const [before, after] = [raw, corrected].map(({ data: p }) => Float64Array.from(truth, (_, row) => p[2 * row + 1]!));
  const inTheLarge = (scores: Float64Array) => calibrationRegression({ scores, truth }).calibrationInTheLarge;
  return {
    before: inTheLarge(before!),
    after: inTheLarge(after!),
    ranking: rocAucInterval({ scores: before!, truth }),
  };
}

// With 2,000 positive test rows calibration in the large has a standard error of 0.024 from the test part alone, and
// about as much from 1,000 positive training rows; under-sampling throws most of the others away.
describe('balancing a table before a logistic regression', () => {
  it.each(['random-under', 'random-over', 'smote', 'class-weight'])(
    '%s moves probabilities by logit(prevalence) and ranks as before',
    async (method) => {
      const none = await measured('none');
      const balanced = await measured(method);
      expect(Math.abs(none.after)).toBeLessThan(0.12);
      expect(Math.abs(balanced.before - logit)).toBeLessThan(0.15);
      expect(Math.abs(balanced.after)).toBeLessThan(0.15);
      expect(balanced.before - balanced.after).toBeCloseTo(logit, 9);
      expect(balanced.ranking.value).toBeGreaterThan(none.ranking.low);
      expect(balanced.ranking.value).toBeLessThan(none.ranking.high);
    },
  );
});
