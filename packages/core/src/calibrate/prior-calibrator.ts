import { checkOptionNames } from '../data/check-option-names.ts';
import type { Classes, Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import type { Calibration, CalibrationJSON, Calibrator, CalibratorOptions } from './calibrator.ts';
import { absentNotices, checkedFitRows, requireScores } from './check-input.ts';
import { modelFields } from './model-fields.ts';
import {
  type PriorCorrection,
  priorCorrection,
  priorCorrectionFromJSON,
  requireShareList,
} from './prior-correction.ts';

export interface PriorCalibratorOptions {
  /** Shares, counts or weights of the classes in what the model learned from, in the order of the classes. */
  readonly seenShares: Float64Array;
}

/**
 * `priorCorrection` as a calibrator: the true shares are those of the rows that it is fitted to. It moves all
 * probabilities by one step on the logit and learns nothing else from the rows, so few suffice; that a model memorises or
 * overfits it cannot mend. Throws as `priorCorrection` when fitted.
 */
export function priorCalibrator(options: PriorCalibratorOptions): Calibrator {
  checkOptionNames('the prior calibrator', options, ['seenShares']);
  const { seenShares } = options;
  requireShareList('seenShares', seenShares);
  return Object.freeze({
    name: 'prior',
    fit: async (scores: Matrix, y: Labels, options?: CalibratorOptions) => {
      throwIfAborted(options?.signal);
      const rows = checkedFitRows(scores, y, options?.weights, 'probabilities');
      const notices = absentNotices(rows, 'its probability becomes 0');
      return calibrationOf(rows.classes, priorCorrection({ trueShares: rows.totals, seenShares }), notices);
    },
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function priorCalibrationFromJSON(json: unknown): Calibration {
  const fields = modelFields(json, 'prior calibration');
  fields.oneOf('kind', 'prior');
  fields.oneOf('version', 1);
  const classes = fields.classes('classes');
  const correction = priorCorrectionFromJSON(fields.any('correction'));
  fields.require('correction', correction.trueShares.length === classes.length);
  return calibrationOf(classes, correction, fields.notices('notices'));
}

function calibrationOf(classes: Classes, correction: PriorCorrection, found: readonly Notice[]): Calibration {
  const notices = Object.freeze([...found]);
  return Object.freeze({
    name: 'prior',
    classes,
    notices,
    apply: (scores: Matrix) => {
      requireScores(scores, classes.length, 'probabilities');
      return correction.apply(bothColumns(scores));
    },
    toJSON: (): CalibrationJSON => ({
      kind: 'prior',
      version: 1,
      classes,
      correction: correction.toJSON(),
      notices,
    }),
  });
}

/** One column of probabilities as two. */
function bothColumns(scores: Matrix): Matrix {
  if (scores.columns > 1) return scores;
  const out = new Float64Array(2 * scores.rows);
  for (let row = 0; row < scores.rows; row++) {
    out[2 * row] = 1 - scores.data[row]!;
    out[2 * row + 1] = scores.data[row]!;
  }
  return matrix(out, scores.rows, 2);
}
