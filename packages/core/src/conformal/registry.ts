import { CounterweightError } from '../runtime/errors.ts';
import { CLUSTERED_KIND, clusteredConformal, clusteredConformalFromJSON } from './clustered.ts';
import { CROSS_KIND, CV_PLUS_KIND, crossConformal, crossConformalFromJSON, cvPlus, cvPlusFromJSON } from './cross.ts';
import { FUZZY_KIND, fuzzyConformal, fuzzyConformalFromJSON } from './fuzzy.ts';
import { INTERP_Q_KIND, interpQ, interpQFromJSON } from './interp-q.ts';
import { LABEL_SHIFT_KIND, labelShiftConformal, labelShiftConformalFromJSON } from './label-shift.ts';
import { mondrianConformal, mondrianConformalFromJSON } from './mondrian.ts';
import type { ConformalModel, ConformalPredictor } from './predictor.ts';
import { RC3P_KIND, rc3p, rc3pFromJSON } from './rc3p.ts';
import { type ConformalOptions, SPLIT_KIND, splitConformal, splitConformalFromJSON } from './split.ts';
import { TUNED_RAPS_KIND, tunedRapsConformal, tunedRapsConformalFromJSON } from './tuned-raps.ts';

/** A predictor as programs find it by name; the common checks run over all of them. */
export interface ConformalPredictorEntry {
  /** Kebab-case name, also the `kind` of the model's JSON. */
  readonly name: string;
  /** Over what the error rate is promised: all rows, each class, each category; `none`: near it, not proved. */
  readonly guarantee: 'marginal' | 'class' | 'category' | 'class-and-category' | 'none';
  /** What `fit` needs beside probabilities and labels. */
  readonly needs?: 'categories' | 'folds' | undefined;
  /** True if a random part of the calibration rows is spent on tuning, clustering or correction. */
  readonly splitsRows: boolean;
  /** Makes the predictor with its defaults; `tuned-raps` has its own score. */
  create(options?: ConformalOptions): ConformalPredictor;
  /** Reads a model back. Throws `bad-model`. */
  fromJSON(json: unknown): ConformalModel;
}

const entry = (found: ConformalPredictorEntry) => Object.freeze(found);

export const conformalPredictors: readonly ConformalPredictorEntry[] = Object.freeze([
  entry({
    name: SPLIT_KIND,
    guarantee: 'marginal',
    splitsRows: false,
    create: splitConformal,
    fromJSON: splitConformalFromJSON,
  }),
  entry({
    name: 'mondrian',
    guarantee: 'class',
    splitsRows: false,
    create: mondrianConformal,
    fromJSON: (json) => mondrianConformalFromJSON(json),
  }),
  entry({
    name: 'mondrian-category',
    guarantee: 'category',
    needs: 'categories',
    splitsRows: false,
    create: (options) => mondrianConformal({ ...options, by: 'category' }),
    fromJSON: (json) => mondrianConformalFromJSON(json, 'category'),
  }),
  entry({
    name: 'mondrian-class-and-category',
    guarantee: 'class-and-category',
    needs: 'categories',
    splitsRows: false,
    create: (options) => mondrianConformal({ ...options, by: 'class-and-category' }),
    fromJSON: (json) => mondrianConformalFromJSON(json, 'class-and-category'),
  }),
  entry({
    name: CROSS_KIND,
    guarantee: 'none',
    needs: 'folds',
    splitsRows: false,
    create: crossConformal,
    fromJSON: crossConformalFromJSON,
  }),
  entry({
    name: CV_PLUS_KIND,
    guarantee: 'none',
    needs: 'folds',
    splitsRows: false,
    create: cvPlus,
    fromJSON: cvPlusFromJSON,
  }),
  entry({
    name: CLUSTERED_KIND,
    guarantee: 'none',
    splitsRows: true,
    create: clusteredConformal,
    fromJSON: clusteredConformalFromJSON,
  }),
  entry({ name: RC3P_KIND, guarantee: 'none', splitsRows: false, create: rc3p, fromJSON: rc3pFromJSON }),
  entry({ name: INTERP_Q_KIND, guarantee: 'none', splitsRows: false, create: interpQ, fromJSON: interpQFromJSON }),
  entry({
    name: FUZZY_KIND,
    guarantee: 'marginal',
    splitsRows: true,
    create: fuzzyConformal,
    fromJSON: fuzzyConformalFromJSON,
  }),
  entry({
    name: LABEL_SHIFT_KIND,
    guarantee: 'marginal',
    splitsRows: false,
    create: labelShiftConformal,
    fromJSON: labelShiftConformalFromJSON,
  }),
  entry({
    name: TUNED_RAPS_KIND,
    guarantee: 'marginal',
    splitsRows: true,
    create: (options = {}) => tunedRapsConformal({ seed: options.seed }),
    fromJSON: tunedRapsConformalFromJSON,
  }),
]);

/** Reads any conformal model back. Throws `bad-model`. */
export function conformalModelFromJSON(json: unknown): ConformalModel {
  const kind = ((json ?? {}) as Record<string, unknown>)['kind'];
  const found = conformalPredictors.find(({ name }) => name === kind);
  if (!found)
    throw new CounterweightError('bad-model', 'conformal model: field "kind" is missing or wrong', { field: 'kind' });
  return found.fromJSON(json);
}
