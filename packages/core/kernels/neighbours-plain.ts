import { measureRows } from './neighbours-distance';
import { keepNearest, sortNearest } from './neighbours-lists';
import { Search } from './neighbours-plan';

/**
 * Task: one query against all `rows` rows, float64 throughout. For what is too small to be worth a tree, and for numbers
 * whose squares leave the range of float64. `self` names the row that each query is, or -1.
 */
export function plainNeighbours(
  task: i32,
  thread: i32,
  search: usize,
  reference: usize,
  rows: i32,
  columns: i32,
  self: usize,
): void {
  const wanted = changetype<Search>(search);
  const bytes = (<usize>columns) << 3;
  const x = wanted.queries + <usize>task * bytes;
  const itself = load<i32>(self + ((<usize>task) << 2));
  const k = wanted.k;
  const best = wanted.distances + ((<usize>task * <usize>k) << 3);
  const ids = wanted.indices + ((<usize>task * <usize>k) << 2);
  const cursor = wanted.offsets + ((<usize>task) << 3);
  for (let row: i32 = 0; row < rows; row++) {
    if (row == itself) continue;
    const d = measureRows(wanted.metric, wanted.power, x, reference + <usize>row * bytes, columns);
    if (wanted.kind == 0) {
      keepNearest(best, ids, k, d, row);
      continue;
    }
    if (d > wanted.radius) continue;
    const place = <usize>load<f64>(cursor);
    store<f64>(cursor, <f64>(place + 1));
    if (wanted.kind == 1) continue;
    store<f64>(wanted.distances + (place << 3), d);
    store<i32>(wanted.indices + (place << 2), row);
  }
  if (wanted.kind != 2) return;
  const begin = <usize>load<f64>(wanted.offsets + ((<usize>(wanted.count + task)) << 3));
  sortNearest(wanted.distances + (begin << 3), wanted.indices + (begin << 2), <i32>(<usize>load<f64>(cursor) - begin));
}
