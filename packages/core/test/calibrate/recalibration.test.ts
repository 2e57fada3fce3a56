import { describe, expect, it } from 'vitest';
import {
  calibrationCheck,
  heldOutRecalibration,
  isotonicCalibrator,
  priorCorrection,
  recalibrationFromJSON,
} from '../../src/calibrate/index.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';

const logit = (p: number) => Math.log(p / (1 - p));
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Rows whose true log-odds are normal around those of the prevalence, given as slope * log-odds + shift. */
function held(rows: number, prevalence: number, slope: number, shift: number, seed: number) {
  const random = randomStream(seed, 'held out');
  const codes = new Int32Array(rows);
  const cells = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    const z = logit(prevalence) + random.normal();
    codes[row] = random.uniform() < sigmoid(z) ? 1 : 0;
    cells[2 * row + 1] = sigmoid(slope * z + shift);
    cells[2 * row] = 1 - cells[2 * row + 1]!;
  }
  return { probabilities: matrix(cells, rows, 2), y: { codes, classes: ['no', 'yes'] } };
}

const balanced = (prevalence: number) =>
  priorCorrection({ trueShares: Float64Array.of(1 - prevalence, prevalence), seenShares: Float64Array.of(1, 1) });

const checkOf = ({ probabilities, y }: { probabilities: Matrix; y: { codes: Int32Array } }) =>
  calibrationCheck({ probabilities, truth: y.codes });

describe('calibrationCheck', () => {
  it('finds logit(prevalence) in the large after balancing, and the slope of overfitting', () => {
    const shifted = checkOf(held(20_000, 0.1, 1, -logit(0.1), 1));
    expect(shifted.passes).toBe(false);
    expect(shifted.classes[0]!.inTheLarge!.value).toBeCloseTo(logit(0.1), 1);
    const steep = checkOf(held(20_000, 0.5, 2, 0, 2)).classes[0]!;
    expect(steep.slope!.value).toBeCloseTo(0.5, 1);
    expect(steep.passes).toBe(false);
  });

  it('has intervals that hold the truth as often as they say', () => {
    let large = 0;
    let slope = 0;
    const sets = 400;
    for (let set = 0; set < sets; set++) {
      const { classes } = checkOf(held(400, 0.3, 1, 0, 100 + set));
      const [a, b] = [classes[0]!.inTheLarge!, classes[0]!.slope!];
      large += Number(a.low <= 0 && 0 <= a.high);
      slope += Number(b.low <= 1 && 1 <= b.high);
    }
    // Three standard errors of a share of 0.95.
    expect(Math.abs(large / sets - 0.95)).toBeLessThan(0.033);
    expect(Math.abs(slope / sets - 0.95)).toBeLessThan(0.033);
  });

  it('has standard errors of the Fisher information', () => {
    const scores = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.2, 0.6, 0.6, 0.6, 0.6, 0.6);
    const cells = Float64Array.from([...scores].flatMap((p) => [1 - p, p]));
    const truth = Int32Array.of(1, 0, 0, 0, 0, 1, 1, 1, 0, 0);
    const { inTheLarge, slope } = calibrationCheck({ probabilities: matrix(cells, 10, 2), truth }).classes[0]!;
    expect(inTheLarge!.value).toBeCloseTo(0, 12);
    expect(inTheLarge!.high).toBeCloseTo(1.959963984540054 / Math.sqrt(5 * 0.16 + 5 * 0.24), 12);
    // Both groups are right, so the line is the identity; var(slope) = (1/.8 + 1/1.2) / (distance of the logits)².
    expect(slope!.value).toBeCloseTo(1, 12);
    const distance = logit(0.6) - logit(0.2);
    expect(slope!.high - 1).toBeCloseTo((1.959963984540054 * Math.sqrt(1 / 0.8 + 1 / 1.2)) / distance, 10);
  });

  it('takes weights as copies and judges every class of several', () => {
    const { probabilities, y } = held(300, 0.3, 1, 0.5, 3);
    const weights = Float64Array.from(y.codes, (_, i) => i % 3);
    const rows = [...weights].flatMap((weight, i) => Array<number>(weight).fill(i));
    const copied = matrix(
      Float64Array.from(rows.flatMap((row) => [...probabilities.data.subarray(2 * row, 2 * row + 2)])),
      rows.length,
      2,
    );
    const a = calibrationCheck({ probabilities, truth: y.codes, weights }).classes[0]!;
    const b = calibrationCheck({ probabilities: copied, truth: Int32Array.from(rows, (row) => y.codes[row]!) })
      .classes[0]!;
    expect(a.slope!.low).toBeCloseTo(b.slope!.low, 10);
    expect(a.inTheLarge!.high).toBeCloseTo(b.inTheLarge!.high, 10);
    const three = matrix(Float64Array.from([...y.codes].flatMap(() => [0.2, 0.3, 0.5])), 300, 3);
    const check = calibrationCheck({ probabilities: three, truth: y.codes });
    expect(check.classes.map((item) => [item.class, item.inTheLarge === null, item.slope])).toEqual([
      [0, false, null],
      [1, false, null],
      [2, true, null],
    ]);
    expect(() => calibrationCheck({ probabilities, truth: y.codes, level: 1 })).toThrowError(/level/);
  });
});

describe('heldOutRecalibration', () => {
  it('keeps the analytic correction where it passes', async () => {
    const data = held(5000, 0.1, 1, -logit(0.1), 4);
    const result = await heldOutRecalibration({ ...data, correction: balanced(0.1) });
    expect(result.recalibration.decision).toBe('prior-correction');
    expect([result.raw.passes, result.corrected!.passes, result.recalibrated]).toEqual([false, true, null]);
    expect(result.recalibration.apply(data.probabilities)).toEqual(balanced(0.1).apply(data.probabilities));
  });

  it('keeps raw probabilities that a correction would spoil, and says so', async () => {
    const data = held(5000, 0.1, 1, 0, 5);
    const result = await heldOutRecalibration({ ...data, correction: balanced(0.1) });
    expect(result.recalibration.decision).toBe('none');
    expect(result.recalibration.apply(data.probabilities)).toBe(data.probabilities);
    expect(result.notices.map((notice) => notice.code)).toEqual(['correction-left-out']);
  });

  it('recalibrates an over-corrected, overconfident learner on held-out rows', async () => {
    const data = held(5000, 0.1, 1.8, 1, 6);
    const result = await heldOutRecalibration({ ...data, correction: balanced(0.1) });
    expect(result.recalibration.decision).toBe('recalibrated');
    expect(result.recalibrated!.passes).toBe(true);
    expect(result.recalibrated!.classes[0]!.slope!.value).toBeCloseTo(1, 9);
    expect(result.recalibrated!.classes[0]!.inTheLarge!.value).toBeCloseTo(0, 9);
    const fresh = held(20_000, 0.1, 1.8, 1, 7);
    const after = calibrationCheck({
      probabilities: result.recalibration.apply(fresh.probabilities),
      truth: fresh.y.codes,
    });
    expect(Math.abs(after.classes[0]!.inTheLarge!.value)).toBeLessThan(0.15);
    expect(Math.abs(after.classes[0]!.slope!.value - 1)).toBeLessThan(0.15);
  });

  it('leaves a good model without a correction alone, and takes another calibrator', async () => {
    const good = await heldOutRecalibration(held(3000, 0.2, 1, 0, 8));
    expect([good.recalibration.decision, good.corrected, good.notices]).toEqual(['none', null, []]);
    const bad = await heldOutRecalibration({ ...held(3000, 0.2, 1, 1, 9), calibrator: isotonicCalibrator() });
    expect(bad.recalibration.calibration!.name).toBe('isotonic');
  });

  it('uses vector scaling for more classes', async () => {
    const random = randomStream(10, 'three');
    const cells = new Float64Array(3 * 3000);
    const codes = new Int32Array(3000);
    for (let row = 0; row < 3000; row++) {
      const z = [random.normal(), random.normal(), random.normal() - 1].map(Math.exp);
      const total = z[0]! + z[1]! + z[2]!;
      const draw = random.uniform() * total;
      codes[row] = draw < z[0]! ? 0 : draw < z[0]! + z[1]! ? 1 : 2;
      const wrong = [z[0]!, z[1]! ** 2, 3 * z[2]!];
      const sum = wrong[0]! + wrong[1]! + wrong[2]!;
      for (let c = 0; c < 3; c++) cells[3 * row + c] = wrong[c]! / sum;
    }
    const result = await heldOutRecalibration({
      probabilities: matrix(cells, 3000, 3),
      y: { codes, classes: [1, 2, 3] },
    });
    expect(result.recalibration.calibration!.name).toBe('vector-scaling');
    expect([result.raw.passes, result.recalibrated!.passes]).toEqual([false, true]);
  });

  it('survives a round through JSON and refuses damage', async () => {
    for (const [slope, shift] of [
      [1, 0],
      [1, -logit(0.1)],
      [1.8, 1],
    ] as const) {
      const data = held(3000, 0.1, slope, shift, 11);
      const { recalibration } = await heldOutRecalibration({ ...data, correction: balanced(0.1) });
      const json = JSON.parse(JSON.stringify(recalibration));
      const again = recalibrationFromJSON(json);
      expect(JSON.stringify(again)).toBe(JSON.stringify(recalibration));
      expect(again.apply(data.probabilities)).toEqual(recalibration.apply(data.probabilities));
      for (const field of ['kind', 'version', 'decision', 'calibration']) {
        expect(() => recalibrationFromJSON({ ...json, [field]: 7 })).toThrowError(
          expect.objectContaining({ code: 'bad-model' }),
        );
      }
    }
  });
});
