import type { Matrix } from '../data/matrix.ts';
import type { RandomStream } from '../runtime/random.ts';
import type { IsolationTree } from './isolation-trees.ts';

/** An isolation tree that cuts along hyperplanes; nodes stand as in `IsolationTree`. */
export interface HyperplaneTree extends Pick<IsolationTree, 'left' | 'sizes'> {
  /** Rows go left where their product with the normal is at most this; 0 for a leaf. */
  readonly intercepts: Float64Array;
  /** Normals of the inner nodes in order of the nodes, each with one entry a column. */
  readonly normals: Float64Array;
}

/** Grows a tree on the sample, whose order changes; `level` + 1 columns share in a cut. */
export function growHyperplaneTree(
  { data, columns }: Matrix,
  sample: Int32Array,
  level: number,
  stream: RandomStream,
): HyperplaneTree {
  const most = Math.ceil(Math.log2(sample.length));
  const intercepts: number[] = [0];
  const normals: number[] = [];
  const left: number[] = [-1];
  const sizes: number[] = [0];
  const begins = [0];
  const ends = [sample.length];
  const depths = [0];
  for (let node = 0; node < left.length; node++) {
    const begin = begins[node]!;
    const end = ends[node]!;
    const cut =
      end - begin > 1 && depths[node]! < most ? drawCut({ data, columns, sample, begin, end }, level, stream) : null;
    if (!cut) {
      sizes[node] = end - begin;
      continue;
    }
    const middle = partition({ data, columns, sample, begin, end }, cut);
    intercepts[node] = cut.intercept;
    for (const slope of cut.normal) normals.push(slope);
    left[node] = left.length;
    for (const [from, to] of [
      [begin, middle],
      [middle, end],
    ] as const) {
      begins.push(from);
      ends.push(to);
      depths.push(depths[node]! + 1);
      intercepts.push(0);
      left.push(-1);
      sizes.push(0);
    }
  }
  return {
    intercepts: Float64Array.from(intercepts),
    normals: Float64Array.from(normals),
    left: Int32Array.from(left),
    sizes: Int32Array.from(sizes),
  };
}

interface NodeRows {
  readonly data: Float64Array;
  readonly columns: number;
  readonly sample: Int32Array;
  readonly begin: number;
  readonly end: number;
}

interface Cut {
  readonly normal: Float64Array;
  readonly intercept: number;
}

/** Normal slopes on columns drawn among those that vary, through a point of the box; null where none varies. */
function drawCut(node: NodeRows, level: number, stream: RandomStream): Cut | null {
  const { data, columns, sample, begin, end } = node;
  const least = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const largest = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (let i = begin; i < end; i++) {
    const at = sample[i]! * columns;
    for (let j = 0; j < columns; j++) {
      least[j] = Math.min(least[j]!, data[at + j]!);
      largest[j] = Math.max(largest[j]!, data[at + j]!);
    }
  }
  const varying = Int32Array.from(least.keys()).filter((j) => least[j]! < largest[j]!);
  if (varying.length === 0) return null;
  const active = Math.min(level + 1, varying.length);
  const normal = new Float64Array(columns);
  let intercept = 0;
  const chosen = active < varying.length ? stream.shuffle(varying).slice(0, active).sort() : varying;
  for (const j of chosen) {
    const slope = stream.normal();
    const share = stream.uniform();
    normal[j] = slope;
    intercept += slope * (least[j]! * (1 - share) + largest[j]! * share);
  }
  return { normal, intercept: Number.isFinite(intercept) ? intercept : 0 };
}

/** Brings the rows that go left to the front; returns where the others begin. */
function partition({ data, columns, sample, begin, end }: NodeRows, { normal, intercept }: Cut): number {
  let middle = begin;
  for (let i = begin; i < end; i++) {
    const row = sample[i]!;
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[row * columns + j]! * normal[j]!;
    if (sum > intercept) continue;
    sample[i] = sample[middle]!;
    sample[middle++] = row;
  }
  return middle;
}
