import type { ColumnKind } from '../table.ts';

/**
 * What a fitted encoder does with each column: plain data, written to the model file as it stands. Each plan gives its
 * features in a fixed order, which `featuresOf` states.
 */
export type ColumnPlan = NumericPlan | BooleanPlan | CategoricalPlan | DateTimePlan | TextPlan;

/** Standardised value: `(fill or value) * scale`, minus `centre`, divided by `deviation`. */
export interface Standardisation {
  /** Median of the training rows, taken for a missing cell. */
  readonly fill: number;
  /** A power of two that keeps sums and squares of extreme values in range; 1 for ordinary ones. */
  readonly scale: number;
  readonly centre: number;
  readonly deviation: number;
}

interface PlanOf<Type extends string, Kind extends ColumnKind> {
  readonly type: Type;
  readonly kind: Kind;
  readonly name: string;
  /** Whether missing cells have a feature of their own. */
  readonly missing: boolean;
}

export interface NumericPlan extends PlanOf<'numeric', 'numeric'> {
  /** Null where all values of the training rows are equal. */
  readonly value: Standardisation | null;
}

export interface BooleanPlan extends PlanOf<'boolean', 'boolean'> {
  /** False where all values of the training rows are equal. */
  readonly value: boolean;
  /** The commoner value of the training rows, taken for a missing cell. */
  readonly fill: boolean;
}

export interface CategoricalPlan extends PlanOf<'categorical', 'categorical'> {
  /** Levels with a feature each, in order of code unit. */
  readonly levels: readonly string[];
  /** Whether all other levels share a feature. */
  readonly rare: boolean;
}

export interface DateTimePlan extends PlanOf<'date-time', 'date-time'> {
  readonly value: Standardisation | null;
  /** The parts of the date that vary, each as sine and cosine of its place in its cycle. */
  readonly parts: readonly DatePart[];
}

export type DatePart = 'month' | 'weekday' | 'hour';

export interface TextPlan extends PlanOf<'text', 'categorical'> {
  /** The vocabulary in order of code unit. */
  readonly tokens: readonly string[];
  /** Inverse document frequency of each token. */
  readonly idf: readonly number[];
}

/** One column of an encoded matrix. */
export interface Feature {
  /** For people: `age`, `job = student`, `job = (rare)`, `age is missing`. */
  readonly name: string;
  /** Column of the table that it comes from. */
  readonly column: string;
  readonly role: 'value' | 'level' | 'rare' | 'missing' | 'token' | `${DatePart}-sine` | `${DatePart}-cosine`;
  /** The level or the token. */
  readonly level?: string;
}

const RESERVED = new Set(['(rare)']);

/** The features of a plan, in the order of their columns in the matrix. */
export function featuresOf(plan: ColumnPlan): Feature[] {
  const column = plan.name;
  const features: Feature[] = [];
  switch (plan.type) {
    case 'numeric':
    case 'boolean':
      if (plan.value) features.push({ name: column, column, role: 'value' });
      break;
    case 'categorical':
      for (const level of plan.levels) {
        const shown = RESERVED.has(level) ? `"${level}"` : level;
        features.push({ name: `${column} = ${shown}`, column, role: 'level', level });
      }
      if (plan.rare) features.push({ name: `${column} = (rare)`, column, role: 'rare' });
      break;
    case 'date-time':
      if (plan.value) features.push({ name: column, column, role: 'value' });
      for (const part of plan.parts) {
        features.push({ name: `${column}, ${part} (sine)`, column, role: `${part}-sine` });
        features.push({ name: `${column}, ${part} (cosine)`, column, role: `${part}-cosine` });
      }
      break;
    case 'text':
      for (const token of plan.tokens) {
        features.push({ name: `${column} has "${token}"`, column, role: 'token', level: token });
      }
      break;
  }
  if (plan.missing) features.push({ name: `${column} is missing`, column, role: 'missing' });
  return features;
}
