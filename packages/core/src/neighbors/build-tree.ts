import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';
import type { Frame } from './frame.ts';
import { LEAF, writePlan } from './plan.ts';
import type { UniqueRows } from './unique-rows.ts';

/** Rows that are brought into kernel memory at once to be projected. */
const CHUNK_ROWS = 16384;
/** Rows that one task of the kernel projects; must equal BLOCK of the kernel. */
const PROJECT_BLOCK = 256;
/** Keys that the kernel chooses a pivot from. */
const PIVOTS = 64;

/** A search tree in kernel memory. */
export interface NeighbourTree {
  readonly plan: KernelArray<Uint8Array>;
  readonly columns: number;
  readonly frame: Frame;
  /** Rows of the tree, one a point, in leaf order. */
  readonly rows: KernelArray<Float64Array>;
  readonly points: number;
  readonly leaves: number;
  /** Place of each point of `unique` in leaf order. */
  readonly placeOf: Int32Array;
}

/** Rows in leaf order: node after node is split in halves of whole leaves. */
export async function leafOrder(
  work: Work,
  plan: KernelArray<Uint8Array>,
  frame: Frame,
  rows: {
    readonly count: number;
    readonly columns: number;
    fill(target: Float64Array, first: number, count: number): void;
  },
): Promise<Int32Array> {
  const { memory, threads } = work;
  const { count, columns } = rows;
  const { axes } = frame;
  const keys = memory.bytes(axes * count * 4);
  const block = memory.float64(Math.min(count, CHUNK_ROWS) * columns);
  const scratch = memory.bytes(threads * (columns + axes) * 8);
  for (let first = 0; first < count; first += CHUNK_ROWS) {
    const size = Math.min(CHUNK_ROWS, count - first);
    rows.fill(block.view(), first, size);
    const args = [plan.address, block.address, size, keys.address, count, first, scratch.address];
    await work.run('projectNeighbours', Math.ceil(size / PROJECT_BLOCK), args);
  }
  const result = await splitOrder(work, keys.address, count, axes);
  for (const taken of [keys, block, scratch]) memory.release(taken);
  return result;
}

/** Rows in leaf order by float32 keys, `axes × count`: the axis of the largest variance is halved. */
export async function splitOrder(work: Work, keys: number, count: number, axes: number): Promise<Int32Array> {
  const { memory, threads } = work;
  const order = memory.int32(count);
  const numbered = order.view();
  for (let i = 0; i < count; i++) numbered[i] = i;
  const sorted = memory.bytes(count * 4);
  const scratch = memory.bytes(threads * PIVOTS * 4);
  const leaves = Math.ceil(count / LEAF);
  const nodes = memory.int32(Math.max(2, leaves));
  for (let level = [0, leaves]; level.length > 0 && leaves > 1; ) {
    nodes.view().set(level);
    const args = [nodes.address, count, axes, keys, order.address, sorted.address, scratch.address];
    await work.run('splitNeighbours', level.length / 2, args);
    const next: number[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const middle = (level[i]! + level[i + 1]!) >> 1;
      if (middle - level[i]! > 1) next.push(level[i]!, middle);
      if (level[i + 1]! - middle > 1) next.push(middle, level[i + 1]!);
    }
    level = next;
  }
  const result = order.view().slice();
  for (const taken of [order, sorted, scratch, nodes]) memory.release(taken);
  return result;
}

/** Builds the tree of row-major data whose equal rows are taken together. */
export async function buildTree(
  work: Work,
  data: Float64Array,
  columns: number,
  unique: UniqueRows,
  frame: Frame,
  norm: number,
): Promise<NeighbourTree> {
  const { memory, threads } = work;
  const points = unique.count;
  const leaves = Math.ceil(points / LEAF);
  const { axes } = frame;
  const stride = Math.ceil(axes / 2) * 2;
  const origin = memory.float64(columns);
  origin.view().set(frame.origin);
  const rotation = memory.float64(Math.max(1, frame.rotation?.length ?? 0));
  if (frame.rotation) rotation.view().set(frame.rotation);
  const picked = memory.int32(Math.max(1, frame.picked.length));
  picked.view().set(frame.picked);
  const rotated = frame.rotation ? 1 : 0;
  const inner = [stride, 0, 0, origin.address, rotation.address, picked.address];
  const numbers = [frame.scale, frame.stretch];
  const sketch = writePlan(
    memory,
    [columns, axes, points, leaves, norm, rotated, 0, 0, 0, 0, 0, 0, 0, ...inner],
    numbers,
  );
  const order = await leafOrder(work, sketch, frame, {
    count: points,
    columns,
    fill: (target, first, count) => copyRows(data, columns, unique.first.subarray(first, first + count), target),
  });
  memory.release(sketch);

  const rows = memory.float64(points * columns);
  const placed = Int32Array.from(order, (point) => unique.first[point]!);
  copyRows(data, columns, placed, rows.view());
  const placeOf = new Int32Array(points);
  for (let place = 0; place < points; place++) placeOf[order[place]!] = place;
  const { starts, members } = listMembers(work, unique, placeOf);
  const panels = memory.bytes(leaves * axes * LEAF * 4);
  const centres = memory.float64(leaves * axes);
  const halves = memory.bytes(leaves * axes * 4);
  const blurs = memory.bytes(leaves * 4);
  const norms = memory.bytes(leaves * LEAF * 4);
  const boxes = memory.float64((2 * leaves - 1) * stride * 2);
  const blocks = [rows, panels, centres, halves, blurs, norms, boxes].map(({ address }) => address);
  const outer = [stride, starts.address, members.address, origin.address, rotation.address, picked.address];
  const plan = writePlan(memory, [columns, axes, points, leaves, norm, rotated, ...blocks, ...outer], numbers);

  const { leafNodes, inner: innerNodes } = numberNodes(leaves);
  const nodes = memory.int32(Math.max(1, leaves + innerNodes.length));
  nodes.view().set(leafNodes);
  nodes.view().set(innerNodes, leaves);
  const scratch = memory.bytes(threads * (columns + LEAF * axes) * 8);
  await work.run('packNeighbourLeaves', leaves, [plan.address, nodes.address, scratch.address]);
  memory.call('joinNeighbourBoxes', plan.address, nodes.address + leaves * 4, innerNodes.length / 3);
  memory.release(scratch);
  memory.release(nodes);
  return { plan, columns, frame, rows, points, leaves, placeOf };
}

/** Copies the named rows of row-major data. */
export function copyRows(data: Float64Array, columns: number, rows: Int32Array, target: Float64Array): void {
  for (let i = 0, at = 0; i < rows.length; i++) {
    const from = rows[i]! * columns;
    for (let j = 0; j < columns; j++) target[at++] = data[from + j]!;
  }
}

/** Rows of each point, ascending, points in leaf order. */
export function listMembers({ memory }: Work, unique: UniqueRows, placeOf: Int32Array) {
  const starts = memory.int32(unique.count + 1, 'zero');
  const members = memory.int32(unique.pointOf.length);
  const begins = starts.view();
  const listed = members.view();
  for (const point of unique.pointOf) begins[placeOf[point]! + 1]!++;
  for (let i = 0; i < unique.count; i++) begins[i + 1]! += begins[i]!;
  const cursor = begins.slice();
  for (let row = 0; row < unique.pointOf.length; row++) listed[cursor[placeOf[unique.pointOf[row]!]!]!++] = row;
  return { starts, members };
}

/** Preorder numbers: of each leaf; and of inner nodes with their leaves, parents first. */
function numberNodes(leaves: number): { leafNodes: Int32Array; inner: Int32Array } {
  const leafNodes = new Int32Array(leaves);
  const inner: number[] = [];
  const waiting: [node: number, a: number, b: number][] = [[0, 0, leaves]];
  for (let at = 0; at < waiting.length; at++) {
    const [node, a, b] = waiting[at]!;
    if (b - a === 1) {
      leafNodes[a] = node;
      continue;
    }
    inner.push(node, a, b);
    const middle = (a + b) >> 1;
    waiting.push([node + 1, a, middle], [node + 2 * (middle - a), middle, b]);
  }
  return { leafNodes, inner: Int32Array.from(inner) };
}
