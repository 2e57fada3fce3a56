import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { NumericRows } from '../dataset.ts';
import { nearestName } from '../nearest-name.ts';
import { quoted } from '../quoted.ts';
import { allRows } from '../select.ts';
import type { Column, ColumnKind, Table } from '../table.ts';
import { type ColumnPlan, type Feature, featuresOf } from './plan.ts';
import { type Strand, strandMaker } from './strands.ts';
import { writeDense, writeSparse } from './write-rows.ts';

/** How encoded rows are stored; decided when the encoder is fitted, so that training and prediction agree. */
export type EncodedLayout = 'dense' | 'csr';

/** Turns tables into numbers as its training rows taught it. */
export interface Encoder {
  /** Columns that it reads, with the kind in which they must be stored. */
  readonly inputs: readonly { readonly name: string; readonly kind: ColumnKind }[];
  readonly features: readonly Feature[];
  readonly featureNames: readonly string[];
  readonly layout: EncodedLayout;
  readonly notices: readonly Notice[];
  /**
   * `rows × features` numbers of the given rows of a table (all rows unless told), never NaN or infinite. Columns are found
   * by name and levels by their strings, so the table may have other columns, another order and other dictionaries.
   * Throws `missing-column` and `retyped-column` (see `asKind` for what is converted).
   */
  transform(table: Table, rows?: Int32Array): NumericRows;
  toJSON(): EncoderJSON;
}

/** A fitted encoder as plain data; `encoderFromJSON` checks and revives it. */
export interface EncoderJSON {
  readonly kind: 'encoder';
  readonly version: 1;
  readonly layout: EncodedLayout;
  readonly columns: readonly ColumnPlan[];
}

/** An encoder from its plans. */
export function encoderFromPlans(
  plans: readonly ColumnPlan[],
  layout: EncodedLayout,
  notices: readonly Notice[] = [],
): Encoder {
  const features: Feature[] = [];
  const makers = plans.map((plan) => {
    const first = features.length;
    features.push(...featuresOf(plan));
    return strandMaker(plan, first);
  });

  const transform = (table: Table, rows: Int32Array = allRows(table.rows)): NumericRows => {
    const columnOf = new Map(table.columns.map((column) => [column.name, column]));
    const strands: Strand[] = [];
    plans.forEach((plan, index) => {
      strands.push(...makers[index]!(found(columnOf, plan.name), rows));
    });
    const write = layout === 'dense' ? writeDense : writeSparse;
    return write(strands, rows, features.length);
  };

  return Object.freeze({
    inputs: Object.freeze(plans.map(({ name, kind }) => Object.freeze({ name, kind }))),
    features: Object.freeze(features),
    featureNames: Object.freeze(features.map((feature) => feature.name)),
    layout,
    notices: Object.freeze([...notices]),
    transform,
    toJSON: () => ({ kind: 'encoder', version: 1, layout, columns: plans }) as const,
  });
}

function found(columns: ReadonlyMap<string, Column>, name: string): Column {
  const column = columns.get(name);
  if (column) return column;
  const nearest = nearestName(name, [...columns.keys()]);
  const hint = nearest === undefined ? '' : `; the nearest name is ${quoted(nearest)}`;
  throw new CounterweightError('missing-column', `column ${quoted(name)} is missing from the table${hint}`, {
    column: name,
    ...(nearest === undefined ? {} : { nearest }),
  });
}
