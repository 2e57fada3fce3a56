import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { splitGroups } from './group-split.ts';
import { classCounts } from './label-views.ts';
import type { Labels } from './labels.ts';
import { counted, quoted } from './quoted.ts';
import { sortedOrder } from './sorted-order.ts';

export interface SplitOptions {
  readonly labels: Labels;
  /** Share of the rows for the test part, between 0 and 1; 0.25 unless told. */
  readonly testSize?: number | undefined;
  readonly seed: number;
  /** Codes of what must stay on one side, one a row; a negative code is a group of its own. */
  readonly groups?: Int32Array | undefined;
  /** Time of each row: the latest rows become the test part. */
  readonly time?: Float64Array | undefined;
}

export interface Split {
  /** Row numbers, ascending. */
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly notices: readonly Notice[];
}

/**
 * One division into training and test rows.
 *
 * Plain: stratified; each class gives its share of the test rows by largest remainder (ties to the earlier class), and
 * every class with at least two rows has one on both sides. By group: no group on both sides, class shares as near as
 * random search finds them. By time: the cut between two different times that is nearest to the wanted size (the earlier
 * of two equally near), so equal times stay together. The notice `class-on-one-side` names classes missing from a side.
 *
 * Throws `bad-option` (size outside 0..1, groups and time together, lengths that disagree), `too-few-rows`,
 * `too-few-groups`, `missing-time`, `too-few-times`.
 */
export function trainTestSplit(options: SplitOptions): Split {
  const { labels, seed, groups, time } = options;
  const testSize = options.testSize ?? 0.25;
  if (!(testSize > 0 && testSize < 1)) {
    throw new CounterweightError('bad-option', `testSize must lie between 0 and 1, got ${testSize}`);
  }
  if (groups && time) throw new CounterweightError('bad-option', 'split by groups or by time, not by both');
  checkLength('groups', groups, labels);
  checkLength('time', time, labels);
  if (labels.codes.length < 2) {
    throw new CounterweightError('too-few-rows', `${counted(labels.codes.length, 'row')} cannot be split in two`);
  }
  const inTest = time
    ? latest(time, testSize)
    : groups
      ? splitGroups(labels, groups, testSize, seed)
      : stratified(labels, testSize, seed);
  const { inside: test, outside: train } = partition(inTest);
  return Object.freeze({ train, test, notices: Object.freeze(oneSided(labels, train, test)) });
}

/** Rows whose mark is set and rows whose mark is not, both ascending. */
export function partition(marks: Uint8Array): { inside: Int32Array; outside: Int32Array } {
  let count = 0;
  for (let i = 0; i < marks.length; i++) count += marks[i]!;
  const inside = new Int32Array(count);
  const outside = new Int32Array(marks.length - count);
  let a = 0;
  let b = 0;
  for (let i = 0; i < marks.length; i++) {
    if (marks[i]) inside[a++] = i;
    else outside[b++] = i;
  }
  return { inside, outside };
}

/** Rows of each class, ascending. */
export function rowsByClass(labels: Labels): Int32Array[] {
  const rows = Array.from(classCounts(labels), (count) => new Int32Array(count));
  const filled = new Int32Array(rows.length);
  for (let i = 0; i < labels.codes.length; i++) {
    const code = labels.codes[i]!;
    rows[code]![filled[code]!++] = i;
  }
  return rows;
}

/** Throws `bad-option` unless there is one entry a row. */
export function checkLength(what: string, side: ArrayLike<number> | undefined, labels: Labels): void {
  if (side && side.length !== labels.codes.length) {
    const message = `${what} must have one entry a row (${labels.codes.length}), got ${side.length}`;
    throw new CounterweightError('bad-option', message);
  }
}

/** Throws `missing-time` for the first row without a time. */
export function checkTimes(time: Float64Array): void {
  const row = time.findIndex((value) => Number.isNaN(value));
  if (row < 0) return;
  const missing = time.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  const message = `${counted(missing, 'row')} without a time cannot be placed, the first is row ${row}`;
  throw new CounterweightError('missing-time', message, { row });
}

function stratified(labels: Labels, testSize: number, seed: number): Uint8Array {
  const marks = new Uint8Array(labels.codes.length);
  const byClass = rowsByClass(labels);
  const wanted = testCounts(
    byClass.map((rows) => rows.length),
    testSize,
  );
  byClass.forEach((rows, code) => {
    const shuffled = randomStream(seed, 'split', code).shuffle(rows.slice());
    for (let i = 0; i < wanted[code]!; i++) marks[shuffled[i]!] = 1;
  });
  return marks;
}

/** Largest remainder, then at least one row and at most all but one of every class that has two. */
function testCounts(counts: readonly number[], testSize: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const quotas = counts.map((count) => count * testSize);
  const wanted = quotas.map(Math.floor);
  const left = Math.round(total * testSize) - wanted.reduce((sum, count) => sum + count, 0);
  const byRemainder = quotas
    .map((quota, code) => ({ code, remainder: quota - Math.floor(quota) }))
    .sort((a, b) => b.remainder - a.remainder || a.code - b.code);
  for (const { code } of byRemainder.slice(0, Math.max(0, left))) wanted[code]!++;
  return wanted.map((count, code) => {
    const available = counts[code]!;
    return available < 2 ? 0 : Math.min(available - 1, Math.max(1, count));
  });
}

function latest(time: Float64Array, testSize: number): Uint8Array {
  checkTimes(time);
  const order = sortedOrder(time);
  const rows = order.length;
  const wanted = rows - Math.min(rows - 1, Math.max(1, Math.round(rows * testSize)));
  let cut = -1;
  for (let i = 1; i < rows; i++) {
    if (time[order[i]!] === time[order[i - 1]!]) continue;
    if (cut < 0 || Math.abs(i - wanted) < Math.abs(cut - wanted)) cut = i;
    if (i >= wanted) break;
  }
  if (cut < 0) {
    throw new CounterweightError('too-few-times', 'all rows have the same time; a split by time needs two');
  }
  const marks = new Uint8Array(rows);
  for (let i = cut; i < rows; i++) marks[order[i]!] = 1;
  return marks;
}

function oneSided(labels: Labels, train: Int32Array, test: Int32Array): Notice[] {
  const notices: Notice[] = [];
  const inTrain = countRows(labels, train);
  const inTest = countRows(labels, test);
  labels.classes.forEach((label, code) => {
    const [a, b] = [inTrain[code]!, inTest[code]!];
    if ((a === 0) === (b === 0)) return;
    const name = typeof label === 'string' ? quoted(label) : String(label);
    notices.push({
      code: 'class-on-one-side',
      severity: 'warning',
      message: `class ${name} (${counted(a + b, 'row')}) occurs only in the ${a === 0 ? 'test' : 'training'} part of the split`,
      class: label,
      numbers: { train: a, test: b },
    });
  });
  return notices;
}

function countRows(labels: Labels, rows: Int32Array): Int32Array {
  const counts = new Int32Array(labels.classes.length);
  for (let i = 0; i < rows.length; i++) counts[labels.codes[rows[i]!]!]!++;
  return counts;
}
