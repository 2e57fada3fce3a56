import type { ClassLabel, Labels } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';

/**
 * How many rows each class of `labels.classes` has. Throws `bad-labels` for what are no
 * labels, a code outside the classes and a class named twice.
 */
export function classCounts(labels: Labels): Int32Array {
  requireLabels(labels);
  const { codes, classes } = labels;
  if (new Set(classes).size < classes.length) {
    const twice = classes.find((label, code) => classes.indexOf(label) !== code)!;
    throw new CounterweightError('bad-labels', `the classes name ${quoted(twice)} twice; one name is one class`, {
      class: twice,
    });
  }
  const counts = new Int32Array(classes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (!(code >= 0 && code < classes.length)) {
      throw new CounterweightError(
        'bad-labels',
        `row ${row} has the label code ${code}, there are ${classes.length} classes`,
        {
          row,
        },
      );
    }
    counts[code]!++;
  }
  return counts;
}

/** Throws `bad-labels` unless there are codes and classes, as where labels are an array of names. */
export function requireLabels(labels: unknown): asserts labels is Labels {
  const { codes, classes } = (labels ?? {}) as Partial<Labels>;
  if (ArrayBuffer.isView(codes) && Array.isArray(classes)) return;
  throw new CounterweightError(
    'bad-labels',
    `labels must be { codes: Int32Array, classes: [...] }, one code a row, got ${described(labels)}; fitResample takes labels in plain arrays`,
  );
}

/** The kind of a value that is not what it should be. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (ArrayBuffer.isView(value)) return 'a typed array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The rows of each class in ascending order, as views into one array; a class without rows gets an empty one. */
export function rowsByClass(labels: Labels, counts: Int32Array): Int32Array[] {
  const all = new Int32Array(labels.codes.length);
  const starts = new Int32Array(counts.length + 1);
  for (let code = 0; code < counts.length; code++) starts[code + 1] = starts[code]! + counts[code]!;
  const next = starts.slice();
  for (let row = 0; row < labels.codes.length; row++) all[next[labels.codes[row]!]!++] = row;
  return Array.from(counts, (_, code) => all.subarray(starts[code], starts[code + 1]));
}

/** A label as messages show it: strings in quotes, so that "1" and 1 differ. */
export function quoted(label: ClassLabel): string {
  return typeof label === 'string' ? JSON.stringify(label) : String(label);
}
