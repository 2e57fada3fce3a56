import type { Dataset } from '../../data/dataset.ts';
import type { ClassLabel } from '../../data/labels.ts';
import { selectRows } from '../../data/select.ts';
import { subsetDataset } from '../../data/subset-dataset.ts';
import type { Column, NumericColumn, Table } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { randomStream } from '../../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { largestRemainder } from '../allocate.ts';
import { replaySides } from '../assemble.ts';
import { quoted, rowsByClass } from '../class-counts.ts';
import { checkShapes } from '../options.ts';
import { emptyBlock, provenanceOfAppended, type SyntheticBlock } from '../over/synthetic-block.ts';
import { planSampling, type SamplingStrategy, type SamplingTarget } from '../sampling-strategy.ts';
import { type CellOptions, cellRules, changedNotices } from './cell-options.ts';
import { groupError, groupNotices } from './group-notices.ts';
import { madeRows } from './new-cells.ts';
import type { ResampledTable, TableResampler } from './table-resampler.ts';

export interface WithinGroupsParts {
  readonly name: string;
  readonly samplingStrategy: SamplingStrategy | undefined;
  readonly maxNew: number | undefined;
  readonly seed: number;
  readonly cells: CellOptions;
  /** Whether the method looks at the rows of the class only, so that one row of another class stands for all of them. */
  readonly classAlone: boolean;
  /** What there is to do once for the whole table; gives the method that adds rows to one class, numbers left as they come. */
  begin(table: Table): {
    readonly notices: readonly Notice[];
    make(strategy: SamplingStrategy, seed: number): TableResampler;
  };
}

/**
 * An over-sampler that makes every new row from parents of one group. What a class is to get is shared over its groups of two
 * rows or more, by largest remainder in proportion to their rows; then the method is run on each group's rows of the class and all
 * rows of the other classes. Throws `no-groups` for data without groups, `too-few-rows` where no group has two rows of a
 * class, and what the method throws.
 */
export function withinGroups(parts: WithinGroupsParts): TableResampler {
  const { name } = parts;
  return Object.freeze({ name, resample: (data: Dataset<Table>, run: RunOptions = {}) => resample(parts, data, run) });
}

interface Share {
  readonly target: SamplingTarget;
  /** Rows of the class in one group. */
  readonly rows: Int32Array;
  readonly count: number;
}

interface Piece {
  readonly table: Table;
  readonly block: SyntheticBlock;
}

async function resample(parts: WithinGroupsParts, data: Dataset<Table>, run: RunOptions): Promise<ResampledTable> {
  const { name, samplingStrategy = 'auto', maxNew } = parts;
  throwIfAborted(run.signal);
  checkShapes(data, 'table');
  const { groups } = data;
  if (!groups) throw new CounterweightError('no-groups', `${name}: withinGroups needs data with groups`);
  const plan = planSampling(samplingStrategy, data.y, { samplingType: 'over-sampling', maxNew });
  const members = rowsByClass(data.y, plan.counts);
  const notices: Notice[] = [...plan.notices];
  const shares = plan.targets
    .filter(({ count }) => count > 0)
    .flatMap((target) => sharesOf(target, members[target.code]!, groups, notices));
  const { make, notices: first } = parts.begin(data.X);
  const pieces: Piece[] = [];
  const said: Notice[] = [];
  run.onProgress?.({ task: name, done: 0, total: shares.length });
  for (const share of shares) {
    throwIfAborted(run.signal);
    const seed = randomStream(parts.seed, name, 'group', share.rows[0]!).integer(4294967296);
    const sub = subsetOf(data, share, parts.classAlone);
    const strategy = new Map([[share.target.label, share.rows.length + share.count]]);
    const quiet = { signal: run.signal, runtime: run.runtime };
    const made = await make(strategy, seed)
      .resample(sub.data, quiet)
      .catch((error: unknown) => {
        throw groupError(error);
      });
    pieces.push(pieceOf(name, made, sub.rows));
    said.push(...made.notices);
    run.onProgress?.({ task: name, done: pieces.length, total: shares.length });
  }
  return put(data, pieces, parts.cells, [...first, ...notices, ...groupNotices(said)]);
}

function sharesOf(target: SamplingTarget, rows: Int32Array, groups: Int32Array, notices: Notice[]): Share[] {
  const byGroup = new Map<number, number[]>();
  for (const row of rows) {
    const held = byGroup.get(groups[row]!);
    if (held) held.push(row);
    else byGroup.set(groups[row]!, [row]);
  }
  const all = [...byGroup.values()];
  const able = all.filter(({ length }) => length > 1);
  if (able.length === 0) {
    const message = `no group has two rows of class ${quoted(target.label)}, so none has two parents for a new row`;
    throw new CounterweightError('too-few-rows', message, { class: target.label });
  }
  if (able.length < all.length) notices.push(leftOut(target.label, all.length - able.length, all.length));
  const counts = largestRemainder(
    target.count,
    able.map(({ length }) => length),
  );
  return able.flatMap((own, i) => (counts[i]! > 0 ? [{ target, rows: Int32Array.from(own), count: counts[i]! }] : []));
}

function leftOut(label: ClassLabel, groups: number, all: number): Notice {
  return {
    code: 'groups-too-small',
    severity: 'info',
    message: `${groups} of ${all} groups have one row of class ${quoted(label)} and get no new rows of it`,
    class: label,
    numbers: { groups, all },
  };
}

/** The rows of the share and those of the other classes, in the order of the input. */
function subsetOf(data: Dataset<Table>, { target, rows: own }: Share, classAlone: boolean) {
  const { X, y } = data;
  const isOwn = new Uint8Array(X.rows);
  for (const row of own) isOwn[row] = 1;
  const rows = new Int32Array(X.rows);
  let count = 0;
  let others = 0;
  for (let row = 0; row < X.rows; row++) {
    if (isOwn[row] || (y.codes[row] !== target.code && (others++ === 0 || !classAlone))) rows[count++] = row;
  }
  const inside = rows.subarray(0, count);
  return { data: subsetDataset(data, inside), rows: inside };
}

function pieceOf(name: string, { data, provenance }: ResampledTable, rows: Int32Array): Piece {
  if (provenance.dropped.length > 0 || provenance.source.subarray(0, rows.length).some((row, i) => row !== i)) {
    const message = `${name} does more than add rows to the classes asked, which is all that withinGroups is for`;
    throw new CounterweightError('bad-option', message);
  }
  const made = madeRows(provenance);
  // Copies that stand for new rows follow the input rows of the subset.
  const fresh = Int32Array.from({ length: data.X.rows - rows.length }, (_, i) => rows.length + i);
  const block = emptyBlock(fresh.length);
  for (let i = 0; i < fresh.length; i++) {
    const at = fresh[i]!;
    for (const side of ['source', 'base', 'neighbour'] as const) {
      block[side][i] = provenance[side][at]! < 0 ? -1 : rows[provenance[side][at]!]!;
    }
    block.gap[i] = provenance.gap[at]!;
  }
  return { table: selectRows(data.X, made.length === fresh.length ? made : fresh), block };
}

function put(data: Dataset<Table>, pieces: readonly Piece[], cells: CellOptions, notices: Notice[]): ResampledTable {
  const blocks = pieces.map(({ block }) => block);
  const provenance = provenanceOfAppended(data.X.rows, blocks);
  const rules = cellRules(data.X, cells);
  const changed = new Map<string, { rounded: number; clipped: number }>();
  const columns = data.X.columns.map((column, index) => {
    const all = appended(
      column,
      pieces.map(({ table }) => table.columns[index]!),
    );
    const rule = column.kind === 'numeric' ? rules.get(column.name) : undefined;
    if (rule) changed.set(column.name, rule((all as NumericColumn).values, data.X.rows));
    return all;
  });
  const X: Table = Object.freeze({ kind: 'table', rows: provenance.source.length, columns });
  return Object.freeze({
    data: Object.freeze({ X, ...replaySides(data, provenance) }),
    provenance,
    notices: [...notices, ...changedNotices(changed)],
  });
}

/** The cells of a column and of its continuations, whose dictionaries are the same. */
function appended(column: Column, parts: readonly Column[]): Column {
  if (column.kind === 'categorical') {
    const codes = parts.map((part) => (part as typeof column).codes);
    return Object.freeze({ ...column, codes: joined(column.codes, codes, Int32Array) });
  }
  if (column.kind === 'boolean') {
    const values = parts.map((part) => (part as typeof column).values);
    return Object.freeze({ ...column, values: joined(column.values, values, Int8Array) });
  }
  const values = parts.map((part) => (part as NumericColumn).values);
  return Object.freeze({ ...column, values: joined(column.values, values, Float64Array) });
}

function joined<A extends Int32Array | Int8Array | Float64Array>(
  first: A,
  parts: readonly A[],
  Kind: { new (length: number): A },
): A {
  const all = new Kind(parts.reduce((sum, { length }) => sum + length, first.length));
  all.set(first);
  let end = first.length;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
