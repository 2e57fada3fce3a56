import { featuresOf } from '../../data/encode/plan.ts';
import type { ColumnPlan, DatePart } from '../../data/index.ts';
import { quoted } from '../../data/quoted.ts';
import { float32Condition, LARGEST_FLOAT32, leastFloat32Above } from '../../learn/export/float32-threshold.ts';
import type { XgboostSplit } from '../../learn/export/xgboost-text.ts';
import { CounterweightError } from '../../runtime/errors.ts';

/** A column that XGBoost asks for; a missing cell is NaN. */
export interface XgboostColumn {
  readonly name: string;
  /** `q`: the number itself, or 1 and 0 for true and false. `c`: the place of the cell's level among `categories`. */
  readonly type: 'q' | 'c';
  /** The levels in the order of their codes; whatever is none of them has the code after the last. */
  readonly categories?: readonly string[];
}

/** How an encoded feature at or below a threshold is asked of the raw column. */
export type RawQuestion = Pick<XgboostSplit, 'question' | 'missingLeft'>;

/** An encoded feature as XGBoost can ask for it. */
export interface RawFeature {
  readonly column: XgboostColumn;
  /** Throws `not-exportable` for dates and text. */
  atMost(threshold: number): RawQuestion;
}

/** Every encoded feature, in the order of the matrix, as a question about a raw column. */
export function rawFeatures(plans: readonly ColumnPlan[]): RawFeature[] {
  return plans.flatMap((plan) => {
    switch (plan.type) {
      case 'numeric':
        return numberFeatures(plan);
      case 'boolean':
        return booleanFeatures(plan);
      case 'categorical':
        return levelFeatures(plan);
      default:
        return featuresOf(plan).map(() => refusedFeature(plan));
    }
  });
}

const FURTHEST = 1e6;

function numberFeatures(plan: Extract<ColumnPlan, { type: 'numeric' }>): RawFeature[] {
  const column = { name: plan.name, type: 'q' } as const;
  const features: RawFeature[] = [];
  if (plan.value) {
    const { fill, scale, centre, deviation } = plan.value;
    const encoded = (value: number) => Math.max(-FURTHEST, Math.min(FURTHEST, (value * scale - centre) / deviation));
    const noise = (16 * Number.EPSILON * Math.abs(centre)) / scale;
    features.push({
      column,
      // Encoding never falls, so the values that pass are those up to some number.
      atMost: (threshold) => ({
        question: { condition: float32Condition((value) => encoded(value) <= threshold, noise) },
        missingLeft: encoded(fill) <= threshold,
      }),
    });
  }
  if (plan.missing) features.push({ column, atMost: missingAtMost });
  return features;
}

function booleanFeatures(plan: Extract<ColumnPlan, { type: 'boolean' }>): RawFeature[] {
  const column = { name: plan.name, type: 'q' } as const;
  const features: RawFeature[] = [];
  const fill = plan.fill && !plan.missing ? 1 : 0;
  if (plan.value) {
    features.push({
      column,
      atMost: (threshold) => ({
        question: { condition: leastFloat32Above(threshold) },
        missingLeft: fill <= threshold,
      }),
    });
  }
  if (plan.missing) features.push({ column, atMost: missingAtMost });
  return features;
}

/** The feature that is 1 for a missing number and else 0. */
function missingAtMost(threshold: number): RawQuestion {
  return {
    question: { condition: threshold >= 0 ? LARGEST_FLOAT32 : -LARGEST_FLOAT32 },
    missingLeft: threshold >= 1,
  };
}

function levelFeatures(plan: Extract<ColumnPlan, { type: 'categorical' }>): RawFeature[] {
  const others = plan.levels.length;
  const column = { name: plan.name, type: 'c', categories: plan.levels } as const;
  // Code of a feature's own cells; cells of no code of the column give the others 0. NaN stands for missing cells.
  const own = [...plan.levels.keys(), ...(plan.rare ? [others] : []), ...(plan.missing ? [Number.NaN] : [])];
  const missing = plan.missing ? own.length - 1 : plan.rare ? others : -1;
  const unused = others + 1;
  return own.map((code, feature) => ({
    column,
    atMost: (threshold) => {
      const above = [...Array(others + 1).keys()].filter((cell) => (cell === code ? 1 : 0) > threshold);
      return {
        // A set must not be empty; a code that no cell has changes nothing.
        question: { categories: above.length > 0 ? above : [unused] },
        missingLeft: (feature === missing ? 1 : 0) <= threshold,
      };
    },
  }));
}

function refusedFeature(plan: Extract<ColumnPlan, { type: 'date-time' | 'text' }>): RawFeature {
  const why: string =
    plan.type === 'text'
      ? 'is free text, of which it has no words'
      : `is a date, which its float32 numbers cannot hold${cyclesOf(plan.parts)}`;
  return {
    column: { name: plan.name, type: 'q' },
    atMost: () => {
      throw new CounterweightError(
        'not-exportable',
        `XGBoost's format cannot hold this model: its trees ask for column ${quoted(plan.name)}, which ${why}`,
        { column: plan.name },
      );
    },
  };
}

const cyclesOf = (parts: readonly DatePart[]): string => (parts.length > 0 ? `, nor its ${parts.join(' and ')}` : '');
