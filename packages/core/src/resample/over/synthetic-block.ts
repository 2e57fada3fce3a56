import type { Dataset, NumericRows } from '../../data/dataset.ts';
import { matrix } from '../../data/matrix.ts';
import { type SparseMatrix, sparseMatrix } from '../../data/sparse.ts';
import type { Notice } from '../../runtime/notices.ts';
import { assemble } from '../assemble.ts';
import { replayRows } from '../replay.ts';
import type { Provenance, Resampled } from '../resampler.ts';

/** New rows of one class: their provenance, and their features where provenance does not give them. */
export interface SyntheticBlock extends Omit<Provenance, 'dropped'> {
  /** Row-major, `source.length × columns`; left out where rows are copies or lie between base and neighbour. */
  readonly features?: Float64Array | undefined;
}

/** A block of `rows` rows that say nothing yet: -1 and NaN throughout. */
export function emptyBlock(rows: number): Omit<SyntheticBlock, 'features'> {
  return {
    source: new Int32Array(rows).fill(-1),
    base: new Int32Array(rows).fill(-1),
    neighbour: new Int32Array(rows).fill(-1),
    gap: new Float64Array(rows).fill(Number.NaN),
  };
}

/** The blocks one after the other; none of them has features of its own. */
export function joinedBlocks(blocks: readonly SyntheticBlock[]): SyntheticBlock {
  const { source, base, neighbour, gap } = provenanceOfAppended(0, blocks);
  return { source, base, neighbour, gap };
}

/** The rows of the class in turn, `count` of them. */
export function copiesInTurn(count: number, rows: Int32Array): SyntheticBlock {
  const block = emptyBlock(count);
  for (let i = 0; i < count; i++) block.source[i] = rows[i % rows.length]!;
  return block;
}

/** Of all `rows` input rows in their order, then the blocks in theirs. */
export function provenanceOfAppended(rows: number, blocks: readonly SyntheticBlock[]): Provenance {
  const end = blocks.reduce((total, { source }) => total + source.length, rows);
  const all = {
    source: new Int32Array(end),
    base: new Int32Array(end).fill(-1, 0, rows),
    neighbour: new Int32Array(end).fill(-1, 0, rows),
    gap: new Float64Array(end).fill(Number.NaN, 0, rows),
  };
  for (let row = 0; row < rows; row++) all.source[row] = row;
  let start = rows;
  for (const { source, base, neighbour, gap } of blocks) {
    all.source.set(source, start);
    all.base.set(base, start);
    all.neighbour.set(neighbour, start);
    all.gap.set(gap, start);
    start += source.length;
  }
  return Object.freeze({ ...all, dropped: new Int32Array(0) });
}

/** All input rows in their order, then the blocks in theirs. Sparse input gives sparse output. */
export function assembleAppended(
  data: Dataset,
  blocks: readonly SyntheticBlock[],
  notices: readonly Notice[],
): Resampled {
  const provenance = provenanceOfAppended(data.X.rows, blocks);
  if (blocks.every(({ features }) => features === undefined)) return assemble(data, provenance, notices);
  return assemble(data, provenance, notices, withFeatures(data.X, provenance, blocks));
}

/** What provenance gives, with the blocks that bring features of their own written over it. */
function withFeatures(X: NumericRows, provenance: Provenance, blocks: readonly SyntheticBlock[]): NumericRows {
  // Rows that bring their features have no neighbour to be replayed from: their base holds their place.
  const placed = provenance.source.map((row, i) =>
    row < 0 && provenance.neighbour[i]! < 0 ? provenance.base[i]! : row,
  );
  const replayed = replayRows({ ...provenance, source: placed }, X);
  if (replayed.kind === 'dense') {
    const cells = replayed.data;
    let row = X.rows;
    for (const { source, features } of blocks) {
      if (features) cells.set(features, row * X.columns);
      row += source.length;
    }
    return matrix(cells, replayed.rows, X.columns);
  }
  return compressedWith(replayed, X.rows, blocks);
}

/** As `withFeatures`, for sparse rows; what is 0 is not stored. */
function compressedWith(replayed: SparseMatrix, first: number, blocks: readonly SyntheticBlock[]): SparseMatrix {
  const { columns } = replayed;
  const offsets = new Int32Array(replayed.rows + 1);
  offsets.set(replayed.offsets.subarray(0, first + 1));
  const indices: Int32Array[] = [replayed.indices.slice(0, replayed.offsets[first]!)];
  const values: Float64Array[] = [replayed.values.slice(0, replayed.offsets[first]!)];
  let row = first;
  for (const { source, features } of blocks) {
    for (let i = 0; i < source.length; i++, row++) {
      const [own, cells] = features
        ? stored(features.subarray(i * columns, (i + 1) * columns))
        : storedIn(replayed, row);
      indices.push(own);
      values.push(cells);
      offsets[row + 1] = offsets[row]! + own.length;
    }
  }
  const end = offsets[replayed.rows]!;
  return sparseMatrix(offsets, joined(indices, new Int32Array(end)), joined(values, new Float64Array(end)), columns);
}

function stored(cells: Float64Array): [Int32Array, Float64Array] {
  const own: number[] = [];
  for (let j = 0; j < cells.length; j++) if (cells[j] !== 0) own.push(j);
  return [Int32Array.from(own), Float64Array.from(own, (j) => cells[j]!)];
}

function storedIn({ offsets, indices, values }: SparseMatrix, row: number): [Int32Array, Float64Array] {
  return [indices.subarray(offsets[row]!, offsets[row + 1]!), values.subarray(offsets[row]!, offsets[row + 1]!)];
}

function joined<A extends Int32Array | Float64Array>(parts: readonly A[], into: A): A {
  let end = 0;
  for (const part of parts) {
    into.set(part, end);
    end += part.length;
  }
  return into;
}
