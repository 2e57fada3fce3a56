import { type Column, CounterweightError, type Notice } from '@counterweight/core';
import type { CollectedColumn, DoubleColumn, StringColumn } from './collect-columns.ts';
import { dressedNumberNotices } from './dressed-numbers.ts';
import {
  dateTimeIn,
  numberIn,
  readsAsDateTime,
  readsAsNumber,
  readsAsTimeOfDay,
  timeOfDayIn,
} from './missing-tokens.ts';

/** What a text column may turn out to be, once all its distinct values are known. */
export interface TextRules {
  readonly mayBeNumber: boolean;
  readonly mayBeBoolean: boolean;
  readonly mayBeDateTime: boolean;
  /** Whether values are names of classes: numbers only where no spelling is lost by that, see `losesSpelling`. */
  readonly areLabels?: boolean;
}

export interface FinishOptions {
  readonly name: string;
  readonly kind: 'numeric' | 'date-time' | 'boolean' | 'text';
  readonly missingTokens: ReadonlySet<string>;
  readonly rules: TextRules;
  /** Whether every value is a whole number by the file's own type; undefined where the file does not say (CSV). */
  readonly wholeNumbers?: boolean | undefined;
}

const firstInexactInteger = 2 ** 53;

/**
 * Turns a collected column into a column of a Table.
 *
 * @throws CounterweightError `infinite-value` and `nul-bytes`, naming the column and the data row.
 */
export function finishColumn(
  collected: CollectedColumn,
  options: FinishOptions,
): { column: Column; notices: Notice[] } {
  const notices: Notice[] = [];
  const { name } = options;
  if (collected.delivery === 'byte') return { column: { kind: 'boolean', name, values: collected.values }, notices };
  const column =
    collected.delivery === 'string' ? finishText(collected, options, notices) : finishDoubles(collected, options);
  if (collected.delivery !== 'string' && collected.tokens > 0) notices.push(missingNotice(name, collected.tokens));
  if (column.kind === 'numeric' || column.kind === 'date-time') refuseInfinity(name, column.values);
  if (column.kind === 'numeric') notices.push(...exactnessNotices(name, column.values, options.wholeNumbers));
  return { column, notices };
}

function finishDoubles(collected: DoubleColumn, { name, kind }: FinishOptions): Column {
  return { kind: kind === 'date-time' ? 'date-time' : 'numeric', name, values: collected.values };
}

function finishText(collected: StringColumn, options: FinishOptions, notices: Notice[]): Column {
  const { name, missingTokens, rules } = options;
  const { codes, dictionary } = collected;
  refuseNulBytes(name, codes, dictionary);
  const trimmed = dictionary.map((text) => text.trim());
  const isMissing = trimmed.map((text) => text === '' || missingTokens.has(text));
  const isToken = trimmed.map((text, code) => text !== '' && isMissing[code]!);
  if (isToken.includes(true)) {
    let tokens = 0;
    for (const code of codes) if (code >= 0 && isToken[code]) tokens++;
    const words = trimmed.filter((_, code) => isToken[code]);
    notices.push(missingNotice(name, tokens, [...new Set(words)].sort(), rules.areLabels));
  }
  const present = trimmed.filter((_, code) => !isMissing[code]);
  const values = (read: (text: string) => number): Float64Array => {
    const perCode = Float64Array.from(trimmed, (text, code) => (isMissing[code] ? Number.NaN : read(text)));
    return Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : perCode[code]!));
  };
  if (rules.mayBeNumber && present.every(readsAsNumber)) {
    const lost = rules.areLabels && mayBeClasses(present) ? losesSpelling(present) : null;
    if (lost !== null) {
      notices.push(keptSpellingNotice(name, lost));
      return { kind: 'categorical', name, ...sortedCodes(codes, dictionary, isMissing) };
    }
    if (!rules.areLabels) notices.push(...leadingZeroNotices(name, present));
    return { kind: 'numeric', name, values: values(numberIn) };
  }
  if (rules.mayBeNumber) {
    const mixed = mixedNotices(name, codes, trimmed, isMissing);
    notices.push(...mixed);
    if (mixed.length === 0 && !rules.areLabels) notices.push(...dressedNumberNotices(name, present));
  }
  if (rules.mayBeDateTime && present.length > 0) {
    if (present.every((text) => readsAsDateTime(text) && !Number.isNaN(dateTimeIn(text)))) {
      return { kind: 'date-time', name, values: values(dateTimeIn) };
    }
    if (present.every((text) => readsAsTimeOfDay(text) && !Number.isNaN(timeOfDayIn(text)))) {
      return { kind: 'date-time', name, values: values(timeOfDayIn) };
    }
  }
  if (rules.mayBeBoolean && present.length > 0 && present.every((text) => /^(?:true|false)$/i.test(text))) {
    const perCode = trimmed.map((text, code) => (isMissing[code] ? -1 : text.toLowerCase() === 'true' ? 1 : 0));
    return { kind: 'boolean', name, values: Int8Array.from(codes, (code) => (code < 0 ? -1 : perCode[code]!)) };
  }
  return { kind: 'categorical', name, ...sortedCodes(codes, dictionary, isMissing) };
}

/** Many numbers that are not whole are a quantity, however they are spelled. */
const mayBeClasses = (labels: readonly string[]): boolean =>
  labels.length <= 20 || (labels.length <= 1000 && labels.every((text) => Number.isInteger(numberIn(text))));

const plainNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Labels that would not be what they are if they were read as numbers: two that are the same number (`1` and `1.0`), or one
 * that is not written as people write a number (`007`, `+1`, `1e3`) or holds more digits than a number keeps. Null if none.
 */
function losesSpelling(labels: readonly string[]): readonly string[] | null {
  const spelled = new Map<number, string>();
  for (const text of labels) {
    const value = numberIn(text) + 0;
    const other = spelled.get(value);
    if (other !== undefined && other !== text) return [other, text].sort();
    spelled.set(value, text);
  }
  const odd = labels.find((text) => !plainNumber.test(text) || Math.abs(numberIn(text)) >= firstInexactInteger);
  return odd === undefined ? null : [odd];
}

function keptSpellingNotice(name: string, examples: readonly string[]): Notice {
  const [first, second] = examples.map((text) => JSON.stringify(text.slice(0, 40)));
  const why = second === undefined ? `such as ${first}` : `${first} and ${second} would be the same number`;
  return {
    code: 'labels-kept-as-text',
    severity: 'info',
    message: `the classes of column "${name}" are kept as they are written and not read as numbers (${why})`,
    column: name,
  };
}

/** Digits behind a leading zero are more often a code (of a place, an article) than a quantity. */
export function leadingZeroNotices(name: string, cells: Iterable<string>): Notice[] {
  for (const cell of cells) {
    if (!/^[+-]?0\d+$/.test(cell.trim())) continue;
    return [
      {
        code: 'leading-zeros',
        severity: 'warning',
        message: `column "${name}" was read as numbers though some have leading zeros, such as ${cell.trim().slice(0, 40)}; if they are codes, put a letter before each, or leave the column out`,
        column: name,
      },
    ];
  }
  return [];
}

/** A column whose present cells are numbers for the most part was probably meant to be numeric. */
function mixedNotices(
  name: string,
  codes: Int32Array,
  dictionary: readonly string[],
  isMissing: readonly boolean[],
): Notice[] {
  const isNumber = dictionary.map(readsAsNumber);
  let numbers = 0;
  let others = 0;
  let firstRow = -1;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code < 0 || isMissing[code]) continue;
    if (isNumber[code]) numbers++;
    else if (others++ === 0) firstRow = row;
  }
  if (numbers < others || others === 0) return [];
  const example = dictionary[codes[firstRow]!]!.slice(0, 40);
  return [
    {
      code: 'mixed-column',
      severity: 'warning',
      message: `column "${name}" was read as categories, since ${others === 1 ? 'one cell is' : `${others} cells are`} not a number (the first in data row ${firstRow + 1}: ${JSON.stringify(example)})`,
      column: name,
      numbers: { cells: others, firstRow },
    },
  ];
}

function sortedCodes(
  codes: Int32Array,
  dictionary: readonly string[],
  isMissing: readonly boolean[],
): { codes: Int32Array; dictionary: string[] } {
  const sorted = dictionary.filter((_, code) => !isMissing[code]).sort();
  const rank = new Map(sorted.map((text, index) => [text, index]));
  const recode = Int32Array.from(dictionary, (text, code) => (isMissing[code] ? -1 : rank.get(text)!));
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code >= 0) codes[row] = recode[code]!;
  }
  return { codes, dictionary: sorted };
}

function refuseNulBytes(name: string, codes: Int32Array, dictionary: readonly string[]): void {
  const code = dictionary.findIndex((text) => text.includes('\0'));
  if (code === -1) return;
  const row = codes.indexOf(code);
  throw new CounterweightError(
    'nul-bytes',
    `column "${name}", data row ${row + 1}: a NUL byte; the file is damaged or not text`,
    { column: name, row },
  );
}

function refuseInfinity(name: string, values: Float64Array): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw new CounterweightError(
        'infinite-value',
        `column "${name}", data row ${row + 1}: an infinite value; put a number there or leave the cell empty`,
        { column: name, row },
      );
    }
  }
}

function exactnessNotices(name: string, values: Float64Array, wholeNumbers: boolean | undefined): Notice[] {
  let beyond = 0;
  let whole = true;
  for (const value of values) {
    if (Math.abs(value) >= firstInexactInteger) beyond++;
    else if (whole && value % 1 !== 0 && !Number.isNaN(value)) whole = false;
  }
  if (beyond === 0 || !(wholeNumbers ?? whole)) return [];
  return [
    {
      code: 'rounded-integers',
      severity: 'warning',
      message: `column "${name}" holds ${beyond} whole ${beyond === 1 ? 'number' : 'numbers'} of 2^53 or more, of which about 16 digits are known: those that differ behind these count as equal. If they are identifiers, leave the column out`,
      column: name,
      numbers: { cells: beyond },
    },
  ];
}

function missingNotice(name: string, cells: number, words: readonly string[] = [], areLabels = false): Notice {
  const which = words.length === 0 ? 'such as NA' : words.join(', ');
  return {
    code: 'tokens-read-as-missing',
    severity: 'info',
    message: `column "${name}": ${cells} ${cells === 1 ? 'cell holds' : 'cells hold'} a word for a missing value (${which}) and ${cells === 1 ? 'was' : 'were'} read as missing${areLabels ? '; if that is a class, write it as another word (such as "none")' : ''}`,
    column: name,
    numbers: { cells },
  };
}
