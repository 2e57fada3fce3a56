/** Columns of bytes that share one column: of features never off their default together, and of any with few bytes. */

/** Sets the bit of each row whose byte is not `byte`, in 16-byte words of `bits` that are 0 past the end; counts them. */
export function otherRows(cells: usize, rows: i32, byte: i32, bits: usize): i32 {
  const same = i8x16.splat(<i8>byte);
  let count: i32 = 0;
  let out = bits;
  let r: i32 = 0;
  for (; r + 16 <= rows; r += 16) {
    const mask = ~i8x16.bitmask(i8x16.eq(v128.load(cells + <usize>r), same)) & 0xffff;
    store<u16>(out, <u16>mask);
    count += popcnt<i32>(mask);
    out += 2;
  }
  let last: i32 = 0;
  for (let i: i32 = 0; r + i < rows; i++) last |= (<i32>(<i32>load<u8>(cells + <usize>(r + i)) != byte)) << i;
  if (r < rows) {
    store<u16>(out, <u16>last);
    count += popcnt<i32>(last);
    out += 2;
  }
  for (; ((out - bits) & 15) != 0; out += 2) store<u16>(out, 0);
  return count;
}

/** 1 where the two have a bit in common; `bytes` is a multiple of 16. */
export function shareBits(a: usize, b: usize, bytes: usize): i32 {
  for (let i: usize = 0; i < bytes; i += 16) {
    if (v128.any_true(v128.and(v128.load(a + i), v128.load(b + i)))) return 1;
  }
  return 0;
}

/** Adds the bits of `b` to `a`. */
export function addBits(a: usize, b: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(a + i, v128.or(v128.load(a + i), v128.load(b + i)));
}

/** Writes the bytes that are not `byte` to `shared`, counted without it from `first` on. */
export function shareBytes(cells: usize, rows: i32, byte: i32, first: i32, shared: usize): void {
  const same = i8x16.splat(<i8>byte);
  const base = i8x16.splat(<i8>first);
  let r: i32 = 0;
  for (; r + 16 <= rows; r += 16) {
    const own = v128.load(cells + <usize>r);
    const isDefault = i8x16.eq(own, same);
    if (i8x16.all_true(isDefault)) continue;
    // A comparison is -1 where it holds.
    const moved = i8x16.add(i8x16.add(own, base), i8x16.gt_u(own, same));
    const at = shared + <usize>r;
    v128.store(at, v128.bitselect(v128.load(at), moved, isDefault));
  }
  for (; r < rows; r++) {
    const own = <i32>load<u8>(cells + <usize>r);
    if (own != byte) store<u8>(shared + <usize>r, <u8>(first + own - (own > byte ? 1 : 0)));
  }
}

/** Adds `stride` times the bytes to `joined`. */
export function addDigits(cells: usize, rows: i32, stride: i32, joined: usize): void {
  for (let r: usize = 0; r < <usize>rows; r++) {
    store<u8>(joined + r, <u8>(<i32>load<u8>(joined + r) + stride * <i32>load<u8>(cells + r)));
  }
}

/**
 * Task: (node, joined column), column fastest. Histograms of the digits of a joined column from that of its bytes. A node has
 * 64 bytes: address of its histogram (i32), of its digits' (i32). A joined column of 64 words: place of its histogram in
 * bytes, its bytes, number of digits, and for each digit its radix and the place of its histogram among the digits' in bytes.
 * The first digit has stride 1. Scratch a thread: 8192 bytes.
 */
export function splitDigits(
  task: i32,
  thread: i32,
  nodes: usize,
  joined: usize,
  joinedCount: i32,
  scratch: usize,
): void {
  const node = nodes + ((<usize>(task / joinedCount)) << 6);
  const column = joined + ((<usize>(task % joinedCount)) << 8);
  const rest = scratch + ((<usize>thread) << 13);
  let cells = <usize>load<i32>(node) + <usize>load<i32>(column);
  let count = load<i32>(column, 4);
  const digits = load<i32>(column, 8);
  let digit = column + 12;
  for (let d: i32 = 0; d < digits; d++) {
    const radix = load<i32>(digit);
    const own = <usize>load<i32>(node, 4) + <usize>load<i32>(digit, 4);
    count /= radix;
    if (d + 1 == digits) memory.copy(own, cells, (<usize>radix) << 4);
    else if (radix == 2) splitPairs(cells, count, own, rest);
    else splitDigit(cells, count, radix, own, rest);
    cells = rest;
    digit += 8;
  }
}

/** Sums of the even and of the odd cells to `own`, sums of pairs to `rest`, which may be `cells`. */
function splitPairs(cells: usize, pairs: i32, own: usize, rest: usize): void {
  let even = i64x2.splat(0);
  let odd = i64x2.splat(0);
  for (let i: usize = 0; i < <usize>pairs; i++) {
    const a = v128.load(cells + (i << 5));
    const b = v128.load(cells + (i << 5), 16);
    even = i64x2.add(even, a);
    odd = i64x2.add(odd, b);
    v128.store(rest + (i << 4), i64x2.add(a, b));
  }
  v128.store(own, even);
  v128.store(own, odd, 16);
}

/** The same for any radix. */
function splitDigit(cells: usize, count: i32, radix: i32, own: usize, rest: usize): void {
  const bytes = (<usize>radix) << 4;
  const end = cells + <usize>count * bytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = v128.load(cells + at);
    for (let from = cells + at + bytes; from < end; from += bytes) sum = i64x2.add(sum, v128.load(from));
    v128.store(own + at, sum);
  }
  let out = rest;
  for (let from = cells; from < end; out += 16) {
    let sum = v128.load(from);
    const next = from + bytes;
    for (from += 16; from < next; from += 16) sum = i64x2.add(sum, v128.load(from));
    v128.store(out, sum);
  }
}
