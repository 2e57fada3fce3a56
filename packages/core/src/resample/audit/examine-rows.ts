import type { Dataset } from '../../data/dataset.ts';
import type { Matrix } from '../../data/matrix.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { denseRows } from '../dense-rows.ts';
import type { Resampled } from '../resampler.ts';
import type { CellCounts, SyntheticFlag } from './audit-result.ts';
import { syntheticFlags } from './audit-result.ts';
import type { CellRules } from './cell-rules.ts';
import { ON_SEGMENT, OUT_OF_RANGE, onSegment } from './hull-check.ts';
import { hashRows, type RowContents, rowContents, sameCells, sameRow } from './row-contents.ts';
import { emptySurroundings, type OriginalRows, type Surroundings } from './surroundings.ts';

/** Cells of the new rows that are held at a time. */
const CELLS_AT_ONCE = 2 ** 22;

/** What is known of the rows looked at; one entry a row. */
export interface ExaminedRows {
  /** Row of the output. */
  readonly rows: Int32Array;
  readonly codes: Int32Array;
  readonly around: Surroundings;
  /** One bit a flag, in the order of `syntheticFlags`. */
  readonly flags: Uint16Array;
  /** What is known of the row and its class's hull. */
  readonly hull: Uint8Array;
}

/** The bit of a flag. */
export function flagBit(flag: SyntheticFlag): number {
  return 1 << syntheticFlags.indexOf(flag);
}

const ruleFlags: CellCounts<number> = {
  outsideClass: flagBit('outside-class-range'),
  outsideData: flagBit('outside-data-range'),
  notWhole: flagBit('not-whole'),
  unseen: flagBit('unseen-value'),
};

export interface Examination {
  readonly original: Matrix;
  readonly codes: Int32Array;
  readonly resampled: Resampled;
  /** Output rows to look at, ascending. */
  readonly rows: Int32Array;
  readonly k: number;
  readonly index: OriginalRows;
  readonly scaled: (rows: Matrix) => Matrix;
  readonly rules: CellRules;
}

/** Looks at the new rows piece by piece: neighbours, equal rows, cells, and what is known of hulls without a test. */
export async function examineRows(request: Examination, run: RunOptions): Promise<ExaminedRows> {
  const { original, resampled, rows } = request;
  const { X, y } = resampled.data;
  const examined: ExaminedRows = {
    rows,
    codes: rows.map((row) => y.codes[row]!),
    around: emptySurroundings(rows.length),
    flags: new Uint16Array(rows.length),
    hull: new Uint8Array(rows.length),
  };
  const originals = rowContents(hashRows(original), request.codes, (a, b) => sameRowOf(original, a, b));
  const hashes = new Int32Array(rows.length);
  const size = Math.max(1, Math.floor(CELLS_AT_ONCE / Math.max(1, original.columns)));
  for (let begin = 0; begin < rows.length; begin += size) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: 'audit', done: begin, total: rows.length });
    const end = Math.min(rows.length, begin + size);
    const piece = denseRows(X, rows.subarray(begin, end));
    const own = { signal: run.signal, runtime: run.runtime };
    const classes = examined.codes.subarray(begin, end);
    put(examined.around, await request.index.around(request.scaled(piece), classes, request.k, own), begin);
    const found = hashRows(piece);
    hashes.set(found, begin);
    for (let i = 0; i < piece.rows; i++) judgeRow(request, examined, originals, piece, i, found[i]!, begin + i);
  }
  flagEqualNewRows(resampled.data, examined, hashes);
  run.onProgress?.({ task: 'audit', done: rows.length, total: rows.length });
  return examined;
}

function sameRowOf({ data, columns }: Matrix, a: number, b: number): boolean {
  return sameCells(data, a * columns, data, b * columns, columns);
}

function put(into: Surroundings, piece: Surroundings, begin: number): void {
  for (const key of Object.keys(into) as (keyof Surroundings)[]) into[key].set(piece[key], begin);
}

function judgeRow(
  { original, resampled, rules, codes }: Examination,
  examined: ExaminedRows,
  originals: RowContents,
  piece: Matrix,
  row: number,
  hash: number,
  place: number,
): void {
  const { columns } = piece;
  const code = examined.codes[place]!;
  let flags = 0;
  const matches = (other: number) => sameCells(piece.data, row * columns, original.data, other * columns, columns);
  originals.find(hash, matches, (_, held) => {
    flags |= held === code ? COPIES_OWN : COPIES_OTHER;
  });
  const broken = rules.judge(piece, row, code);
  for (const rule of Object.keys(ruleFlags) as (keyof CellCounts<number>)[]) if (broken[rule]) flags |= ruleFlags[rule];
  const { provenance } = resampled;
  const output = examined.rows[place]!;
  const parents = [provenance.base[output]!, provenance.neighbour[output]!];
  const ofClass = parents.every((parent) => parent >= 0 && codes[parent] === code);
  if (flags & COPIES_OWN || (ofClass && onSegment(provenance, output, piece, row, original, rules.slack))) {
    examined.hull[place] = ON_SEGMENT;
  } else if (broken.outsideClass) {
    examined.hull[place] = OUT_OF_RANGE;
  }
  examined.flags[place] = flags;
}

const COPIES_OWN = flagBit('copies-own-class');
const COPIES_OTHER = flagBit('copies-other-class');
const REPEATS = flagBit('repeats-new-row');
const CLASHES = flagBit('clashes-with-new-row');

function flagEqualNewRows({ X }: Dataset, { rows, codes, flags }: ExaminedRows, hashes: Int32Array): void {
  const same = (a: number, b: number) => sameRow(X, rows[a]!, rows[b]!);
  const contents = rowContents(hashes, codes, same);
  for (let place = 0; place < rows.length; place++) {
    const matches = (other: number) => other === place || same(other, place);
    contents.find(hashes[place]!, matches, (first, code) => {
      if (code !== codes[place]) flags[place]! |= CLASHES;
      else if (first !== place) flags[place]! |= REPEATS;
    });
  }
}
