import { CounterweightError } from '../runtime/errors.ts';
import { byCodeUnit } from './by-code-unit.ts';
import { requireLabels } from './check-dataset.ts';
import type { ClassLabel, Labels } from './labels.ts';
import { listed, quoted } from './quoted.ts';

/** Rows of each class, in the order of `labels.classes`; a class may have none. */
export function classCounts(labels: Labels): Int32Array {
  const counts = new Int32Array(labels.classes.length);
  for (let i = 0; i < labels.codes.length; i++) counts[labels.codes[i]!]!++;
  return counts;
}

/** Index of a class. A number and its written form mean the same class. Throws `no-such-class`, listing the classes. */
export function classIndex(labels: Labels, named: ClassLabel): number {
  const exact = labels.classes.indexOf(named);
  if (exact >= 0) return exact;
  const written = labels.classes.findIndex((label) => sameWhenWritten(label, named));
  if (written >= 0) return written;
  const message = `there is no class ${show(named)}; the classes are ${listed(labels.classes)}`;
  throw new CounterweightError('no-such-class', message, { class: named });
}

/**
 * Index of the positive class of a binary task: the one named, otherwise the rarer one; with equal counts the later
 * label. Throws `no-such-class`, and `not-binary` unless there are two classes.
 */
export function positiveClass(labels: Labels, named?: ClassLabel): number {
  if (labels.classes.length !== 2) {
    const message = `a positive class needs two classes, there are ${labels.classes.length}`;
    throw new CounterweightError('not-binary', message, { classes: labels.classes.length });
  }
  if (named !== undefined) return classIndex(labels, named);
  const counts = classCounts(labels);
  return counts[0]! < counts[1]! ? 0 : 1;
}

/**
 * Binary labels: the named class against all others, which are called `not CLASS`. A numeric class is written as a string
 * so that both classes have one type; the two are sorted by code unit. Throws `bad-labels`, `no-such-class`.
 */
export function oneVersusRest(labels: Labels, named: ClassLabel): Labels {
  requireLabels(labels, 'oneVersusRestLearner learns each class against the rest');
  const chosen = classIndex(labels, named);
  const positive = String(labels.classes[chosen]);
  const classes = [positive, `not ${positive}`].sort(byCodeUnit);
  const codeOfChosen = classes.indexOf(positive);
  const codes = labels.codes.map((code) => (code === chosen ? codeOfChosen : 1 - codeOfChosen));
  return Object.freeze({ codes, classes: Object.freeze(classes) });
}

/** Classes with fewer than `atLeast` rows (3 unless told), with their counts, in the order of the classes. */
export function tooSmallClasses(
  labels: Labels,
  atLeast = 3,
): readonly { readonly class: ClassLabel; readonly code: number; readonly rows: number }[] {
  const counts = classCounts(labels);
  return labels.classes
    .map((label, code) => ({ class: label, code, rows: counts[code]! }))
    .filter((item) => item.rows < atLeast);
}

function sameWhenWritten(label: ClassLabel, named: ClassLabel): boolean {
  if (typeof label === typeof named) return false;
  const [value, text] = typeof label === 'number' ? [label, named as string] : [named as number, label];
  return text.trim() !== '' && Number(text) === value;
}

function show(label: ClassLabel): string {
  return typeof label === 'string' ? quoted(label) : String(label);
}
