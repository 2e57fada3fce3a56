import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { checkCount } from '../folds.ts';
import type { Schema } from '../schema.ts';
import { columnFinder } from '../select.ts';
import type { Table } from '../table.ts';
import { type EncodedLayout, type Encoder, encoderFromPlans } from './encoder.ts';
import { type EncoderLimits, type FittedPlan, fitPlan } from './fit-plan.ts';
import { featuresOf } from './plan.ts';

export interface EncoderOptions {
  /** Levels of fewer training rows are grouped; see `fitEncoder` for what is taken unless told. */
  readonly minLevelCount?: number | undefined;
  /** Levels with a feature of their own a column: 200 unless told. */
  readonly maxLevels?: number | undefined;
  /** Words with a feature of their own a text column: 2,000 unless told. */
  readonly maxTokens?: number | undefined;
  /** Words in fewer training rows are passed over: 5 unless told. */
  readonly minTokenRows?: number | undefined;
  /** `auto` unless told. */
  readonly layout?: EncodedLayout | 'auto' | undefined;
}

/** Sparse rows cost 12 bytes and an indirection a stored value against 8 bytes, so they must leave out most. */
const SPARSE_BELOW = 0.25;
/** Narrow matrices are fastest dense whatever they hold. */
const SPARSE_FROM_FEATURES = 32;

/**
 * Fits an encoder on the given training rows only, for the columns that the schema uses, in their order.
 *
 * - Numbers: missing cells take the median of the training rows, then mean 0 and population standard deviation 1;
 *   values further than 10^6 standard deviations from the mean are brought to that distance.
 * - True or false: 1 or 0, a missing cell as the commoner one (true needs the majority).
 * - Categories: one 0/1 feature a level, in order of code unit, not scaled. Levels of fewer than `minLevelCount` rows
 *   and levels beyond the 200 most frequent share the feature `(rare)`. Unless told, `minLevelCount` is a hundredth of the
 *   training rows up to 10, and a two-thousandth where that is more; at least 2. A level not seen in training counts as
 *   rare, or as no level if no level was rare; so does a missing cell if none was missing in training.
 * - Dates: the time as a number, and sine and cosine of month, weekday and hour (UTC) where they vary.
 * - Text: lower-cased words in at least 5 training rows, at most the 2,000 most frequent; counts times
 *   `ln((1 + n) / (1 + rows with the word)) + 1`, each text scaled to Euclidean length 1 (as scikit-learn's TfidfVectorizer).
 *
 * Each has one more 0/1 feature for missing cells if the training rows have any. What is constant on the training rows
 * gives no feature. The layout is CSR if there are at least 32 features and less than a quarter of the cells is stored.
 * Throws `no-features` if nothing varies, `too-few-rows` without training rows, `no-such-column`, `bad-option`.
 */
export function fitEncoder(request: {
  readonly table: Table;
  readonly rows: Int32Array;
  readonly schema: Schema;
  readonly options?: EncoderOptions | undefined;
}): Encoder {
  const { table, rows, schema, options = {} } = request;
  if (rows.length === 0) throw new CounterweightError('too-few-rows', 'an encoder needs training rows, there are none');
  const limits = limitsOf(options, rows.length);
  const notices: Notice[] = [];
  const fitted: FittedPlan[] = [];
  const find = columnFinder(table);
  for (const { name, type, used } of schema.columns) {
    if (!used) continue;
    const plan = fitPlan(find(name), type, rows, limits, notices);
    if (plan) fitted.push(plan);
  }
  const features = fitted.reduce((count, { plan }) => count + featuresOf(plan).length, 0);
  if (features === 0) {
    throw new CounterweightError(
      'no-features',
      'no column varies on the training rows, so there is nothing to learn from',
    );
  }
  const stored = fitted.reduce((sum, plan) => sum + plan.stored, 0);
  const sparse = features >= SPARSE_FROM_FEATURES && stored < SPARSE_BELOW * features * rows.length;
  const layout =
    options.layout === undefined || options.layout === 'auto' ? (sparse ? 'csr' : 'dense') : options.layout;
  return encoderFromPlans(
    fitted.map(({ plan }) => plan),
    layout,
    notices,
  );
}

function limitsOf(options: EncoderOptions, rows: number): EncoderLimits {
  const limits = {
    minLevelCount: options.minLevelCount ?? Math.max(2, Math.min(10, Math.ceil(rows / 100)), Math.ceil(rows / 2000)),
    maxLevels: options.maxLevels ?? 200,
    maxTokens: options.maxTokens ?? 2000,
    minTokenRows: options.minTokenRows ?? 5,
  };
  for (const [name, value] of Object.entries(limits)) checkCount(name, value, 1);
  return limits;
}
