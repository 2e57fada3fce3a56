/**
 * A table of typed columns, immutable by convention. This is storage only; what a column means (identifier, constant,
 * free text ...) is inferred in schema.ts.
 */
export interface NumericColumn {
  readonly kind: 'numeric';
  readonly name: string;
  /** NaN marks a missing cell. Infinities do not occur: readers refuse them. */
  readonly values: Float64Array;
}

export interface BooleanColumn {
  readonly kind: 'boolean';
  readonly name: string;
  /** 1 true, 0 false, -1 missing. */
  readonly values: Int8Array;
}

/** Strings of any kind: categories, identifiers, free text. */
export interface CategoricalColumn {
  readonly kind: 'categorical';
  readonly name: string;
  /** Index into `dictionary`, or -1 for a missing cell. */
  readonly codes: Int32Array;
  /** Distinct values sorted by code unit; every entry occurs at least once in a table as read, but not in a subset of it. */
  readonly dictionary: readonly string[];
}

export interface DateTimeColumn {
  readonly kind: 'date-time';
  readonly name: string;
  /** Milliseconds since 1970-01-01T00:00Z; NaN marks a missing cell. */
  readonly values: Float64Array;
}

export type Column = NumericColumn | BooleanColumn | CategoricalColumn | DateTimeColumn;
export type ColumnKind = Column['kind'];

export interface Table {
  readonly kind: 'table';
  readonly rows: number;
  readonly columns: readonly Column[];
}
