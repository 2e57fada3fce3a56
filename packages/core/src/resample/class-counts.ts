import { requireLabels } from '../data/check-dataset.ts';
import type { ClassLabel, Labels } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** Where plain arrays of labels may go instead. */
export const PLAIN_LABELS = 'fitResample takes labels in plain arrays';

/**
 * How many rows each class of `labels.classes` has. Throws `bad-labels` for what are no
 * labels, a code outside the classes and a class named twice.
 */
export function classCounts(labels: Labels): Int32Array {
  requireLabels(labels, PLAIN_LABELS);
  const { codes, classes } = labels;
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
