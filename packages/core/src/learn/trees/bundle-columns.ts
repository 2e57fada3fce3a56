import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';
import type { BinnedColumns } from './bin-columns.ts';

/** Where a feature's bins lie among the bytes of its bundle. */
export interface BundlePlace {
  /** Place of the bundle; -1 for a feature that no split can use, which has none. */
  readonly bundle: number;
  /** Byte of the feature's first bin that has a byte of its own. */
  readonly firstByte: number;
  /** Bin that shares byte 0 with the defaults of its neighbours in the bundle; -1 where the bundle is the feature's alone. */
  readonly defaultBin: number;
}

/** A column of bytes that one or more features share. */
export interface ColumnBundle {
  /** Feature whose cells hold the bytes. */
  readonly source: number;
  /** Bytes that may occur: 0 to one less. */
  readonly bytes: number;
}

/** Share of zeros from which a feature may share its column. */
const SPARSE_SHARE = 0.3;
/** Columns begun last that are tried for each feature; those of one categorical column stand together. */
const TRIED = 24;
const MOST_BINS = 64;

interface Bundle {
  readonly members: { readonly feature: number; readonly zero: number; readonly bins: number }[];
  /** Bits of the rows that are taken. */
  readonly taken: KernelArray<Uint8Array>;
  bytes: number;
}

/**
 * Puts features that are never non-zero in the same row (the levels of a categorical column) together in one column of
 * bytes. Nothing is lost, since a shared byte names the feature and its bin (exclusive feature bundling, Ke et al. 2017, with
 * no conflict allowed). Features of one bin, and of two of which one has fewer rows than `least`, are left out. Rewrites the
 * bytes of the first member.
 */
export function bundleColumns(
  { memory }: Work,
  { rows, columns, bytes }: BinnedColumns,
  least: number,
): { places: BundlePlace[]; bundles: ColumnBundle[] } {
  const bitBytes = Math.ceil(rows / 128) * 16;
  const open: Bundle[] = [];
  const bundleOf = new Map<number, Bundle>();
  let bits: KernelArray<Uint8Array> | undefined;
  const used = columns.map((column, feature) => {
    const zero = zeroBin(column);
    const bins = binsOf(column);
    const sparse = zero >= 0 && bins <= MOST_BINS;
    if (bins < 2 || (bins > 2 && !sparse)) return bins > 1;
    bits ??= memory.bytes(bitBytes);
    const { address } = bits;
    const others = memory.call('otherRows', bytes.address + feature * rows, rows, Math.max(0, zero), address);
    if (bins === 2 && Math.min(others, rows - others) < least) return false;
    if (!sparse || others > Math.floor(rows * (1 - SPARSE_SHARE))) return true;
    const fits = (one: Bundle) =>
      one.bytes + bins - 1 <= 256 && memory.call('shareBits', one.taken.address, address, bitBytes) === 0;
    let bundle = open.find(fits);
    if (bundle) memory.call('addBits', bundle.taken.address, address, bitBytes);
    else {
      bundle = { members: [], taken: bits, bytes: 1 };
      open.push(bundle);
      bits = undefined;
      if (open.length > TRIED) bits = open.shift()!.taken;
    }
    bundle.members.push({ feature, zero, bins });
    bundle.bytes += bins - 1;
    bundleOf.set(feature, bundle);
    return true;
  });
  for (const { taken } of open) memory.release(taken);
  if (bits) memory.release(bits);

  const places: BundlePlace[] = columns.map(() => ({ bundle: -1, firstByte: 0, defaultBin: -1 }));
  const bundles: ColumnBundle[] = [];
  const shared = memory.bytes(rows);
  columns.forEach((column, feature) => {
    const members = bundleOf.get(feature)?.members ?? [];
    if (!used[feature] || (members[0]?.feature ?? feature) !== feature) return;
    if (members.length < 2) {
      places[feature] = { bundle: bundles.length, firstByte: 0, defaultBin: -1 };
      bundles.push({ source: feature, bytes: binsOf(column) });
      return;
    }
    shared.view().fill(0);
    let first = 1;
    for (const { feature: member, zero, bins } of members) {
      memory.call('shareBytes', bytes.address + member * rows, rows, zero, first, shared.address);
      places[member] = { bundle: bundles.length, firstByte: first, defaultBin: zero };
      first += bins - 1;
    }
    bytes.view().set(shared.view(), feature * rows);
    bundles.push({ source: feature, bytes: first });
  });
  memory.release(shared);
  return { places, bundles };
}

function binsOf({ lows, missing }: BinnedColumns['columns'][number]): number {
  return lows.length + (missing ? 1 : 0);
}

function zeroBin({ lows, highs, missing }: BinnedColumns['columns'][number]): number {
  for (let b = 0; b < lows.length; b++) if (lows[b] === 0 && highs[b] === 0) return b + (missing ? 1 : 0);
  return -1;
}
