/** A class label as the user wrote it. Boolean targets become the strings `false` and `true`. */
export type ClassLabel = string | number;

/** Distinct labels, sorted: numbers by value, strings by code unit. All of one type. */
export type Classes = readonly ClassLabel[];

/** One label a row, as an index into `classes`. */
export interface Labels {
  readonly codes: Int32Array;
  readonly classes: Classes;
}

/** Labels of the given rows. The classes stay as they are, also those that no longer occur. */
export function subsetLabels(labels: Labels, rows: Int32Array): Labels {
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = labels.codes[rows[i]!]!;
  return Object.freeze({ codes, classes: labels.classes });
}
