import type { Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { type CalibrationScores, calibrationScores, requireCalibrationRows } from './calibration-scores.ts';
import { calibrationFromJSON, fieldReader } from './conformal-json.ts';
import { groupedModel } from './grouped-model.ts';
import type { ConformalFitOptions, ConformalModel, ConformalPredictor } from './predictor.ts';
import { requireAlpha } from './rank-rule.ts';
import { requireUniform } from './row-randomness.ts';
import { raps } from './scores/adaptive.ts';
import { lac } from './scores/least-ambiguous.ts';
import { selectedRows, tuneRaps } from './scores/tune-raps.ts';

export const TUNED_RAPS_KIND = 'tuned-raps';

export interface TunedRapsOptions {
  /** The level to tune for; 0.1 unless told. Sets may be asked for at any level. */
  readonly alpha?: number | undefined;
  /** Share of the rows spent on tuning; 0.2 unless told. */
  readonly tuningShare?: number | undefined;
  readonly lambdas?: readonly number[] | undefined;
  readonly randomised?: boolean | undefined;
  readonly seed?: number | undefined;
}

/**
 * Split conformal prediction with RAPS, whose λ and kReg are tuned on a random part of the rows that then takes no part
 * in calibration, so that the marginal guarantee stands. Throws `too-few-rows` where no two rows are left for tuning.
 */
export function tunedRapsConformal(options: TunedRapsOptions = {}): ConformalPredictor {
  const { alpha = 0.1, tuningShare = 0.2, lambdas, randomised = true, seed = 0 } = options;
  requireAlpha(alpha);
  if (!(tuningShare > 0 && tuningShare < 1)) {
    throw new CounterweightError('bad-option', `tuningShare must lie between 0 and 1, got ${tuningShare}`);
  }
  const fit = (probabilities: Matrix, labels: Labels, { u }: ConformalFitOptions = {}) => {
    requireCalibrationRows(probabilities, labels, lac());
    const rows = labels.codes.length;
    if (u) requireUniform('u', u, rows);
    const order = randomStream(seed, 'conformal', 'tuned-raps').permutation(rows);
    const spent = Math.max(2, Math.round(tuningShare * rows));
    if (rows < spent) throw new CounterweightError('too-few-rows', `tuning RAPS needs at least two rows, got ${rows}`);
    const tuning = selectedRows(probabilities, labels, order.slice(0, spent));
    const rest = order.slice(spent);
    const kept = selectedRows(probabilities, labels, rest);
    const { lambda, kReg } = tuneRaps(tuning.probabilities, tuning.labels, { alpha, lambdas, randomised, seed });
    const calibration = calibrationScores(kept.probabilities, kept.labels, {
      score: raps({ lambda, kReg, randomised }),
      seed,
      u: u && Float64Array.from(rest, (row) => u[row]!),
    });
    return tunedModel(calibration, [tunedNotice(spent, lambda, kReg)]);
  };
  return Object.freeze({ name: TUNED_RAPS_KIND, fit });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function tunedRapsConformalFromJSON(json: unknown): ConformalModel {
  const read = fieldReader(json, TUNED_RAPS_KIND);
  return tunedModel(calibrationFromJSON(read), read.notices('notices'));
}

function tunedModel(calibration: CalibrationScores, notices: readonly Notice[]): ConformalModel {
  const grouping = { groupOfClass: new Int32Array(calibration.classes.length), groups: 1 };
  return groupedModel({ name: TUNED_RAPS_KIND, calibration, grouping, tooFew: 'full', notices, fields: { notices } });
}

function tunedNotice(rows: number, lambda: number, kReg: number): Notice {
  return {
    code: 'tuned-raps',
    severity: 'info',
    message: `${rows} of the calibration rows chose lambda ${lambda} and kReg ${kReg}; the others calibrate`,
    numbers: { rows, lambda, kReg },
  };
}
