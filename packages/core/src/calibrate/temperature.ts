import { checkOptionNames } from '../data/check-option-names.ts';
import type { Classes, Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import type { Calibration, CalibrationJSON, Calibrator, CalibratorOptions, ScoreInput } from './calibrator.ts';
import { absentNotices, checkedFitRows, type FitRows, requireInput, requireScores } from './check-input.ts';
import { modelFields } from './model-fields.ts';
import { logitRows, softmaxInto } from './softmax-rows.ts';

export interface TemperatureOptions {
  /** `scores` for logits; default `probabilities`, whose logarithms are scaled. */
  readonly input?: ScoreInput;
}

export interface TemperatureCalibration extends Calibration {
  /** β = 1 / T: logits are multiplied by it. */
  readonly inverseTemperature: number;
}

/** ln β is sought between these, as in scikit-learn. */
const WIDEST = 10;

/**
 * Temperature scaling (Guo et al., 2017): softmax of β times the logits, β > 0 with the least log loss, by Newton's method
 * on ln β inside a bracket. The order of the classes in a row never changes.
 *
 * Where the log loss falls up to an end of e^-10 .. e^10, β stays there, with a notice. Probabilities below 2^-52 count as
 * that (scikit-learn adds 1e-12 to all). One column of logits z stands for (0, z); scikit-learn's (-z, z) halves its β.
 * Throws `bad-option`.
 */
export function temperatureCalibrator(options: TemperatureOptions = {}): Calibrator {
  checkOptionNames('the temperature calibrator', options, ['input']);
  const { input = 'probabilities' } = options;
  requireInput(input);
  return Object.freeze({
    name: 'temperature',
    fit: async (scores: Matrix, y: Labels, options?: CalibratorOptions) => {
      throwIfAborted(options?.signal);
      const rows = checkedFitRows(scores, y, options?.weights, input);
      const logScale = bestLogScale(rows, input);
      const notices = absentNotices(rows, 'nothing shows whether its probability is right');
      if (Math.abs(logScale) === WIDEST) {
        const message = `The log loss falls up to the end of the search, β = e^${logScale}; the calibration is a stopgap.`;
        notices.push({ code: 'at-bound', severity: 'warning', message });
      }
      return temperatureCalibration(rows.classes, input, Math.exp(logScale), notices);
    },
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function temperatureFromJSON(json: unknown): TemperatureCalibration {
  const fields = modelFields(json, 'temperature calibration');
  fields.oneOf('kind', 'temperature');
  fields.oneOf('version', 1);
  const inverse = fields.number('inverseTemperature');
  fields.require('inverseTemperature', inverse > 0);
  const input = fields.oneOf('input', 'probabilities', 'scores');
  return temperatureCalibration(fields.classes('classes'), input, inverse, fields.notices('notices'));
}

function temperatureCalibration(
  classes: Classes,
  input: ScoreInput,
  inverseTemperature: number,
  found: readonly Notice[],
): TemperatureCalibration {
  const notices = Object.freeze([...found]);
  const everyClass = Int32Array.from(classes.keys());
  return Object.freeze({
    name: 'temperature',
    classes,
    notices,
    inverseTemperature,
    apply: (scores: Matrix) => {
      requireScores(scores, classes.length, input);
      const { logits } = logitRows(scores, classes.length, everyClass, input);
      const out = new Float64Array(logits.data.length);
      const z = new Float64Array(classes.length);
      for (let start = 0; start < out.length; start += z.length) {
        let most = Number.NEGATIVE_INFINITY;
        for (let c = 0; c < z.length; c++) most = Math.max(most, logits.data[start + c]!);
        for (let c = 0; c < z.length; c++) z[c] = inverseTemperature * (logits.data[start + c]! - most);
        softmaxInto(z, out, start);
      }
      return matrix(out, scores.rows, classes.length);
    },
    toJSON: (): CalibrationJSON => ({
      kind: 'temperature',
      version: 1,
      classes,
      input,
      inverseTemperature,
      notices,
    }),
  });
}

/** The root in ln β of the derivative of the log loss, which is convex in β, so that the sign of the slope brackets it. */
function bestLogScale(rows: FitRows, input: ScoreInput): number {
  const everyClass = Int32Array.from(rows.classes.keys());
  const { logits } = logitRows(rows.scores, rows.classes.length, everyClass, input);
  let low = -WIDEST;
  let high = WIDEST;
  if (slopes(logits, rows, Math.exp(low)).first >= 0) return flatOrBound(logits, rows, low);
  if (slopes(logits, rows, Math.exp(high)).first <= 0) return high;
  let at = 0;
  for (let step = 0; step < 200; step++) {
    const scale = Math.exp(at);
    const { first, second } = slopes(logits, rows, scale);
    if (first > 0) high = at;
    else if (first < 0) low = at;
    else return at;
    // Derivatives in ln β: β L' and β² L'' + β L'.
    const curvature = scale * second + first;
    let next = curvature > 0 ? at - first / curvature : Number.NaN;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const change = Math.abs(next - at);
    at = next;
    if (change <= 1e-15) break;
  }
  return at;
}

/** Logits that say nothing have slope 0 everywhere: then they are left alone. */
function flatOrBound(logits: Matrix, rows: FitRows, low: number): number {
  const { first, second } = slopes(logits, rows, 1);
  return first === 0 && second === 0 ? 0 : low;
}

/** First and second derivative of the mean log loss in β: mean of E_p[z] - z_y, and of Var_p[z]. */
function slopes(logits: Matrix, { codes, weights }: FitRows, scale: number): { first: number; second: number } {
  const { data, columns } = logits;
  let first = 0;
  let second = 0;
  let total = 0;
  for (let row = 0, start = 0; row < codes.length; row++, start += columns) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < columns; c++) if (data[start + c]! > most) most = data[start + c]!;
    const own = data[start + codes[row]!]!;
    let mass = 0;
    let sum = 0;
    let squares = 0;
    for (let c = 0; c < columns; c++) {
      const e = Math.exp(scale * (data[start + c]! - most));
      if (e === 0) continue;
      const gap = data[start + c]! - own;
      mass += e;
      sum += e * gap;
      squares += e * gap * gap;
    }
    const mean = sum / mass;
    first += weights[row]! * mean;
    second += weights[row]! * Math.max(0, squares / mass - mean * mean);
    total += weights[row]!;
  }
  return { first: first / total, second: second / total };
}
