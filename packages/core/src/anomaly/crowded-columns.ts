import type { Matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';

/**
 * 1 for each column with more than one value and yet one value in more than half of the rows, so that its median absolute deviation is 0:
 * a flag, or a count that is mostly 0. With it, so many rows lie in a plane, and nothing is told by that of the other columns.
 */
export function crowdedColumns({ rows, columns, data }: Matrix, constant: Uint8Array): Uint8Array {
  const crowded = new Uint8Array(columns);
  for (let j = 0; j < columns; j++) {
    if (constant[j]) continue;
    const value = majority(data, columns, j);
    let count = 0;
    for (let at = j; at < data.length; at += columns) if (data[at] === value) count++;
    if (2 * count > rows) crowded[j] = 1;
  }
  return crowded;
}

/** The value of more than half the rows, if there is one, else any (Boyer and Moore's vote). */
function majority(data: Float64Array, columns: number, j: number): number {
  let value = data[j]!;
  let votes = 0;
  for (let at = j; at < data.length; at += columns) {
    if (votes === 0) value = data[at]!;
    votes += data[at] === value ? 1 : -1;
  }
  return value;
}

/** Gives crowded columns without variance among the rows kept the one they have among all, and no correlation. */
export function restoreCrowded(
  { columns, data }: Matrix,
  crowded: Uint8Array,
  kept: Int32Array,
  covariance: Float64Array,
  classical: Float64Array,
): void {
  for (let j = 0; j < columns; j++) {
    if (!crowded[j]) continue;
    const first = data[kept[0]! * columns + j];
    if (kept.some((row) => data[row * columns + j] !== first)) continue;
    for (let k = 0; k < columns; k++) covariance[j * columns + k] = covariance[k * columns + j] = 0;
    covariance[j * columns + j] = classical[j * columns + j]!;
  }
}

export function crowdedNotices(crowded: Uint8Array): Notice[] {
  const columns = crowded.reduce((sum, flag) => sum + flag, 0);
  if (columns === 0) return [];
  const column = String(crowded.indexOf(1));
  const what = columns === 1 ? `column ${column} has` : `${columns} columns (the first is column ${column}) have`;
  return [
    Object.freeze({
      code: 'crowded-columns',
      severity: 'info',
      message: `${what} one value in most rows: the rows to trust are chosen by the other columns`,
      column,
      numbers: Object.freeze({ columns }),
    }),
  ];
}
