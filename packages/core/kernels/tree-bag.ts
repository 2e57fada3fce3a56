import { drawBinomial } from './tree-binomial';
import { drawBelow } from './tree-draws';

/** The rows that a tree of a forest is grown on. */

/** A bootstrap of more draws, and of more than so many a row, is drawn row by row instead of draw by draw. */
const MANY_DRAWS: u32 = 65536;
const MANY_DRAWS_A_ROW: u32 = 16;

/** Parameters of a forest as float64, by place. */
// @inline
export function setting(settings: usize, index: usize): f64 {
  return load<f64>(settings + (index << 3));
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
    const many = cumulative != 0 && draws > MANY_DRAWS && draws / MANY_DRAWS_A_ROW > <u32>rows;
    if (many) drawCounts(weights, rows, draws, bag);
    for (let i: u32 = 0; !many && i < draws; i++) {
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

/** How often each row of whole weight is drawn: a multinomial draw, as binomial ones of what the rows before left over. */
function drawCounts(weights: usize, rows: i32, draws: u32, bag: usize): void {
  let left = <f64>draws;
  let weightLeft = <f64>draws;
  for (let r: usize = 0; r < <usize>rows && left > 0; r++) {
    const weight = load<f64>(weights + (r << 3));
    const count =
      weight >= weightLeft ? left : drawBinomial(left, weight / weightLeft, (weightLeft - weight) / weightLeft);
    store<f64>(bag + (r << 3), count);
    left -= count;
    weightLeft -= weight;
  }
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
