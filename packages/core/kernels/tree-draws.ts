/** Random numbers of a tree's growth. A thread grows one tree at a time. */

/** xoroshiro128+ (Blackman and Vigna), as the random streams of the library. */
let stateA: u64 = 0;

let stateB: u64 = 0;

function draw(): u64 {
  const a = stateA;
  let b = stateB;
  const result = a + b;
  b ^= a;
  stateA = rotl<u64>(a, 24) ^ b ^ (b << 16);
  stateB = rotl<u64>(b, 37);
  return result;
}

/** Uniform in 0 ... n - 1; the bias of at most n / 2^32 is far below what sampling shows. */
// @inline
export function drawBelow(n: u32): u32 {
  return <u32>(((draw() >> 32) * <u64>n) >> 32);
}

// @inline
export function drawUniform(): f64 {
  return <f64>(draw() >> 11) * 1.1102230246251565e-16;
}

/** Begins the draws of a tree. */
export function seedDraws(a: u64, b: u64): void {
  stateA = a;
  stateB = b;
}
