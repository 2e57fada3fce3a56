import type { Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { requireLength } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type CalibrationScores, calibrationScores } from './calibration-scores.ts';
import { calibrationFromJSON, fieldReader, tooFewPolicies } from './conformal-json.ts';
import { groupedModel } from './grouped-model.ts';
import type { ConformalFitOptions, ConformalModel, ConformalPredictor, TooFewPolicy } from './predictor.ts';
import { lac } from './scores/least-ambiguous.ts';
import type { ConformalOptions } from './split.ts';

/** What rows are compared within: their class, a category known beforehand, or both. */
export type MondrianBy = 'class' | 'category' | 'class-and-category';

export interface MondrianConformalOptions extends ConformalOptions {
  /** `class` unless told. */
  readonly by?: MondrianBy | undefined;
  /** `full` unless told. */
  readonly tooFew?: TooFewPolicy | undefined;
}

const kinds: Readonly<Record<MondrianBy, string>> = {
  class: 'mondrian',
  category: 'mondrian-category',
  'class-and-category': 'mondrian-class-and-category',
};

/**
 * Mondrian conformal prediction: scores are compared within a class (label-conditional), within a category of rows, or
 * both, and the error rate holds within each, also for the rarest. Vovk, Lindsay, Nouretdinov, Gammerman (2003).
 *
 * With categories, `fit` and the model need their codes. Throws `bad-option` without them.
 */
export function mondrianConformal(options: MondrianConformalOptions = {}): ConformalPredictor {
  const { by = 'class', score = lac(), seed = 0, tooFew = 'full' } = options;
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) => {
    const categories = by === 'class' ? undefined : requireCategories(fitOptions.categories, labels.codes.length);
    return mondrianModel(
      calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u }),
      by,
      tooFew,
      categories?.slice(),
    );
  };
  return Object.freeze({ name: kinds[by], fit });
}

/** Reads what `toJSON` wrote, given what rows were compared within. Throws `bad-model`. */
export function mondrianConformalFromJSON(json: unknown, by: MondrianBy = 'class'): ConformalModel {
  const read = fieldReader(json, kinds[by]);
  const calibration = calibrationFromJSON(read);
  const categories = by === 'class' ? undefined : read.codes('categories', calibration.codes.length, MOST_CATEGORIES);
  return mondrianModel(calibration, by, read.oneOf('tooFew', tooFewPolicies), categories);
}

/** Categories are codes without gaps, not identifiers: a table has a place for each up to the largest. */
const MOST_CATEGORIES = 65_536;

function mondrianModel(
  calibration: CalibrationScores,
  by: MondrianBy,
  tooFew: TooFewPolicy,
  categories: Int32Array | undefined,
): ConformalModel {
  const classes = calibration.classes.length;
  const byClass = by !== 'category';
  const groupOfClass = Int32Array.from({ length: classes }, (_, code) => (byClass ? code : 0));
  const grouping = { groupOfClass, groups: byClass ? classes : 1, categories };
  const fields = { tooFew, ...(categories && { categories: [...categories] }) };
  return groupedModel({ name: kinds[by], calibration, grouping, tooFew, notices: [], fields });
}

function requireCategories(categories: Int32Array | undefined, rows: number): Int32Array {
  if (!categories)
    throw new CounterweightError('bad-option', 'this conformal predictor needs the categories of the rows');
  requireLength('categories', categories.length, rows);
  const bad = categories.findIndex((code) => code < 0 || code >= MOST_CATEGORIES);
  if (bad >= 0) {
    throw new CounterweightError(
      'bad-option',
      `categories must be codes from 0 to ${MOST_CATEGORIES - 1}, got ${categories[bad]} in row ${bad}`,
      { row: bad },
    );
  }
  return categories;
}
