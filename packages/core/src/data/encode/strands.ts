import { asKind } from '../as-kind.ts';
import type { CategoricalColumn, Column, DateTimeColumn, NumericColumn } from '../table.ts';
import { cyclicValues } from './date-parts.ts';
import { type CategoricalPlan, type ColumnPlan, featuresOf, type Standardisation, type TextPlan } from './plan.ts';
import { tokenise } from './tokens.ts';

/**
 * A strand writes some features of one column for many rows. Three forms cover every plan, so that the loops over rows
 * are few and plain.
 */
export type Strand = NumberStrand | CodeStrand | BagStrand;

/** One number a row. `rows` is null where `values` already has one entry an output row. */
export interface NumberStrand {
  readonly form: 'number';
  readonly values: Float64Array;
  readonly gathered: boolean;
  readonly standardisation: Standardisation;
  /** Feature of the value, -1 for none. */
  readonly feature: number;
  /** Feature that is 1 for a missing cell, -1 for none. */
  readonly missing: number;
}

/** At most one feature a row, with value 1: `featureOf[code + 1]`, -1 for none. */
export interface CodeStrand {
  readonly form: 'code';
  readonly codes: Int32Array | Int8Array;
  readonly featureOf: Int32Array;
}

/** Several features a row: those of entry `code + 1`, ascending. */
export interface BagStrand {
  readonly form: 'bag';
  readonly codes: Int32Array;
  readonly offsets: Int32Array;
  readonly features: Int32Array;
  readonly values: Float64Array;
}

const IDENTITY: Standardisation = { fill: 0, scale: 1, centre: 0, deviation: 1 };

/** Binds a plan to the columns of tables. What depends on a dictionary only is kept for as long as the dictionary lives. */
export function strandMaker(plan: ColumnPlan, first: number): (column: Column, rows: Int32Array) => Strand[] {
  const missing = plan.missing ? first + featuresOf(plan).length - 1 : -1;
  switch (plan.type) {
    case 'numeric':
      return (column) => {
        const { values } = asKind(column, 'numeric') as NumericColumn;
        return [numberStrand(values, plan.value, first, missing)];
      };
    case 'boolean': {
      const feature = plan.value ? first : -1;
      const featureOf = Int32Array.of(missing < 0 && plan.fill ? feature : missing, -1, feature);
      return (column) => [
        { form: 'code', codes: (asKind(column, 'boolean') as { values: Int8Array }).values, featureOf },
      ];
    }
    case 'categorical': {
      const featuresFor = remembered((dictionary) => levelFeatures(plan, dictionary, first, missing));
      return (column) => {
        const { codes, dictionary } = asKind(column, 'categorical') as CategoricalColumn;
        return [{ form: 'code', codes, featureOf: featuresFor(dictionary) }];
      };
    }
    case 'date-time':
      return (column, rows) => {
        const { values } = asKind(column, 'date-time') as DateTimeColumn;
        const strands: Strand[] = [numberStrand(values, plan.value, first, -1)];
        let feature = first + (plan.value ? 1 : 0);
        for (const part of plan.parts) {
          for (const wave of ['sine', 'cosine'] as const) {
            strands.push({
              form: 'number',
              values: cyclicValues(part, wave, values, rows),
              gathered: true,
              standardisation: IDENTITY,
              feature: feature++,
              missing: -1,
            });
          }
        }
        if (missing >= 0) strands.push(numberStrand(values, null, -1, missing));
        return strands.filter((strand) => strand.form !== 'number' || strand.feature >= 0 || strand.missing >= 0);
      };
    case 'text': {
      const bagsFor = remembered((dictionary) => textBags(plan, dictionary, first, missing));
      return (column) => {
        const { codes, dictionary } = asKind(column, 'categorical') as CategoricalColumn;
        return [{ form: 'bag', codes, ...bagsFor(dictionary) }];
      };
    }
  }
}

function numberStrand(
  values: Float64Array,
  value: Standardisation | null,
  feature: number,
  missing: number,
): NumberStrand {
  return {
    form: 'number',
    values,
    gathered: false,
    standardisation: value ?? IDENTITY,
    feature: value ? feature : -1,
    missing,
  };
}

function remembered<T>(make: (dictionary: readonly string[]) => T): (dictionary: readonly string[]) => T {
  const known = new WeakMap<readonly string[], T>();
  return (dictionary) => {
    let made = known.get(dictionary);
    if (made === undefined) known.set(dictionary, (made = make(dictionary)));
    return made;
  };
}

function levelFeatures(
  plan: CategoricalPlan,
  dictionary: readonly string[],
  first: number,
  missing: number,
): Int32Array {
  const featureOfLevel = new Map(plan.levels.map((level, index) => [level, first + index]));
  const otherwise = plan.rare ? first + plan.levels.length : -1;
  const featureOf = new Int32Array(dictionary.length + 1);
  featureOf[0] = missing < 0 ? otherwise : missing;
  dictionary.forEach((value, code) => {
    featureOf[code + 1] = featureOfLevel.get(value) ?? otherwise;
  });
  return featureOf;
}

/** Term frequency times inverse document frequency, each text scaled to length 1. */
function textBags(
  plan: TextPlan,
  dictionary: readonly string[],
  first: number,
  missing: number,
): Omit<BagStrand, 'form' | 'codes'> {
  const { vocabulary, offsets: starts, ids, counts } = tokenise(dictionary);
  const placeOf = new Map(plan.tokens.map((token, place) => [token, place]));
  const place = Int32Array.from(vocabulary, (token) => placeOf.get(token) ?? -1);
  const offsets = new Int32Array(dictionary.length + 2);
  const features: number[] = [];
  const values: number[] = [];
  if (missing >= 0) {
    features.push(missing);
    values.push(1);
  }
  offsets[1] = features.length;
  for (let text = 0; text < dictionary.length; text++) {
    const found: { place: number; weight: number }[] = [];
    let squares = 0;
    for (let at = starts[text]!; at < starts[text + 1]!; at++) {
      const token = place[ids[at]!]!;
      if (token < 0) continue;
      const weight = counts[at]! * plan.idf[token]!;
      found.push({ place: token, weight });
      squares += weight * weight;
    }
    found.sort((a, b) => a.place - b.place);
    for (const { place: token, weight } of found) {
      features.push(first + token);
      values.push(weight / Math.sqrt(squares));
    }
    offsets[text + 2] = features.length;
  }
  return { offsets, features: Int32Array.from(features), values: Float64Array.from(values) };
}
