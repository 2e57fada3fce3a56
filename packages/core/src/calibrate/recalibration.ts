import type { Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { betaCalibrator } from './beta.ts';
import { type CalibrationCheck, calibrationCheck } from './calibration-check.ts';
import type { Calibration, CalibrationJSON, Calibrator } from './calibrator.ts';
import { vectorScalingCalibrator } from './linear-softmax.ts';
import { modelFields } from './model-fields.ts';
import { type PriorCorrection, type PriorCorrectionJSON, priorCorrectionFromJSON } from './prior-correction.ts';
import { calibrationFromJSON } from './registry.ts';

/** What is done with a model's probabilities. */
export type RecalibrationDecision = 'none' | 'prior-correction' | 'recalibrated';

export interface RecalibrationOptions extends RunOptions {
  /** Out-of-fold probabilities as the model gives them, `rows × classes`. */
  readonly probabilities: Matrix;
  readonly y: Labels;
  /** Weights of the rows where the model is used, not those it was balanced with. */
  readonly weights?: Float64Array | undefined;
  /** The analytic correction of a resampled or weighted model; without it the raw probabilities are judged. */
  readonly correction?: PriorCorrection | undefined;
  /** Level of the check, default 0.95. */
  readonly level?: number | undefined;
  /**
   * What mends probabilities that fail. Default: for two classes logistic recalibration (`beta` with `am`: a slope and an intercept
   * on the logit), for more vector scaling.
   */
  readonly calibrator?: Calibrator | undefined;
}

/** The chosen map of raw probabilities to calibrated ones. */
export interface Recalibration {
  readonly decision: RecalibrationDecision;
  readonly correction: PriorCorrection | null;
  readonly calibration: Calibration | null;
  /** The very same matrix where the decision is `none`. Throws `shape-mismatch`, `bad-scores`. */
  apply(probabilities: Matrix): Matrix;
  toJSON(): RecalibrationJSON;
}

export interface RecalibrationJSON {
  readonly kind: 'recalibration';
  readonly version: 1;
  readonly decision: RecalibrationDecision;
  readonly correction: PriorCorrectionJSON | null;
  readonly calibration: CalibrationJSON | null;
}

/** The checks that the decision did not need are taken when they are asked for. */
export interface RecalibrationResult {
  readonly recalibration: Recalibration;
  readonly raw: CalibrationCheck;
  /** Null without a correction that changes anything. */
  readonly corrected: CalibrationCheck | null;
  /** On the rows that the calibration was fitted to; null where there was none. */
  readonly recalibrated: CalibrationCheck | null;
  readonly notices: readonly Notice[];
}

/**
 * Decides by `calibrationCheck` on held-out rows how a model's probabilities are put right.
 *
 * The analytic correction is kept if its result passes. It over-corrects learners that memorise copied rows; so if it fails
 * and the raw probabilities pass, these are kept, and if both fail a calibrator is fitted to the corrected ones. A notice
 * tells of both. Depends on its arguments only. Throws as `calibrationCheck` and the calibrator.
 */
export async function heldOutRecalibration(options: RecalibrationOptions): Promise<RecalibrationResult> {
  const { probabilities, y, weights, level, signal } = options;
  const correction = options.correction?.isIdentity ? null : (options.correction ?? null);
  // A check costs a regression a class, and who wants the decision alone need not pay for those that it does not hang on.
  const check = (judged: Matrix) =>
    once(() => calibrationCheck({ probabilities: judged, truth: y.codes, weights, level }));
  const raw = check(probabilities);
  const moved = correction ? correction.apply(probabilities) : null;
  const corrected = moved ? check(moved) : null;
  const finished = (
    recalibration: Recalibration,
    notices: readonly Notice[],
    recalibrated: (() => CalibrationCheck) | null,
  ): RecalibrationResult =>
    Object.freeze({
      recalibration,
      get raw() {
        return raw();
      },
      get corrected() {
        return corrected?.() ?? null;
      },
      get recalibrated() {
        return recalibrated?.() ?? null;
      },
      notices: Object.freeze(notices),
    });
  if (corrected?.().passes) return finished(recalibrationOf('prior-correction', correction, null), [], null);
  if (raw().passes) return finished(recalibrationOf('none', null, null), corrected ? [correctionFailed()] : [], null);
  const calibrator =
    options.calibrator ?? (y.classes.length === 2 ? betaCalibrator({ parameters: 'am' }) : vectorScalingCalibrator());
  const start = moved ?? probabilities;
  const calibration = await calibrator.fit(start, y, { weights, signal });
  const notice: Notice = {
    code: 'recalibrated',
    severity: 'info',
    message: `Out-of-fold probabilities ${corrected ? 'after the prior correction ' : ''}failed the calibration check; ${calibration.name} was fitted to them.`,
  };
  const recalibration = recalibrationOf('recalibrated', correction, calibration);
  return finished(recalibration, [notice, ...calibration.notices], check(calibration.apply(start)));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The analytic correction alone, unchecked: for where there are no held-out rows to judge it by. */
export function priorRecalibration(correction: PriorCorrection): Recalibration {
  return correction.isIdentity
    ? recalibrationOf('none', null, null)
    : recalibrationOf('prior-correction', correction, null);
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function recalibrationFromJSON(json: unknown): Recalibration {
  const fields = modelFields(json, 'recalibration');
  fields.oneOf('kind', 'recalibration');
  fields.oneOf('version', 1);
  const decision = fields.oneOf<RecalibrationDecision>('decision', 'none', 'prior-correction', 'recalibrated');
  const [correction, calibration] = [fields.any('correction'), fields.any('calibration')];
  fields.require('correction', decision === 'recalibrated' || (correction === null) === (decision === 'none'));
  fields.require('calibration', (calibration === null) === (decision !== 'recalibrated'));
  return recalibrationOf(
    decision,
    correction === null ? null : priorCorrectionFromJSON(correction),
    calibration === null ? null : calibrationFromJSON(calibration),
  );
}

function correctionFailed(): Notice {
  return {
    code: 'correction-left-out',
    severity: 'info',
    message:
      'The prior correction failed the calibration check on out-of-fold rows, the raw probabilities passed and are kept.',
  };
}

function recalibrationOf(
  decision: RecalibrationDecision,
  correction: PriorCorrection | null,
  calibration: Calibration | null,
): Recalibration {
  return Object.freeze({
    decision,
    correction,
    calibration,
    apply: (probabilities: Matrix) => {
      const moved = correction ? correction.apply(probabilities) : probabilities;
      return calibration ? calibration.apply(moved) : moved;
    },
    toJSON: (): RecalibrationJSON => ({
      kind: 'recalibration',
      version: 1,
      decision,
      correction: correction?.toJSON() ?? null,
      calibration: calibration?.toJSON() ?? null,
    }),
  });
}
