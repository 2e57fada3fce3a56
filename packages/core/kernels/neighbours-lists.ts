/** Lists of neighbours in order of (distance, row). */

/** Puts a row into the ordered list of the k best; false if it is not among them. */
// @inline
export function keepNearest(best: usize, ids: usize, k: i32, distance: f64, id: i32): bool {
  const last = best + ((<usize>(k - 1)) << 3);
  const worst = load<f64>(last);
  if (!(distance <= worst)) return false;
  if (distance == worst && id > load<i32>(ids + ((<usize>(k - 1)) << 2))) return false;
  let place = k - 1;
  while (place > 0) {
    const other = load<f64>(best + ((<usize>(place - 1)) << 3));
    const otherId = load<i32>(ids + ((<usize>(place - 1)) << 2));
    if (other < distance || (other == distance && otherId < id)) break;
    store<f64>(best + ((<usize>place) << 3), other);
    store<i32>(ids + ((<usize>place) << 2), otherId);
    place--;
  }
  store<f64>(best + ((<usize>place) << 3), distance);
  store<i32>(ids + ((<usize>place) << 2), id);
  return true;
}

/** Heap sort by (distance, row) in place. */
export function sortNearest(distances: usize, ids: usize, length: i32): void {
  for (let i = length / 2 - 1; i >= 0; i--) sift(distances, ids, i, length);
  for (let end = length - 1; end > 0; end--) {
    swap(distances, ids, 0, end);
    sift(distances, ids, 0, end);
  }
}

function sift(distances: usize, ids: usize, from: i32, length: i32): void {
  let i = from;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= length) return;
    if (child + 1 < length && before(distances, ids, child, child + 1)) child++;
    if (!before(distances, ids, i, child)) return;
    swap(distances, ids, i, child);
    i = child;
  }
}

// @inline
function before(distances: usize, ids: usize, i: i32, j: i32): bool {
  const x = load<f64>(distances + ((<usize>i) << 3));
  const y = load<f64>(distances + ((<usize>j) << 3));
  return x < y || (x == y && load<i32>(ids + ((<usize>i) << 2)) < load<i32>(ids + ((<usize>j) << 2)));
}

function swap(distances: usize, ids: usize, i: i32, j: i32): void {
  const p = distances + ((<usize>i) << 3);
  const q = distances + ((<usize>j) << 3);
  const d = load<f64>(p);
  store<f64>(p, load<f64>(q));
  store<f64>(q, d);
  const s = ids + ((<usize>i) << 2);
  const t = ids + ((<usize>j) << 2);
  const id = load<i32>(s);
  store<i32>(s, load<i32>(t));
  store<i32>(t, id);
}
