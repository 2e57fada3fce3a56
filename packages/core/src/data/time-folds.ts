import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { checkCount, type Fold, type Folds } from './folds.ts';
import { classCounts } from './label-views.ts';
import type { Labels } from './labels.ts';
import { counted } from './quoted.ts';
import { sortedOrder } from './sorted-order.ts';
import { checkLength, checkTimes } from './split.ts';

export interface TimeFoldOptions {
  readonly labels: Labels;
  readonly time: Float64Array;
  readonly folds: number;
}

/**
 * Validation that looks ahead only: the rows in order of time are cut into `folds + 1` blocks, equal times together, and
 * fold `i` trains on all blocks before the `i + 1`-th and validates on that one.
 *
 * Blocks hold equal numbers of rows; if some part then lacks a class, equal class-weighted numbers of rows or equal numbers
 * of the rarest class are tried, and the division with the most usable folds is taken. Folds in which a part lacks a class are dropped, with the notice
 * `fewer-folds`; with more than two classes, folds with at least two classes on both sides are kept if there are no
 * others, with the notice `class-missing-in-fold`. Throws `too-few-rows` if none is left, `missing-time`, `bad-option`.
 */
export function timeFolds(options: TimeFoldOptions): Folds {
  const { labels, time, folds } = options;
  checkCount('folds', folds, 2);
  checkLength('time', time, labels);
  checkTimes(time);
  const order = sortedOrder(time);
  const totals = classCounts(labels);
  const present = totals.reduce((count, rows) => count + (rows > 0 ? 1 : 0), 0);
  const rarest = totals.reduce(
    (code, rows, other) => (rows > 0 && rows < (totals[code] || Infinity) ? other : code),
    0,
  );
  const weights: readonly ((row: number) => number)[] = [
    () => 1,
    (row) => 1 / totals[labels.codes[row]!]!,
    (row) => (labels.codes[row] === rarest ? 1 : 0),
  ];
  const divisions = weights.map((weight) => cutBlocks(order, time, folds + 1, weight));
  for (const needed of present > 2 ? [present, 2] : [2]) {
    let best: readonly Fold[] = [];
    for (const ends of divisions) {
      if (best.length === folds) break;
      const found = usable(ends, order, labels, needed);
      if (found.length > best.length) best = found;
    }
    if (best.length > 0) return describe(best, folds, needed < present);
  }
  const message = `no division by time into ${folds} folds has rows of two classes both before and after its cuts`;
  throw new CounterweightError('too-few-rows', message, { folds });
}

/** Ends of the blocks in `order`; a block may come out empty where many times are equal. */
function cutBlocks(order: Int32Array, time: Float64Array, blocks: number, weight: (row: number) => number): number[] {
  let total = 0;
  for (const row of order) total += weight(row);
  const ends: number[] = [];
  let sum = 0;
  for (let i = 0; i < order.length && ends.length < blocks - 1; i++) {
    sum += weight(order[i]!);
    const last = i + 1 === order.length || time[order[i]!] !== time[order[i + 1]!];
    if (last && sum >= (total * (ends.length + 1)) / blocks - 1e-9 * total) ends.push(i + 1);
  }
  while (ends.length < blocks) ends.push(order.length);
  return ends;
}

function usable(ends: readonly number[], order: Int32Array, labels: Labels, needed: number): Fold[] {
  const folds: Fold[] = [];
  for (let block = 1; block < ends.length; block++) {
    const train = order.slice(0, ends[block - 1]!).sort();
    const validate = order.slice(ends[block - 1]!, ends[block]!).sort();
    const [known, asked] = [classesIn(train, labels), classesIn(validate, labels)];
    if (known.size < needed || asked.size < needed || ![...asked].every((code) => known.has(code))) continue;
    folds.push(Object.freeze({ train, validate, repeat: 0, fold: folds.length }));
  }
  return folds;
}

function classesIn(rows: Int32Array, labels: Labels): Set<number> {
  const found = new Set<number>();
  for (const row of rows) found.add(labels.codes[row]!);
  return found;
}

function describe(folds: readonly Fold[], wanted: number, someMissing: boolean): Folds {
  const notices: Notice[] = [];
  if (folds.length < wanted) {
    notices.push({
      code: 'fewer-folds',
      severity: 'warning',
      message: `${counted(folds.length, 'fold')} by time instead of ${wanted}: the others lack a class on one side`,
      numbers: { folds: folds.length, wanted },
    });
  }
  if (someMissing) {
    notices.push({
      code: 'class-missing-in-fold',
      severity: 'warning',
      message: 'no fold by time has every class on both sides; folds with at least two were kept',
    });
  }
  return Object.freeze({ folds: Object.freeze(folds), notices: Object.freeze(notices) });
}
