import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { byCodeUnit } from './by-code-unit.ts';
import type { ClassLabel, Labels } from './labels.ts';
import { counted, quoted } from './quoted.ts';
import { columnByName } from './select.ts';
import type { Column, Table } from './table.ts';

/** More classes than this are refused: nothing here is meant for them, and they are nearly always a mistake. */
const MAX_CLASSES = 1000;
/** With fewer distinct numbers than this a small set of odd numeric codes is still taken as classes. */
const CONTINUOUS_FROM = 20;

export interface LabelledRows {
  readonly labels: Labels;
  /** Row of the table for each label, ascending. */
  readonly rows: Int32Array;
  readonly notices: readonly Notice[];
}

/**
 * Class labels from a column: numbers give numeric classes sorted by value, strings are sorted by code unit, booleans
 * give `false` and `true`. Rows without a target are left out with the notice `missing-target`. Classes that differ only in case or
 * spaces stay two, with the notice `classes-alike`.
 *
 * Throws `no-such-column`; `bad-target` (dates, or no value at all); `one-class`; `looks-like-regression` for numbers with
 * more than 1,000 values, or more than 20 that are not all whole and of which most occur once, where they are not whole or
 * nearly every row has its own; `too-many-classes` for any other target with more than 1,000 classes.
 */
export function labelsFromColumn(table: Table, columnName: string): LabelledRows {
  const column = columnByName(table, columnName);
  const { codes, classes } = encodeTarget(column);
  const rows = presentRows(codes);
  const missing = table.rows - rows.length;
  refuseUnusable(column, classes, rows.length, missing);
  const notices: Notice[] = [];
  if (missing > 0) {
    notices.push({
      code: 'missing-target',
      severity: 'warning',
      message: `${counted(missing, 'row')} without a value of the target ${quoted(columnName)} left out`,
      column: columnName,
      numbers: { rows: missing },
    });
  }
  notices.push(...alikeNotices(columnName, classes));
  const kept = missing > 0 ? Int32Array.from(rows, (row) => codes[row]!) : codes;
  return { labels: Object.freeze({ codes: kept, classes: Object.freeze(classes) }), rows, notices };
}

/** `Yes` and `yes ` are more often one class, written by two hands, than two. */
function alikeNotices(column: string, classes: readonly ClassLabel[]): Notice[] {
  const spelled = new Map<string, ClassLabel>();
  const pairs: [ClassLabel, ClassLabel][] = [];
  for (const label of classes) {
    const plain = String(label).trim().replace(/\s+/g, ' ').toLowerCase();
    const other = spelled.get(plain);
    if (other === undefined) spelled.set(plain, label);
    else pairs.push([other, label]);
  }
  const [first] = pairs;
  if (first === undefined) return [];
  const [one, two] = first.map((label) => quoted(String(label)));
  const more = pairs.length === 1 ? '' : ` (${counted(pairs.length - 1, 'more such pair')})`;
  return [
    {
      code: 'classes-alike',
      severity: 'warning',
      message: `classes ${one} and ${two} of the target ${quoted(column)} differ only in case or spaces${more}; if they are one class, write them alike`,
      column,
      numbers: { pairs: pairs.length },
    },
  ];
}

function encodeTarget(column: Column): { codes: Int32Array; classes: ClassLabel[] } {
  switch (column.kind) {
    case 'numeric':
      return encodeNumbers(column.values);
    case 'categorical':
      return compact(column.codes, column.dictionary);
    case 'boolean':
      return compact(Int32Array.from(column.values), ['false', 'true']);
    case 'date-time':
      throw new CounterweightError(
        'bad-target',
        `the target ${quoted(column.name)} holds dates; it must hold the classes to predict. If each date is a class, write it in words (such as "day 2024-12-31"); if dates order the rows, name them as the time and another column as the target`,
        { column: column.name },
      );
  }
}

function encodeNumbers(values: Float64Array): { codes: Int32Array; classes: number[] } {
  const firstCode = new Map<number, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! + 0;
    if (Number.isNaN(value)) {
      codes[i] = -1;
      continue;
    }
    let code = firstCode.get(value);
    if (code === undefined) firstCode.set(value, (code = firstCode.size));
    codes[i] = code;
  }
  const found = [...firstCode.keys()];
  const classes = [...found].sort((a, b) => a - b);
  const finalCode = new Map(classes.map((value, code) => [value, code]));
  const map = Int32Array.from(found, (value) => finalCode.get(value)!);
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) codes[i] = map[codes[i]!]!;
  return { codes, classes };
}

/** Drops dictionary entries that do not occur, and puts the rest in order of code unit. */
function compact(codes: Int32Array, dictionary: readonly string[]): { codes: Int32Array; classes: string[] } {
  const occurs = new Uint8Array(dictionary.length);
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) occurs[codes[i]!] = 1;
  const classes = dictionary.filter((_, code) => occurs[code]).sort(byCodeUnit);
  const codeOf = new Map(classes.map((value, code) => [value, code]));
  const map = Int32Array.from(dictionary, (value) => codeOf.get(value) ?? -1);
  return { codes: codes.map((code) => (code < 0 ? -1 : map[code]!)), classes };
}

function presentRows(codes: Int32Array): Int32Array {
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) count++;
  const rows = new Int32Array(count);
  count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) rows[count++] = i;
  return rows;
}

function refuseUnusable(column: Column, classes: readonly ClassLabel[], rows: number, missing: number): void {
  const name = quoted(column.name);
  const details = { column: column.name, classes: classes.length, rows, missing };
  if (classes.length === 0) {
    throw new CounterweightError('bad-target', `the target ${name} has no values`, details);
  }
  if (classes.length === 1) {
    const label = typeof classes[0] === 'string' ? quoted(classes[0]) : classes[0];
    const message = `the target ${name} has one class only (${label} in all ${counted(rows, 'row')}${missing === 0 ? '' : ` that have a value; ${missing} have none`}); at least two are needed`;
    throw new CounterweightError('one-class', message, { ...details, class: classes[0]! });
  }
  if (looksContinuous(column, classes, rows)) {
    const message =
      `the target ${name} has ${counted(classes.length, 'different value')} in ${counted(rows, 'row')} and looks like ` +
      'a quantity (regression), not classes; choose another target or cut it into classes first';
    throw new CounterweightError('looks-like-regression', message, details);
  }
  if (classes.length > MAX_CLASSES) {
    const message = `the target ${name} has ${counted(classes.length, 'class', 'classes')}; at most 1,000 are supported`;
    throw new CounterweightError('too-many-classes', message, details);
  }
}

function looksContinuous(column: Column, classes: readonly ClassLabel[], rows: number): boolean {
  if (column.kind !== 'numeric' || classes.length <= CONTINUOUS_FROM) return false;
  const whole = classes.every((value) => Number.isInteger(value));
  const mostlyDistinct = classes.length > rows / 2;
  return classes.length > MAX_CLASSES ? !whole || mostlyDistinct : !whole && mostlyDistinct;
}
