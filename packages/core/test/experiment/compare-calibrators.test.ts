import { describe, expect, it } from 'vitest';
import {
  betaCalibrator,
  calibratorByName,
  calibrators,
  hasIntervals,
  isotonicCalibrator,
  plattCalibrator,
  priorCorrection,
  vennAbersCalibrator,
} from '../../src/calibrate/index.ts';
import { stratifiedFolds } from '../../src/data/folds.ts';
import { subsetLabels } from '../../src/data/labels.ts';
import { matrix } from '../../src/data/matrix.ts';
import { compareCalibrators, fewRows } from '../../src/experiment/compare-calibrators.ts';
import { calibrationRegression } from '../../src/metrics/calibration-regression.ts';
import { columnOf } from '../../src/metrics/checks.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** Scores whose logits are too steep by 2 and too high by 1. */
function overconfident(rows: number, seed: number) {
  const random = randomStream(seed, 'compare calibrators');
  const scores = new Float64Array(rows);
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const z = -2 + 1.3 * random.normal();
    codes[row] = Number(random.uniform() < 1 / (1 + Math.exp(-z)));
    scores[row] = 1 / (1 + Math.exp(-(2 * z + 1)));
  }
  return { scores: matrix(scores, rows, 1), y: { codes, classes: ['no', 'yes'] } };
}

describe('compareCalibrators', () => {
  it('gives each row its probability from a calibration that has not seen it', async () => {
    const { scores, y } = overconfident(60, 1);
    const found = await compareCalibrators({ scores, y, calibrators: [isotonicCalibrator()], seed: 4, replicates: 5 });
    const { folds } = stratifiedFolds({ labels: y, folds: 5, seed: randomStream(4, 'calibration folds').uint32() });
    for (const { train, validate } of folds) {
      const pick = (rows: Int32Array) =>
        matrix(
          Float64Array.from(rows, (row) => scores.data[row]!),
          rows.length,
          1,
        );
      const own = await isotonicCalibrator().fit(pick(train), subsetLabels(y, train));
      const expected = own.apply(pick(validate));
      validate.forEach((row, i) => {
        expect(found.methods[0]!.probabilities.data[2 * row + 1]).toBe(expected.data[2 * i + 1]);
      });
    }
  });

  it('finds the method whose curve is the true one, and fits it', async () => {
    const { scores, y } = overconfident(3000, 2);
    const candidates = ['platt', 'beta', 'temperature', 'isotonic', 'venn-abers'].map((name) =>
      calibratorByName(name).create(),
    );
    const found = await compareCalibrators({ scores, y, calibrators: candidates, seed: 0, replicates: 60 });
    expect(found.best).toBe('beta');
    expect(found.chosen).toBe('beta');
    expect(found.calibration.name).toBe('beta');
    expect(found.before!.measures.check.passes).toBe(false);
    const beta = found.methods.find(({ name }) => name === 'beta')!;
    expect(beta.measures.check.passes).toBe(true);
    expect(beta.logLossBehindBest).toEqual({ value: 0, low: 0, high: 0 });
    // On raw probabilities Platt's curve has the wrong shape, and one temperature cannot move the whole.
    for (const name of ['platt', 'temperature']) {
      expect(found.methods.find((one) => one.name === name)!.logLossBehindBest.low).toBeGreaterThan(0);
    }
    expect(found.methods.filter(({ widths }) => widths).map(({ name }) => name)).toEqual(['venn-abers']);
    expect(found.methods.filter(({ measures }) => measures.classes.length > 0).map(({ name }) => name)).toEqual([
      'beta',
    ]);
  });

  it('fits the one that is named, and measures no scores that are not probabilities', async () => {
    const { scores, y } = overconfident(300, 3);
    const logits = matrix(
      scores.data.map((p) => Math.log(p / (1 - p))),
      300,
      1,
    );
    const found = await compareCalibrators({
      scores: logits,
      y,
      probabilities: false,
      calibrators: [plattCalibrator({ input: 'scores' }), vennAbersCalibrator({ input: 'scores' })],
      choose: 'venn-abers',
      seed: 0,
      replicates: 10,
    });
    expect(found.before).toBeNull();
    expect(found.chosen).toBe('venn-abers');
    expect(found.best).toBe('platt');
  });

  it('moves calibration and measures to a population with other shares', async () => {
    const { scores, y } = overconfident(4000, 5);
    const positives = y.codes.reduce((sum, code) => sum + code, 0);
    const shift = priorCorrection({
      trueShares: Float64Array.of(0.98, 0.02),
      seenShares: Float64Array.of(4000 - positives, positives),
    });
    const options = { scores, y, calibrators: [betaCalibrator()], seed: 0, replicates: 20 };
    const found = await compareCalibrators({ ...options, shift });
    const total = found.rowWeights!.reduce((sum, weight) => sum + weight, 0);
    expect(total).toBeCloseTo(4000, 6);
    const share = found.rowWeights!.reduce((sum, weight, row) => sum + weight * y.codes[row]!, 0) / total;
    expect(share).toBeCloseTo(0.02, 12);
    const one = found.methods[0]!;
    const check = calibrationRegression({
      scores: columnOf(one.probabilities, 1),
      truth: y.codes,
      weights: found.rowWeights!,
    });
    expect(one.measures.classes[0]!.inTheLarge.value).toBeCloseTo(check.calibrationInTheLarge, 12);
    expect(Math.abs(check.calibrationInTheLarge)).toBeLessThan(0.1);
    expect(found.calibration.toJSON().kind).toBe('shifted');
  });

  it('says where few rows of a class make a method unsteady', async () => {
    const { scores, y } = overconfident(100, 6);
    const codes = y.codes.map((_, row) => Number(row < 12));
    const rare = { codes, classes: y.classes };
    const found = await compareCalibrators({
      scores,
      y: rare,
      calibrators: [isotonicCalibrator()],
      seed: 0,
      replicates: 5,
    });
    expect(found.notices).toContainEqual(
      expect.objectContaining({ code: 'few-rows', class: 'yes', numbers: { rows: 12, wanted: 100 } }),
    );
    expect(fewRows(rare, ['venn-abers', 'temperature'])).toEqual([]);
    const four = { codes: codes.map((code, row) => (row < 4 ? code : 0)), classes: y.classes };
    const fewer = await compareCalibrators({
      scores,
      y: four,
      calibrators: [vennAbersCalibrator()],
      seed: 0,
      replicates: 5,
    });
    expect(fewer.folds).toBe(4);
    expect(fewer.notices).toContainEqual(expect.objectContaining({ code: 'fewer-folds' }));
    expect(hasIntervals(fewer.calibration)).toBe(true);
  });

  it('runs every calibrator on three classes, one of them without rows, and gives the same bytes again', async () => {
    const random = randomStream(3, 'three classes');
    const data = new Float64Array(90 * 3);
    const codes = Int32Array.from({ length: 90 }, (_, row) => {
      const e = [random.uniform(), random.uniform(), 0.2 * random.uniform()];
      const total = e[0]! + e[1]! + e[2]!;
      data.set(
        e.map((value) => value / total),
        3 * row,
      );
      return random.uniform() * (e[0]! + e[1]!) < e[0]! ? 0 : 1;
    });
    const options = {
      scores: matrix(data, 90, 3),
      y: { codes, classes: ['a', 'b', 'c'] },
      calibrators: calibrators.map((entry) => entry.create()),
      seed: 8,
      replicates: 5,
    };
    const found = await compareCalibrators(options);
    expect(found.methods).toHaveLength(calibrators.length);
    for (const { probabilities, measures } of found.methods) {
      expect(probabilities.data.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(Number.isFinite(measures.overall.logLoss.value)).toBe(true);
    }
    const again = await compareCalibrators(options);
    expect(JSON.stringify(again.methods)).toBe(JSON.stringify(found.methods));
  });

  it('refuses what cannot be', async () => {
    const { scores, y } = overconfident(30, 7);
    const options = { scores, y, seed: 0, replicates: 5 };
    await expect(compareCalibrators({ ...options, calibrators: [] })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(
      compareCalibrators({ ...options, calibrators: [plattCalibrator(), plattCalibrator()] }),
    ).rejects.toMatchObject({ code: 'bad-option' });
    await expect(
      compareCalibrators({ ...options, calibrators: [plattCalibrator()], choose: 'beta' }),
    ).rejects.toMatchObject({ code: 'bad-option' });
    const single = { codes: y.codes.map((_, row) => Number(row === 0)), classes: y.classes };
    await expect(compareCalibrators({ ...options, y: single, calibrators: [plattCalibrator()] })).rejects.toMatchObject(
      { code: 'too-few-rows' },
    );
  });
});
