import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';
import type { ColumnBundle } from './bundle-columns.ts';

/** Where a bundle's bytes lie in a stored column: they are `floor(stored byte / stride) % radix`. */
export interface Digit {
  /** Stored column. */
  readonly column: number;
  readonly stride: number;
  /** Bytes that may occur. */
  readonly radix: number;
  /** Place of its first cell among those of all digits of joined columns; -1 where it has the column alone. */
  readonly cell: number;
}

/** A column of bytes as histograms are built of it. */
export interface StoredColumn {
  /** Feature whose cells hold the bytes. */
  readonly source: number;
  /** Bytes that may occur: 0 to one less. */
  readonly bytes: number;
  /** Bundles in it, that of stride 1 first. */
  readonly bundles: readonly number[];
}

const MOST_BYTES = 256;

/**
 * Joins bundles of few bytes in columns: a stored byte is a number whose digits are the bundles' bytes (eight binary features
 * in one column, say). A histogram takes one addition a row and column, and those of the digits are sums of its cells, so the
 * fewer columns pay where a tree of `leaves` leaves has rows enough. Rewrites the bytes of the first bundle of a column.
 */
export function joinColumns(
  { memory }: Work,
  bundles: readonly ColumnBundle[],
  { rows, bytes, leaves }: { rows: number; bytes: KernelArray<Uint8Array>; leaves: number },
): { digits: Digit[]; stored: StoredColumn[] } {
  const groups = cheapest(bundles, rows, leaves);
  groups.sort((a, b) => a.bundles[0]! - b.bundles[0]!);
  const digits: Digit[] = [];
  let cell = 0;
  const stored = groups.map((group, column): StoredColumn => {
    const { source } = bundles[group.bundles[0]!]!;
    const joined = group.bundles.length > 1;
    let stride = 1;
    for (const bundle of group.bundles) {
      const { source: own, bytes: radix } = bundles[bundle]!;
      if (stride > 1) memory.call('addDigits', bytes.address + own * rows, rows, stride, bytes.address + source * rows);
      digits[bundle] = { column, stride, radix, cell: joined ? cell : -1 };
      stride *= radix;
      if (joined) cell += radix;
    }
    return { source, ...group };
  });
  return { digits, stored };
}

interface Group {
  bytes: number;
  readonly bundles: number[];
}

/** The groups of least work among those of at most 256 bytes, 128, 64, ... */
function cheapest(bundles: readonly ColumnBundle[], rows: number, leaves: number): Group[] {
  // Its histogram is taken apart for two nodes a leaf, against an addition a row and digit.
  const work = ({ bytes, bundles }: Group) => rows + (bundles.length > 1 ? leaves * bytes : 0);
  const total = (groups: readonly Group[]) => groups.reduce((sum, group) => sum + work(group), 0);
  const apart = bundles.map(({ bytes }, bundle): Group => ({ bytes, bundles: [bundle] }));
  let best = apart;
  for (let most = MOST_BYTES; most >= 4; most /= 2) {
    const groups = grouped(bundles, most).flatMap((group) => {
      const own = group.bundles.map((bundle) => apart[bundle]!);
      return work(group) < total(own) ? [group] : own;
    });
    if (total(groups) < total(best)) best = groups;
  }
  return best;
}

/** Largest first, each into the first column that has room. */
function grouped(bundles: readonly ColumnBundle[], most: number): Group[] {
  const order = bundles.map((_, bundle) => bundle).sort((a, b) => bundles[b]!.bytes - bundles[a]!.bytes || a - b);
  const groups: Group[] = [];
  for (const bundle of order) {
    const { bytes } = bundles[bundle]!;
    const group = groups.find((one) => one.bytes * bytes <= most);
    if (group) {
      group.bytes *= bytes;
      group.bundles.push(bundle);
    } else groups.push({ bytes, bundles: [bundle] });
  }
  return groups;
}
