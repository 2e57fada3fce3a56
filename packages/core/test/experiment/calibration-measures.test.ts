import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { calibrationGroups } from '../../src/experiment/calibration-groups.ts';
import { measureCalibration } from '../../src/experiment/calibration-measures.ts';
import { calibrationError } from '../../src/metrics/calibration-error.ts';
import { calibrationRegression } from '../../src/metrics/calibration-regression.ts';
import { corpDecomposition } from '../../src/metrics/corp-decomposition.ts';
import { integratedCalibration } from '../../src/metrics/integrated-calibration.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty } from '../calibrate/twenty-points.ts';

/** Probabilities that are right, or too sharp by `slope`, of a class that few rows have. */
function drawn(rows: number, seed: number, slope = 1) {
  const random = randomStream(seed, 'calibration measures');
  const scores = new Float64Array(rows);
  const truth = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const z = -2.5 + 1.2 * random.normal();
    truth[row] = Number(random.uniform() < 1 / (1 + Math.exp(-z)));
    scores[row] = 1 / (1 + Math.exp(-slope * z));
  }
  return { scores, truth };
}

function asMatrix(scores: Float64Array) {
  const data = new Float64Array(2 * scores.length);
  scores.forEach((p, row) => {
    data[2 * row] = 1 - p;
    data[2 * row + 1] = p;
  });
  return matrix(data, scores.length, 2);
}

const binary = ['no', 'yes'];

describe('measureCalibration', () => {
  it('gives the golden values of the twenty points', async () => {
    const probabilities = asMatrix(twenty.scores);
    const [found] = await measureCalibration({
      entries: [{ probabilities, byClass: true }],
      truth: twenty.labels,
      classes: binary,
      seed: 0,
      replicates: 50,
    });
    const { overall, classes } = found!;
    expect(overall.brierScore.value).toBeCloseTo(0.190355, 12);
    expect(overall.logLoss.value).toBeCloseTo(0.5606972323464193, 12);
    expect(classes[0]!.slope.value).toBeCloseTo(0.9060475512903515, 10);
    expect(classes[0]!.intercept.value).toBeCloseTo(0.07682036805428524, 10);
    expect(classes[0]!.inTheLarge.value).toBeCloseTo(0.08505069264417663, 10);
    expect(classes[0]!.miscalibration.value).toBeCloseTo(0.03202166666666664, 12);
    expect(overall.miscalibration.value).toBe(classes[0]!.miscalibration.value);
  });

  it('has an interval of calibration in the large as wide as chance makes it: about 2 x 1.96 / sqrt(sum p (1 - p))', async () => {
    const { scores, truth } = drawn(3000, 1);
    const [found] = await measureCalibration({
      entries: [{ probabilities: asMatrix(scores), byClass: true }],
      truth,
      classes: binary,
      seed: 3,
      replicates: 400,
    });
    const { low, high } = found!.classes[0]!.inTheLarge;
    const expected = (2 * 1.96) / Math.sqrt(scores.reduce((sum, p) => sum + p * (1 - p), 0));
    // Draws by class would hold the number of positives fixed and give about a third of this.
    expect((high - low) / expected).toBeGreaterThan(0.85);
    expect((high - low) / expected).toBeLessThan(1.15);
  });

  it('holds what it speaks of between its ends, and finds too sharp probabilities', async () => {
    for (const seed of [2, 3]) {
      const { scores, truth } = drawn(1500, seed, 2);
      const [found] = await measureCalibration({
        entries: [{ probabilities: asMatrix(scores), byClass: true }],
        truth,
        classes: binary,
        seed,
        replicates: 100,
      });
      for (const [name, estimate] of Object.entries(found!.classes[0]!)) {
        if (typeof estimate !== 'object') continue;
        expect(estimate.low, name).toBeLessThanOrEqual(estimate.value);
        expect(estimate.high, name).toBeGreaterThanOrEqual(estimate.value);
      }
      expect(found!.classes[0]!.slope.high).toBeLessThan(0.75);
      expect(found!.check.passes).toBe(false);
    }
  });

  it('compares entries on the same draws', async () => {
    const { scores, truth } = drawn(800, 5);
    const probabilities = asMatrix(scores);
    const worse = asMatrix(scores.map((p) => p / 2));
    const entries = [probabilities, probabilities, worse].map((one) => ({ probabilities: one, byClass: false }));
    const [, same, behind] = await measureCalibration({ entries, truth, classes: binary, seed: 1, replicates: 100 });
    expect(same!.logLossBeyondReference).toEqual({ value: 0, low: 0, high: 0 });
    expect(behind!.logLossBeyondReference.low).toBeGreaterThan(0);
    expect(behind!.classes).toEqual([]);
  });

  it('counts a whole-number weight as copies of the row', async () => {
    const { scores, truth } = drawn(300, 6);
    const weights = Float64Array.from(scores, (_, row) => row % 3);
    const copies = [...scores.keys()].flatMap((row) => new Array<number>(row % 3).fill(row));
    const measured = async (rows: readonly number[], own?: Float64Array) =>
      (
        await measureCalibration({
          entries: [{ probabilities: asMatrix(Float64Array.from(rows, (row) => scores[row]!)), byClass: true }],
          truth: Int32Array.from(rows, (row) => truth[row]!),
          classes: binary,
          weights: own,
          seed: 0,
          replicates: 5,
        })
      )[0]!;
    const weighted = await measured([...scores.keys()], weights);
    const copied = await measured(copies);
    for (const name of ['brierScore', 'slope', 'inTheLarge', 'ici', 'ece', 'miscalibration'] as const) {
      expect(weighted.classes[0]![name].value, name).toBeCloseTo(copied.classes[0]![name].value, 9);
    }
  });

  it('measures each of several classes, and takes the mean of their distances', async () => {
    const random = randomStream(9, 'three classes');
    const data = new Float64Array(600 * 3);
    const truth = Int32Array.from({ length: 600 }, (_, row) => {
      const e = [random.uniform(), random.uniform(), random.uniform()];
      const total = e[0]! + e[1]! + e[2]!;
      data.set(
        e.map((value) => value / total),
        3 * row,
      );
      const draw = random.uniform() * total;
      return draw < e[0]! ? 0 : draw < e[0]! + e[1]! ? 1 : 2;
    });
    const [found] = await measureCalibration({
      entries: [{ probabilities: matrix(data, 600, 3), byClass: true }],
      truth,
      classes: [1, 2, 3],
      seed: 0,
      replicates: 20,
    });
    expect(found!.classes.map((one) => one.class)).toEqual([1, 2, 3]);
    const mean = found!.classes.reduce((sum, one) => sum + one.ece.value, 0) / 3;
    expect(found!.overall.ece.value).toBeCloseTo(mean, 14);
    const briers = found!.classes.reduce((sum, one) => sum + one.brierScore.value, 0);
    expect(found!.overall.brierScore.value).toBeCloseTo(briers, 12);
  });

  it('stops on request and refuses what cannot be', async () => {
    const { scores, truth } = drawn(50, 7);
    const options = { entries: [{ probabilities: asMatrix(scores), byClass: true }], truth, classes: binary, seed: 0 };
    await expect(measureCalibration(options, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    await expect(measureCalibration({ ...options, replicates: 0 })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(measureCalibration({ ...options, truth: truth.slice(1) })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });
});

describe('calibrationGroups', () => {
  it('is exact while the probabilities are few, and near it when they are many', () => {
    for (const [rows, digits] of [
      [200, 12],
      [20_000, 3],
    ] as const) {
      const { scores, truth } = drawn(rows, 11, 1.5);
      const weights = Float64Array.from(scores, (_, row) => (row * 7) % 4);
      const values = calibrationGroups(scores, truth, 1, undefined).valuesOf(weights);
      const asked = { scores, truth, weights };
      const corp = corpDecomposition(asked);
      expect(values.brierScore()).toBeCloseTo(corp.score, digits);
      expect(values.miscalibration()).toBeCloseTo(corp.miscalibration, digits);
      const line = calibrationRegression(asked);
      const grouped = calibrationRegression(values.rows);
      expect(grouped.slope).toBeCloseTo(line.slope, digits - 1);
      expect(grouped.calibrationInTheLarge).toBeCloseTo(line.calibrationInTheLarge, digits - 1);
      expect(integratedCalibration(values.rows).ici).toBeCloseTo(integratedCalibration(asked).ici, Math.min(6, digits));
      const plain = calibrationGroups(scores, truth, 1, undefined).valuesOf(new Float64Array(rows).fill(1));
      expect(plain.ece()).toBeCloseTo(calibrationError({ scores, truth, preset: 'adaptive' }).expected, 12);
    }
  });
});
