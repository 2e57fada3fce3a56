import type { Classes } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { Calibration, CalibrationJSON } from './calibrator.ts';
import { modelFields } from './model-fields.ts';
import { type PriorCorrection, priorCorrectionFromJSON } from './prior-correction.ts';
import type { VennAbersCalibration, VennAbersIntervals, VennAbersProblem } from './venn-abers.ts';

/** A calibration for a population whose class shares differ from those of the calibration rows. */
export interface ShiftedCalibration extends Calibration {
  readonly base: Calibration;
  readonly shift: PriorCorrection;
}

/**
 * Follows a calibration by a prior correction: fitted where the classes have the shares `shift.seenShares`, it is then right
 * where they have `shift.trueShares` and the classes look as before (label shift). The intervals of Venn-Abers move
 * along, their ends by the same odds as the probability. Throws `shape-mismatch` for another number of classes.
 */
export function shiftedCalibration(base: VennAbersCalibration, shift: PriorCorrection): ShiftedVennAbers;
export function shiftedCalibration(base: Calibration, shift: PriorCorrection): ShiftedCalibration;
export function shiftedCalibration(base: Calibration, shift: PriorCorrection): ShiftedCalibration {
  const { classes } = base;
  if (shift.trueShares.length !== classes.length) {
    throw new CounterweightError(
      'shape-mismatch',
      `the calibration has ${classes.length} classes, the prior correction ${shift.trueShares.length}`,
    );
  }
  const shifted = {
    name: base.name,
    classes: classes as Classes,
    notices: base.notices as readonly Notice[],
    base,
    shift,
    apply: (scores: Matrix) => shift.apply(base.apply(scores)),
    toJSON: (): CalibrationJSON => ({
      kind: 'shifted',
      version: 1,
      base: base.toJSON(),
      shift: shift.toJSON(),
    }),
  };
  if (!hasIntervals(base)) return Object.freeze(shifted);
  const intervals = (scores: Matrix) => shiftedIntervals(base.intervals(scores), shift);
  return Object.freeze({ ...shifted, merge: base.merge, intervals });
}

/** Venn-Abers under shifted shares. */
export type ShiftedVennAbers = ShiftedCalibration & Pick<VennAbersCalibration, 'merge' | 'intervals'>;

/** Whether a calibration says p0 and p1 of each row: Venn-Abers does, shifted or not. */
export function hasIntervals(calibration: Calibration): calibration is VennAbersCalibration {
  return 'intervals' in calibration && typeof calibration.intervals === 'function';
}

/** Reads what `toJSON` wrote; `read` reads the calibration inside. Throws `bad-model`. */
export function shiftedFromJSON(json: unknown, read: (json: unknown) => Calibration): ShiftedCalibration {
  const fields = modelFields(json, 'shifted calibration');
  fields.oneOf('kind', 'shifted');
  fields.oneOf('version', 1);
  const inner = fields.any('base');
  // One shift says all that several would, and a file must not nest without end.
  fields.require('base', typeof inner === 'object' && inner !== null && !('base' in inner));
  const base = read(inner);
  const shift = priorCorrectionFromJSON(fields.any('shift'));
  fields.require('shift', shift.trueShares.length === base.classes.length);
  return shiftedCalibration(base, shift);
}

function shiftedIntervals(found: VennAbersIntervals, shift: PriorCorrection): VennAbersIntervals {
  if (shift.isIdentity) return found;
  const { problems, lower, upper } = found;
  const factors = problems.map((problem) => oddsFactor(problem, shift));
  const moved = ({ data, rows, columns }: Matrix) =>
    matrix(
      data.map((p, at) => movedByOdds(p, factors[at % columns]!)),
      rows,
      columns,
    );
  const ends = { lower: moved(lower), upper: moved(upper) };
  const width = found.width.map((before, row) => {
    // The width is that of the widest problem of the row's likeliest class: the one it had before.
    let widest = 0;
    for (let i = 0; i < problems.length; i++) {
      const at = row * problems.length + i;
      if (upper.data[at]! - lower.data[at]! !== before) continue;
      widest = Math.max(widest, ends.upper.data[at]! - ends.lower.data[at]!);
    }
    return widest;
  });
  return { problems, ...ends, width };
}

/** By what the odds of a problem's class change. */
function oddsFactor({ positive, negative }: VennAbersProblem, { trueShares, seenShares }: PriorCorrection): number {
  const against = (shares: Float64Array) => (negative === null ? 1 - shares[positive]! : shares[negative]!);
  return (trueShares[positive]! * against(seenShares)) / (seenShares[positive]! * against(trueShares));
}

function movedByOdds(p: number, factor: number): number {
  const own = p * factor;
  return own / (own + 1 - p);
}
