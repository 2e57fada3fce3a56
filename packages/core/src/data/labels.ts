/** A class label as the user wrote it. Boolean targets become the strings `false` and `true`. */
export type ClassLabel = string | number;

/** Distinct labels, sorted: numbers by value, strings by code unit. All of one type. */
export type Classes = readonly ClassLabel[];

/** One label a row, as an index into `classes`. */
export interface Labels {
  readonly codes: Int32Array;
  readonly classes: Classes;
}
