import type { BinnedColumns } from './bin-columns.ts';

/** Where a feature's bins lie among the bytes of its stored column. */
export interface FeaturePlace {
  /** Stored column. */
  column: number;
  /** Byte of the feature's first bin that has a byte of its own. */
  firstByte: number;
  /** Bin that shares byte 0 with the defaults of its neighbours in the column; -1 where the column is the feature's alone. */
  defaultBin: number;
}

/** Share of zeros from which a feature may share its column. */
const SPARSE_SHARE = 0.3;
/** Columns begun last that are tried for each feature; those of one categorical column stand together. */
const TRIED = 24;
const MOST_BINS = 64;

interface Bundle {
  readonly members: { readonly feature: number; readonly rows: Int32Array; readonly zero: number }[];
  readonly taken: Uint8Array;
  bytes: number;
}

/**
 * Puts features that are never non-zero in the same row (the levels of a categorical column) together in one column of
 * bytes. Nothing is lost, since a shared byte names the feature and its bin (exclusive feature bundling, Ke et al. 2017, with
 * no conflict allowed). Rewrites the bytes of the first member; returns the places and the columns that are left.
 */
export function bundleColumns({ rows, columns, bytes }: BinnedColumns): {
  places: FeaturePlace[];
  stored: number[];
} {
  const view = bytes.view();
  const bundles: Bundle[] = [];
  const bundleOf = new Map<number, Bundle>();
  columns.forEach((column, feature) => {
    const zero = zeroBin(column);
    const bins = column.lows.length + (column.missing ? 1 : 0);
    if (zero < 0 || bins < 2 || bins > MOST_BINS) return;
    const cells = view.subarray(feature * rows, (feature + 1) * rows);
    const others = rowsWithout(cells, zero, Math.floor(rows * (1 - SPARSE_SHARE)));
    if (!others) return;
    const member = { feature, rows: others, zero };
    let bundle = bundles.slice(-TRIED).find((one) => one.bytes + bins - 1 <= 256 && fits(one.taken, others));
    if (!bundle) {
      bundle = { members: [], taken: new Uint8Array(rows), bytes: 1 };
      bundles.push(bundle);
    }
    bundle.members.push(member);
    bundle.bytes += bins - 1;
    for (const row of others) bundle.taken[row] = 1;
    bundleOf.set(feature, bundle);
  });

  const places: FeaturePlace[] = columns.map(() => ({ column: -1, firstByte: 0, defaultBin: -1 }));
  const stored: number[] = [];
  columns.forEach((column, feature) => {
    const bundle = bundleOf.get(feature);
    const leader = bundle?.members[0]?.feature ?? feature;
    if (leader !== feature) return;
    if (column.lows.length + (column.missing ? 1 : 0) < 2) return;
    if (bundle && bundle.members.length > 1) writeBundle(bundle, view, rows, stored.length, places, columns);
    else places[feature]!.column = stored.length;
    stored.push(feature);
  });
  return { places, stored };
}

function zeroBin({ lows, highs, missing }: BinnedColumns['columns'][number]): number {
  for (let b = 0; b < lows.length; b++) if (lows[b] === 0 && highs[b] === 0) return b + (missing ? 1 : 0);
  return -1;
}

/** Rows whose byte is another; undefined if they are more than `most`. */
function rowsWithout(cells: Uint8Array, byte: number, most: number): Int32Array | undefined {
  let count = 0;
  for (let i = 0; i < cells.length; i++) if (cells[i] !== byte) count++;
  if (count > most) return undefined;
  const rows = new Int32Array(count);
  for (let i = 0, at = 0; i < cells.length; i++) if (cells[i] !== byte) rows[at++] = i;
  return rows;
}

function fits(taken: Uint8Array, rows: Int32Array): boolean {
  for (let i = 0; i < rows.length; i++) if (taken[rows[i]!]) return false;
  return true;
}

function writeBundle(
  bundle: Bundle,
  view: Uint8Array,
  rows: number,
  column: number,
  places: FeaturePlace[],
  columns: BinnedColumns['columns'],
): void {
  const shared = new Uint8Array(rows);
  let first = 1;
  for (const { feature, rows: others, zero } of bundle.members) {
    const cells = view.subarray(feature * rows, (feature + 1) * rows);
    for (const row of others) shared[row] = first + (cells[row]! > zero ? cells[row]! - 1 : cells[row]!);
    places[feature] = { column, firstByte: first, defaultBin: zero };
    first += columns[feature]!.lows.length + (columns[feature]!.missing ? 1 : 0) - 1;
  }
  const leader = bundle.members[0]!.feature;
  view.set(shared, leader * rows);
}
