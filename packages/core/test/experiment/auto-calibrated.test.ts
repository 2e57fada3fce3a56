import { describe, expect, it } from 'vitest';
import { calibrationCheck } from '../../src/calibrate/index.ts';
import type { Dataset, NumericRows } from '../../src/data/dataset.ts';
import { matrix } from '../../src/data/matrix.ts';
import { autoCalibrated, autoCalibratedModelFromJSON } from '../../src/experiment/auto-calibrated.ts';
import { type Learner, logisticRegression, type Model } from '../../src/learn/index.ts';
import { calibrationRegression } from '../../src/metrics/calibration-regression.ts';
import { columnOf } from '../../src/metrics/checks.ts';
import { randomUnder } from '../../src/resample/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** Two Gaussian classes, of which logistic regression is the true model. */
function gaussian(rows: number, share: number, seed: number): Dataset {
  const random = randomStream(seed, 'auto-calibrated');
  const codes = Int32Array.from({ length: rows }, () => Number(random.uniform() < share));
  const X = Float64Array.from({ length: 2 * rows }, (_, at) => random.normal() + 0.8 * codes[at >> 1]!);
  return { X: matrix(X, rows, 2), y: { codes, classes: ['no', 'yes'] } };
}

const inTheLarge = async (model: Model, { X, y }: Dataset) =>
  calibrationRegression({ scores: columnOf(await model.predictProba(X), 1), truth: y.codes }).calibrationInTheLarge;

describe('autoCalibrated', () => {
  it('puts logistic regression right by the prior correction alone, whatever the treatment', async () => {
    const data = gaussian(4000, 0.08, 1);
    const fresh = gaussian(20_000, 0.08, 2);
    for (const treatment of ['class-weight', 'random-over', randomUnder({ seed: 3 })]) {
      const model = await autoCalibrated({ learner: logisticRegression(), treatment, seed: 1 }).fit(data);
      expect(model.report.decision).toBe('prior-correction');
      expect(model.report.raw.passes).toBe(false);
      expect(model.report.seenShares[1]).toBeCloseTo(0.5, 12);
      // After balancing the raw probabilities are off by logit(prevalence).
      expect(await inTheLarge(model.raw, fresh)).toBeCloseTo(Math.log(0.08 / 0.92), 0);
      expect(Math.abs(await inTheLarge(model, fresh))).toBeLessThan(0.2);
    }
  });

  it('leaves an untreated model that passes alone', async () => {
    const model = await autoCalibrated({ learner: logisticRegression(), treatment: 'none', seed: 1 }).fit(
      gaussian(1500, 0.2, 4),
    );
    expect(model.report.decision).toBe('none');
    expect(model.report.corrected).toBeNull();
  });

  it('recalibrates on held-out rows where the correction does not put the probabilities right', async () => {
    const data = gaussian(4000, 0.1, 5);
    const fresh = gaussian(20_000, 0.1, 6);
    const model = await autoCalibrated({ learner: overconfident(), treatment: 'class-weight', seed: 1 }).fit(data);
    expect(model.report.decision).toBe('recalibrated');
    expect(model.report.corrected?.passes).toBe(false);
    expect(model.notices).toContainEqual(expect.objectContaining({ code: 'recalibrated' }));
    const probabilities = await model.predictProba(fresh.X);
    const { slope } = calibrationRegression({ scores: columnOf(probabilities, 1), truth: fresh.y.codes });
    expect(Math.abs(slope - 1)).toBeLessThan(0.15);
    expect(Math.abs(await inTheLarge(model, fresh))).toBeLessThan(0.2);
    expect(
      calibrationCheck({ probabilities: await model.raw.predictProba(fresh.X), truth: fresh.y.codes }).passes,
    ).toBe(false);
  });

  it('reads back what it wrote, and nothing else', async () => {
    const data = gaussian(400, 0.2, 7);
    const learner = autoCalibrated({ learner: logisticRegression(), treatment: 'random-under', seed: 1 });
    expect(learner.name).toBe('auto-calibrated/random-under/logistic-regression');
    const model = await learner.fit(data);
    const json = JSON.parse(JSON.stringify(model));
    const read = autoCalibratedModelFromJSON(json);
    expect(read.report).toBeNull();
    expect([...(await read.predictProba(data.X)).data]).toEqual([...(await model.predictProba(data.X)).data]);
    for (const broken of [{}, { ...json, model: null }, { ...json, recalibration: { kind: 'recalibration' } }]) {
      expect(() => autoCalibratedModelFromJSON(broken)).toThrow(expect.objectContaining({ code: 'bad-model' }));
    }
  });

  it('does not know every treatment', () => {
    expect(() => autoCalibrated({ learner: logisticRegression(), treatment: 'magic', seed: 1 })).toThrow(
      expect.objectContaining({ code: 'unknown-strategy' }),
    );
  });
});

/** A logistic regression that doubles its logits. */
function overconfident(): Learner {
  return {
    name: 'overconfident',
    fit: async (data, run) => {
      const model = await logisticRegression().fit(data, run);
      return {
        ...model,
        predictProba: async (X: NumericRows) => {
          const { data: p, rows } = await model.predictProba(X);
          const sharp = p.map((value, at) => value ** 2 / (value ** 2 + p[at ^ 1]! ** 2));
          return matrix(sharp, rows, 2);
        },
      };
    },
  };
}
