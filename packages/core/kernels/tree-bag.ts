/** The draws of a forest: rows of a bootstrap, columns and thresholds. A thread grows one tree at a time. */

/** Parameters of a forest as float64, by place. */
// @inline
export function setting(settings: usize, index: usize): f64 {
  return load<f64>(settings + (index << 3));
}

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

/** Weights of the bag's rows, 0 outside; lists the rows inside. A class that the draws missed gets a row of its own. */
export function drawBag(settings: usize, labels: usize, weights: usize, bag: usize, list: usize, spare: usize): i32 {
  const rows = <i32>setting(settings, 0);
  const classes = <i32>setting(settings, 1);
  const draws = <u32>setting(settings, 4);
  const cumulative = <usize>setting(settings, 9);
  if (draws == 0) memory.copy(bag, weights, (<usize>rows) << 3);
  else {
    memory.fill(bag, 0, (<usize>rows) << 3);
    for (let i: u32 = 0; i < draws; i++) {
      let row = <usize>drawBelow(draws);
      if (cumulative != 0) row = rowAt(cumulative, rows, <f64>row);
      addRow(bag, weights, row, cumulative != 0);
    }
    for (let k: i32 = 0; k < classes; k++) {
      let members: i32 = 0;
      let held = false;
      for (let r: i32 = 0; r < rows && !held; r++) {
        if (<i32>load<u16>(labels + ((<usize>r) << 1)) != k) continue;
        store<i32>(spare + ((<usize>members) << 2), r);
        members++;
        held = load<f64>(bag + ((<usize>r) << 3)) != 0;
      }
      if (held || members == 0) continue;
      const row = <usize>load<i32>(spare + ((<usize>drawBelow(<u32>members)) << 2));
      addRow(bag, weights, row, cumulative != 0);
    }
  }
  let count: i32 = 0;
  for (let r: i32 = 0; r < rows; r++) {
    if (load<f64>(bag + ((<usize>r) << 3)) == 0) continue;
    store<i32>(list + ((<usize>count) << 2), r);
    count++;
  }
  return count;
}

// @inline
function addRow(bag: usize, weights: usize, row: usize, single: bool): void {
  const at = bag + (row << 3);
  store<f64>(at, load<f64>(at) + (single ? 1 : load<f64>(weights + (row << 3))));
}

/** The first row whose cumulative count is above `place`. */
function rowAt(cumulative: usize, rows: i32, place: f64): usize {
  let low: i32 = 0;
  let high = rows - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(cumulative + ((<usize>middle) << 3)) > place) high = middle;
    else low = middle + 1;
  }
  return <usize>low;
}
