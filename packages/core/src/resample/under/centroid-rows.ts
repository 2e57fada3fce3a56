import type { Dataset, NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { type SparseMatrix, sparseMatrix } from '../../data/sparse.ts';
import type { Notice } from '../../runtime/notices.ts';
import { assemble, droppedRows } from '../assemble.ts';
import { denseRows } from '../dense-rows.ts';
import type { Resampled } from '../resampler.ts';

/** Output rows: copies of input rows, or centroids, each with the input row nearest to it. */
export type RowBlock = { readonly copies: Int32Array } | { readonly centroids: Matrix; readonly nearest: Int32Array };

/**
 * The output of blocks of copies and centroids. A centroid's label, weight and group are those of the nearest row of its
 * cluster, which provenance gives as its base, with neither neighbour nor gap.
 */
export function assembleBlocks(data: Dataset, blocks: readonly RowBlock[], notices: readonly Notice[]): Resampled {
  const rows = blocks.reduce((total, block) => total + sizeOf(block), 0);
  const source = new Int32Array(rows).fill(-1);
  const base = new Int32Array(rows).fill(-1);
  let end = 0;
  for (const block of blocks) {
    if ('copies' in block) source.set(block.copies, end);
    else base.set(block.nearest, end);
    end += sizeOf(block);
  }
  const provenance = Object.freeze({
    source,
    base,
    neighbour: new Int32Array(rows).fill(-1),
    gap: new Float64Array(rows).fill(Number.NaN),
    dropped: droppedRows(source, data.X.rows),
  });
  return assemble(data, provenance, notices, features(data.X, blocks, rows));
}

const sizeOf = (block: RowBlock) => ('copies' in block ? block.copies.length : block.centroids.rows);

function features(X: NumericRows, blocks: readonly RowBlock[], rows: number): NumericRows {
  const parts = blocks.map((block) => ('copies' in block ? denseRows(X, block.copies) : block.centroids));
  if (X.kind === 'csr') return compressed(parts, X.columns);
  const data = new Float64Array(rows * X.columns);
  let end = 0;
  for (const part of parts) {
    data.set(part.data, end);
    end += part.data.length;
  }
  return matrix(data, rows, X.columns);
}

/** Stores what is not 0. */
function compressed(parts: readonly Matrix[], columns: number): SparseMatrix {
  const offsets = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { rows, data } of parts) {
    for (let row = 0, at = 0; row < rows; row++) {
      for (let j = 0; j < columns; j++, at++) {
        if (data[at] === 0) continue;
        indices.push(j);
        values.push(data[at]!);
      }
      offsets.push(indices.length);
    }
  }
  return sparseMatrix(Int32Array.from(offsets), Int32Array.from(indices), Float64Array.from(values), columns);
}
