import type { NumericRows } from '../../data/dataset.ts';
import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';
import { type BinningRows, binColumns, type ColumnBins } from './bin-columns.ts';
import { type BundlePlace, bundleColumns } from './bundle-columns.ts';
import { type Digit, joinColumns } from './join-columns.ts';

/** Columns stored side by side: a histogram task reads whole rows of a group. */
const GROUP_WIDTH = 16;
const BLOCK_ROWS = 4096;

/** A column of the rows that can be split: it has two bins at least, and as many rows in each of two as was asked for. */
export interface BinnedFeature extends Omit<BundlePlace, 'bundle'>, Digit, ColumnBins {
  /** Column of the rows as given. */
  readonly feature: number;
  /** Bins with the missing one. */
  readonly bins: number;
  readonly categorical: boolean;
}

export interface BinningOptions {
  readonly maxBins: number;
  readonly categorical: ReadonlySet<number>;
  /** Leaves of the trees whose histograms are built. */
  readonly leaves?: number | undefined;
  /** Features of two bins that have fewer rows in one of them are left out. */
  readonly least?: number | undefined;
}

interface Group {
  readonly address: number;
  readonly width: number;
  readonly first: number;
}

/** Rows as bytes in the kernels' memory. They are never copied again: trees and bags are lists of rows. */
export interface BinnedRows {
  readonly rows: number;
  readonly features: readonly BinnedFeature[];
  /** Bytes that may occur, of each stored column; features that share one are fewer columns than features. */
  readonly columns: readonly number[];
  /** Stored columns that are joined of several digits, those in their order. */
  readonly joined: readonly { readonly column: number; readonly digits: readonly Digit[] }[];
  readonly groups: readonly Group[];
  /** The groups as kernels read them. */
  readonly groupTable: KernelArray<Int32Array>;
  /** Address of a stored column's first cell, and bytes from one row to the next. */
  cellsOf(column: number): { readonly address: number; readonly width: number };
}

/**
 * Bins the rows and stores them in groups of columns, joined where that pays for histograms of trees of `leaves` leaves
 * (undefined for rows that are read without). Throws as `binColumns` does.
 */
export async function binRows(
  work: Work,
  X: NumericRows,
  rows: BinningRows,
  { maxBins, categorical, leaves = Number.POSITIVE_INFINITY, least = 1 }: BinningOptions,
): Promise<BinnedRows> {
  const { memory } = work;
  const binned = await binColumns(work, X, rows, maxBins);
  const { places, bundles } = bundleColumns(work, binned, least);
  const { digits, stored } = joinColumns(work, bundles, { rows: rows.count, bytes: binned.bytes, leaves });
  const features = places.flatMap(({ bundle, firstByte, defaultBin }, feature): BinnedFeature[] => {
    if (bundle < 0) return [];
    const column = binned.columns[feature]!;
    const bins = column.lows.length + (column.missing ? 1 : 0);
    const place = { ...digits[bundle]!, firstByte, defaultBin };
    return [{ ...place, ...column, feature, bins, categorical: categorical.has(feature) }];
  });
  compact(
    binned.bytes.view(),
    stored.map(({ source }) => source),
    rows.count,
  );
  const groupCount = Math.ceil(stored.length / GROUP_WIDTH);
  const groups: Group[] = [];
  const groupTable = memory.int32(Math.max(1, groupCount) * 4);
  for (let g = 0; g < groupCount; g++) {
    const first = Math.floor((g * stored.length) / groupCount);
    const width = Math.floor(((g + 1) * stored.length) / groupCount) - first;
    const { address } = memory.bytes(rows.count * width);
    await work.run('packBins', Math.ceil(rows.count / BLOCK_ROWS), [
      binned.bytes.address,
      rows.count,
      BLOCK_ROWS,
      first,
      width,
      address,
    ]);
    groups.push({ address, width, first });
    groupTable.view().set([address, width, first, 0], g * 4);
  }
  memory.release(binned.bytes);
  const groupOf = groups.flatMap((group) => Array<Group>(group.width).fill(group));
  return Object.freeze({
    rows: rows.count,
    features,
    columns: stored.map((column) => column.bytes),
    joined: stored.flatMap((column, at) =>
      column.bundles.length > 1 ? [{ column: at, digits: column.bundles.map((bundle) => digits[bundle]!) }] : [],
    ),
    groups,
    groupTable,
    cellsOf: (column: number) => {
      const { address, first, width } = groupOf[column]!;
      return { address: address + column - first, width };
    },
  });
}

function compact(bytes: Uint8Array, stored: readonly number[], rows: number): void {
  stored.forEach((feature, at) => {
    if (feature !== at) bytes.copyWithin(at * rows, feature * rows, (feature + 1) * rows);
  });
}
