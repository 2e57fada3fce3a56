import type { Notice } from '../../runtime/notices.ts';
import { byCodeUnit } from '../by-code-unit.ts';
import { counted, quoted } from '../quoted.ts';
import type { SchemaColumn } from '../schema.ts';
import type { BooleanColumn, CategoricalColumn, Column, DateTimeColumn, NumericColumn } from '../table.ts';
import { partVaries } from './date-parts.ts';
import type {
  BooleanPlan,
  CategoricalPlan,
  ColumnPlan,
  DatePart,
  DateTimePlan,
  NumericPlan,
  TextPlan,
} from './plan.ts';
import { fitStandardisation } from './standardise.ts';
import { tokenise } from './tokens.ts';

/** The limits of an encoder, all set. */
export interface EncoderLimits {
  readonly minLevelCount: number;
  readonly maxLevels: number;
  readonly maxTokens: number;
  readonly minTokenRows: number;
}

/** A plan with how many of its cells are other than 0 over all training rows, by which the layout is chosen. */
export interface FittedPlan {
  readonly plan: ColumnPlan;
  readonly stored: number;
}

/** Fits one column on the training rows. Null if it has nothing that varies there. */
export function fitPlan(
  column: Column,
  type: SchemaColumn['type'],
  rows: Int32Array,
  limits: EncoderLimits,
  notices: Notice[],
): FittedPlan | null {
  switch (column.kind) {
    case 'numeric':
      return fitNumeric(column, rows);
    case 'boolean':
      return fitBoolean(column, rows);
    case 'date-time':
      return fitDateTime(column, rows);
    case 'categorical':
      return type === 'text' ? fitText(column, rows, limits, notices) : fitCategorical(column, rows, limits, notices);
  }
}

function fitNumeric(column: NumericColumn, rows: Int32Array): FittedPlan | null {
  const { value, missing } = fitStandardisation(column.values, rows);
  const indicator = missing > 0 && missing < rows.length;
  if (!value && !indicator) return null;
  const plan: NumericPlan = { type: 'numeric', kind: 'numeric', name: column.name, missing: indicator, value };
  return { plan, stored: (value ? rows.length : 0) + (indicator ? missing : 0) };
}

function fitBoolean(column: BooleanColumn, rows: Int32Array): FittedPlan | null {
  let ones = 0;
  let missing = 0;
  for (const row of rows) {
    const value = column.values[row]!;
    if (value === 1) ones++;
    else if (value < 0) missing++;
  }
  const zeros = rows.length - ones - missing;
  const indicator = missing > 0 && missing < rows.length;
  const value = ones > 0 && zeros > 0;
  if (!value && !indicator) return null;
  const plan: BooleanPlan = {
    type: 'boolean',
    kind: 'boolean',
    name: column.name,
    missing: indicator,
    value,
    fill: ones > zeros,
  };
  return { plan, stored: (value ? ones : 0) + (indicator ? missing : 0) };
}

function fitCategorical(
  column: CategoricalColumn,
  rows: Int32Array,
  limits: EncoderLimits,
  notices: Notice[],
): FittedPlan | null {
  const counts = new Int32Array(column.dictionary.length + 1);
  for (let i = 0; i < rows.length; i++) counts[column.codes[rows[i]!]! + 1]!++;
  const missing = counts[0]!;
  const seen: number[] = [];
  for (let code = 0; code < column.dictionary.length; code++) if (counts[code + 1]! > 0) seen.push(code);
  if (seen.length + (missing > 0 ? 1 : 0) < 2) return null;
  const value = (code: number) => column.dictionary[code]!;
  const frequent = seen
    .filter((code) => counts[code + 1]! >= limits.minLevelCount)
    .sort((a, b) => counts[b + 1]! - counts[a + 1]! || byCodeUnit(value(a), value(b)));
  const levels = frequent.slice(0, limits.maxLevels).map(value).sort(byCodeUnit);
  const grouped = seen.length - levels.length;
  // All rows in one group would be a column of ones.
  if (levels.length === 0 && missing === 0) {
    notices.push(allRareNotice(column.name, seen.length, limits.minLevelCount));
    return null;
  }
  if (grouped > 0) notices.push(rareNotice(column.name, grouped, limits.minLevelCount));
  const plan: CategoricalPlan = {
    type: 'categorical',
    kind: 'categorical',
    name: column.name,
    missing: missing > 0,
    levels,
    rare: grouped > 0,
  };
  return { plan, stored: rows.length };
}

function fitDateTime(column: DateTimeColumn, rows: Int32Array): FittedPlan | null {
  const { value, missing } = fitStandardisation(column.values, rows);
  const indicator = missing > 0 && missing < rows.length;
  if (!value && !indicator) return null;
  const all: readonly DatePart[] = ['month', 'weekday', 'hour'];
  const parts = all.filter((part) => partVaries(part, column.values, rows));
  const plan: DateTimePlan = {
    type: 'date-time',
    kind: 'date-time',
    name: column.name,
    missing: indicator,
    value,
    parts,
  };
  return { plan, stored: rows.length * ((value ? 1 : 0) + 2 * parts.length) + (indicator ? missing : 0) };
}

function fitText(
  column: CategoricalColumn,
  rows: Int32Array,
  limits: EncoderLimits,
  notices: Notice[],
): FittedPlan | null {
  const { vocabulary, offsets, ids } = tokenise(column.dictionary);
  const rowsWith = new Int32Array(vocabulary.length);
  let missing = 0;
  for (const row of rows) {
    const code = column.codes[row]!;
    if (code < 0) missing++;
    else for (let at = offsets[code]!; at < offsets[code + 1]!; at++) rowsWith[ids[at]!]!++;
  }
  const present = rows.length - missing;
  const chosen: number[] = [];
  for (let id = 0; id < vocabulary.length; id++) {
    if (rowsWith[id]! >= limits.minTokenRows) chosen.push(id);
  }
  chosen.sort((a, b) => rowsWith[b]! - rowsWith[a]! || byCodeUnit(vocabulary[a]!, vocabulary[b]!));
  const kept = chosen.slice(0, limits.maxTokens);
  kept.sort((a, b) => byCodeUnit(vocabulary[a]!, vocabulary[b]!));
  const indicator = missing > 0 && missing < rows.length;
  if (kept.length === 0 && !indicator) return null;
  notices.push(vocabularyNotice(column.name, kept.length, chosen.length, limits.minTokenRows));
  const plan: TextPlan = {
    type: 'text',
    kind: 'categorical',
    name: column.name,
    missing: indicator,
    tokens: kept.map((id) => vocabulary[id]!),
    idf: kept.map((id) => Math.log((1 + present) / (1 + rowsWith[id]!)) + 1),
  };
  return { plan, stored: missing + kept.reduce((sum, id) => sum + rowsWith[id]!, 0) };
}

function rareNotice(column: string, grouped: number, minLevelCount: number): Notice {
  return {
    code: 'rare-levels',
    severity: 'info',
    message:
      `column ${quoted(column)}: ${counted(grouped, 'rare level')} ${grouped === 1 ? 'has the feature of all rare levels' : 'share one feature'} ` +
      `(fewer than ${counted(minLevelCount, 'training row')}${grouped === 1 ? '' : ' each'}, or beyond the largest number of levels)`,
    column,
    numbers: { levels: grouped, minLevelCount },
  };
}

function allRareNotice(column: string, levels: number, minLevelCount: number): Notice {
  return {
    code: 'all-levels-rare',
    severity: 'warning',
    message:
      `column ${quoted(column)} is left out: none of its ${counted(levels, 'level')} has ` +
      counted(minLevelCount, 'training row'),
    column,
    numbers: { levels, minLevelCount },
  };
}

function vocabularyNotice(column: string, kept: number, frequent: number, minTokenRows: number): Notice {
  const more = frequent > kept ? `, the most frequent of ${counted(frequent, 'word')}` : '';
  return {
    code: 'text-vocabulary',
    severity: 'info',
    message:
      `column ${quoted(column)} is read as text: ${counted(kept, 'word')} that occur in at least ` +
      `${counted(minTokenRows, 'training row')}${more}`,
    column,
    numbers: { words: kept, frequent, minTokenRows },
  };
}
