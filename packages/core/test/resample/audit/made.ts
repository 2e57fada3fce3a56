import type { Dataset } from '../../../src/data/dataset.ts';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import type { Resampled } from '../../../src/resample/resampler.ts';
import { labelsOf, rowsOf } from '../data.ts';

export type DenseDataset = Dataset & { readonly X: Matrix };

/** Rows with their labels, label first. */
export function datasetOf(rows: readonly (readonly [ClassLabel, ...number[]])[]): DenseDataset {
  return { X: rowsOf(rows.map(([, ...cells]) => cells as number[])), y: labelsOf(rows.map(([label]) => label)) };
}

/** A new row: its label and cells; its parents and gap, where it says that it has them. */
export interface NewRow {
  readonly label: ClassLabel;
  readonly cells: readonly number[];
  readonly base?: number;
  readonly neighbour?: number;
  readonly gap?: number;
}

/** The resampling that appends the given rows to the data. */
export function withNewRows({ X, y }: DenseDataset, made: readonly NewRow[]): Resampled {
  const rows = X.rows + made.length;
  const data = new Float64Array(rows * X.columns);
  data.set(X.data);
  data.set(
    made.flatMap(({ cells }) => cells),
    X.data.length,
  );
  const tail = (value: (row: NewRow) => number) => [...new Array<number>(X.rows).fill(-1), ...made.map(value)];
  return {
    data: {
      X: matrix(data, rows, X.columns),
      y: {
        classes: y.classes,
        codes: Int32Array.from([...y.codes, ...made.map(({ label }) => y.classes.indexOf(label))]),
      },
    },
    provenance: {
      source: Int32Array.from({ length: rows }, (_, row) => (row < X.rows ? row : -1)),
      base: Int32Array.from(tail(({ base = -1 }) => base)),
      neighbour: Int32Array.from(tail(({ neighbour = -1 }) => neighbour)),
      gap: Float64Array.from(tail(({ gap = Number.NaN }) => gap)),
      dropped: new Int32Array(0),
    },
    notices: [],
  };
}
