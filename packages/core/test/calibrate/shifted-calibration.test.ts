import { describe, expect, it } from 'vitest';
import {
  calibrationFromJSON,
  calibratorByName,
  calibrators,
  hasIntervals,
  inductiveVennAbers,
  priorCalibrator,
  priorCorrection,
  shiftedCalibration,
  vennAbersCalibrator,
} from '../../src/calibrate/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { twenty } from './twenty-points.ts';

const column = matrix(twenty.scores, twenty.scores.length, 1);
const y = { codes: twenty.labels, classes: ['no', 'yes'] };
const shift = priorCorrection({ trueShares: Float64Array.of(0.9, 0.1), seenShares: Float64Array.of(0.5, 0.5) });
const moved = (p: number) => (p * 0.2) / (p * 0.2 + (1 - p) * 1.8);

describe('shiftedCalibration', () => {
  it('moves probabilities and both ends of Venn-Abers by the same odds', async () => {
    const base = await vennAbersCalibrator().fit(column, y);
    const shifted = shiftedCalibration(base, shift);
    expect(hasIntervals(shifted)).toBe(true);
    const { lower, upper, width } = shifted.intervals(column);
    const { p0, p1 } = inductiveVennAbers({ scores: column.data, labels: y.codes }).pairs(column.data);
    const p = shifted.apply(column);
    p0.forEach((low, row) => {
      expect(lower.data[row]).toBeCloseTo(moved(low), 14);
      expect(upper.data[row]).toBeCloseTo(moved(p1[row]!), 14);
      expect(width[row]).toBeCloseTo(moved(p1[row]!) - moved(low), 14);
      const merged = p1[row]! / (1 - low + p1[row]!);
      expect(p.data[2 * row + 1]).toBeCloseTo(moved(merged), 14);
    });
  });

  it('reads back what it wrote, for every calibrator, and does not nest', async () => {
    for (const entry of calibrators) {
      const shifted = shiftedCalibration(await entry.create().fit(column, y), shift);
      const json = JSON.parse(JSON.stringify(shifted));
      const read = calibrationFromJSON(json);
      expect([...read.apply(column).data]).toEqual([...shifted.apply(column).data]);
      expect(hasIntervals(read)).toBe(entry.name === 'venn-abers');
      for (const broken of [
        { ...json, base: json },
        { ...json, base: null },
        { ...json, shift: { kind: 'prior-correction' } },
      ]) {
        expect(() => calibrationFromJSON(broken)).toThrow(expect.objectContaining({ code: 'bad-model' }));
      }
    }
  });

  it('changes nothing where the shares are the same, and refuses another number of classes', async () => {
    const base = await vennAbersCalibrator().fit(column, y);
    const same = priorCorrection({ trueShares: Float64Array.of(1, 1), seenShares: Float64Array.of(0.5, 0.5) });
    expect([...shiftedCalibration(base, same).intervals(column).width]).toEqual([...base.intervals(column).width]);
    const three = priorCorrection({ trueShares: Float64Array.of(1, 1, 1), seenShares: Float64Array.of(1, 1, 2) });
    expect(() => shiftedCalibration(base, three)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('priorCalibrator', () => {
  it('is the prior correction to the shares of the rows', async () => {
    const calibration = await priorCalibrator({ seenShares: Float64Array.of(1, 4) }).fit(column, y, {
      weights: Float64Array.from(twenty.labels, (label) => (label === 1 ? 1 : 3)),
    });
    // True shares 3 : 1, seen 1 : 4, so the odds are divided by 12.
    const p = calibration.apply(column);
    column.data.forEach((score, row) => {
      expect(p.data[2 * row + 1]).toBeCloseTo(score / 12 / (score / 12 + 1 - score), 14);
    });
    const read = calibrationFromJSON(JSON.parse(JSON.stringify(calibration)));
    expect([...read.apply(column).data]).toEqual([...p.data]);
    expect(() => calibrationFromJSON({ ...calibration.toJSON(), classes: ['a', 'b', 'c'] })).toThrow(
      expect.objectContaining({ code: 'bad-model' }),
    );
  });
});

describe('calibrators by input', () => {
  it('take scores or say that they cannot', async () => {
    const logits = matrix(
      column.data.map((p) => 3 * Math.log(p / (1 - p))),
      column.rows,
      1,
    );
    for (const entry of calibrators) {
      if (!entry.takesScores) {
        expect(() => entry.create({ input: 'scores' })).toThrow(expect.objectContaining({ code: 'bad-option' }));
        continue;
      }
      const p = (await entry.create({ input: 'scores' }).fit(logits, y)).apply(logits);
      expect(p.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
    // Decision values of several classes have no pairs.
    const three = matrix(
      Float64Array.from({ length: 30 }, (_, at) => Math.sin(at)),
      10,
      3,
    );
    const labels = { codes: Int32Array.from({ length: 10 }, (_, row) => row % 3), classes: [1, 2, 3] };
    const fitted = await calibratorByName('venn-abers').create({ input: 'scores' }).fit(three, labels);
    expect(fitted.apply(three).columns).toBe(3);
  });
});
