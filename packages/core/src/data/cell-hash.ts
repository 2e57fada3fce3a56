import type { Column } from './table.ts';

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** 32 bits of a number, equal for equal numbers: -0 counts as 0 and every NaN as the same NaN. */
export function hashNumber(value: number): number {
  number[0] = !Number.isNaN(value) ? value + 0 : Number.NaN;
  return mixBits(words[0]! ^ Math.imul(words[1]!, 0x9e3779b1));
}

/** A bijection of 32 bits that spreads every bit over all (the finisher of MurmurHash3). */
export function mixBits(bits: number): number {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Whether two cells of one column are equal; missing equals missing. */
export function sameCell(column: Column, a: number, b: number): boolean {
  if (column.kind === 'categorical') return column.codes[a] === column.codes[b];
  const x = column.values[a]!;
  const y = column.values[b]!;
  return x === y || (Number.isNaN(x) && Number.isNaN(y));
}
