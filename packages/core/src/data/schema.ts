import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type ColumnFacts, columnFacts, sameContent, stringFacts } from './column-facts.ts';
import { counted, listed, quoted } from './quoted.ts';
import { columnByName } from './select.ts';
import type { Column, ColumnKind, Table } from './table.ts';

/** What a column means, as opposed to how it is stored. */
export type ColumnType = 'numeric' | 'categorical' | 'boolean' | 'date-time' | 'identifier' | 'constant' | 'text';

export interface SchemaColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly type: ColumnType;
  /** Cells without a value. */
  readonly missing: number;
  /** Distinct values, missing not counted. */
  readonly distinct: number;
  /** Whether models see the column. */
  readonly used: boolean;
  /** Why not; null for a used column. */
  readonly reason: string | null;
}

export interface Schema {
  readonly columns: readonly SchemaColumn[];
  readonly notices: readonly Notice[];
}

export interface SchemaOptions {
  readonly target?: string | undefined;
  /** Columns to leave out, the target apart. */
  readonly ignore?: readonly string[] | undefined;
}

/** With fewer values a row number cannot be told from a small measurement. */
const IDENTIFIER_ROWS = 20;
/** Categories of which more than half occur once say nothing about a new row; asked of tables with more rows than this. */
const HIGH_CARDINALITY_ROWS = 100;
const SEPARATE_NOTICES = 5;
const IDENTIFIER_NAME = /(^|[\s_.-])(id|ids|uuid|guid|rowid|row|index|key)$/i;
const GROUP_NAME = /(^|[\s_.-])(id|ids|uuid|guid)$/i;
const CAMEL_IDENTIFIER_NAME = /[a-z](Id|ID|Uuid|UUID|Guid|GUID)$/;

/**
 * What each column means and whether models see it. The first rule that fits decides:
 *
 * - `constant`: one distinct value and nothing missing, or no value at all. Left out.
 * - `text` (strings): at least 20 distinct values and more than a tenth of the rows distinct, on average 4 words and 20
 *   characters or more.
 * - `identifier`: strings with at least 20 values of which 95 % are distinct, short (64 characters) and without spaces,
 *   or more than 50 % distinct in more than 100 rows; whole numbers, at least 20, all distinct, that rise or fall
 *   throughout, fill a range without gaps, or stand in a column named like an identifier. Never a number with a fraction.
 *   Left out.
 * - else the kind in which it is stored. Whole numbers with few values stay numeric.
 *
 * A column equal to an earlier used one is left out with the notice `duplicate-column`; identifiers that were left out
 * are named in the notice `identifier-column`. Numbers that look like the identifier of a group (named so, whole,
 * repeated) stay, with the notice `group-identifier`. Throws `no-such-column` and `duplicate-column-name`.
 */
export function inferSchema(table: Table, options: SchemaOptions = {}): Schema {
  refuseRepeatedNames(table);
  if (options.target !== undefined) columnByName(table, options.target);
  const ignored = new Set((options.ignore ?? []).map((name) => columnByName(table, name).name));
  const notices: Notice[] = [];
  const twins: Twin[] = [];
  const earlier = new Map<number, Column[]>();
  const columns = table.columns.map((column): SchemaColumn => {
    const facts = columnFacts(column);
    const type = columnType(column, facts, table.rows);
    const base = {
      name: column.name,
      kind: column.kind,
      type,
      missing: facts.missing,
      distinct: facts.distinct,
    };
    const leftOut = (reason: string) => Object.freeze({ ...base, used: false, reason });
    if (column.name === options.target) return leftOut('target');
    if (ignored.has(column.name)) return leftOut('ignored on request');
    if (type === 'constant') return leftOut(facts.distinct === 0 ? 'no values' : 'one value only');
    if (type === 'identifier') {
      notices.push(identifierNotice(column.name, facts));
      return leftOut('looks like an identifier');
    }
    const twin = earlier.get(facts.hash)?.find((other) => sameContent(other, column));
    if (twin) {
      twins.push({ column: column.name, twin: twin.name });
      return leftOut(`same values as ${quoted(twin.name)}`);
    }
    earlier.set(facts.hash, [...(earlier.get(facts.hash) ?? []), column]);
    if (looksLikeGroup(column, facts, table.rows)) notices.push(groupNotice(column.name, facts));
    return Object.freeze({ ...base, used: true, reason: null });
  });
  notices.push(...duplicateNotices(twins));
  return Object.freeze({ columns: Object.freeze(columns), notices: Object.freeze(notices) });
}

/** The same schema with more columns left out, such as suspected leaks. Throws `no-such-column`. */
export function leaveOutColumns(schema: Schema, names: readonly string[], reason: string): Schema {
  const left = new Set(names);
  for (const name of names) {
    if (!schema.columns.some((column) => column.name === name)) {
      throw new CounterweightError('no-such-column', `there is no column ${quoted(name)}`, { column: name });
    }
  }
  const columns = schema.columns.map((column) =>
    left.has(column.name) && column.used ? Object.freeze({ ...column, used: false, reason }) : column,
  );
  return Object.freeze({ columns: Object.freeze(columns), notices: schema.notices });
}

function columnType(column: Column, facts: ColumnFacts, rows: number): ColumnType {
  const present = rows - facts.missing;
  if (facts.distinct === 0 || (facts.distinct === 1 && facts.missing === 0)) return 'constant';
  if (column.kind === 'numeric') return isIdentifyingNumber(column.name, facts, present) ? 'identifier' : 'numeric';
  if (column.kind !== 'categorical') return column.kind;
  if (facts.distinct < IDENTIFIER_ROWS) return 'categorical';
  const looks = stringFacts(column);
  if (facts.distinct > 0.1 * present && looks.meanWords >= 4 && looks.meanLength >= 20) return 'text';
  const nearlyAllDistinct = facts.distinct >= 0.95 * present && looks.meanLength <= 64 && looks.spaced <= 0.05;
  const highCardinality = present > HIGH_CARDINALITY_ROWS && facts.distinct > 0.5 * present;
  return nearlyAllDistinct || highCardinality ? 'identifier' : 'categorical';
}

function isIdentifyingNumber(name: string, facts: ColumnFacts, present: number): boolean {
  if (!facts.whole || facts.distinct !== present || present < IDENTIFIER_ROWS) return false;
  const sequential = facts.max - facts.min === present - 1;
  return facts.monotone || sequential || namedLikeIdentifier(name);
}

function namedLikeIdentifier(name: string): boolean {
  return IDENTIFIER_NAME.test(name) || CAMEL_IDENTIFIER_NAME.test(name);
}

function looksLikeGroup(column: Column, facts: ColumnFacts, rows: number): boolean {
  if (column.kind === 'numeric' && !facts.whole) return false;
  if (column.kind !== 'numeric' && column.kind !== 'categorical') return false;
  const named = GROUP_NAME.test(column.name) || CAMEL_IDENTIFIER_NAME.test(column.name);
  return named && facts.distinct >= IDENTIFIER_ROWS && facts.distinct < rows - facts.missing;
}

function refuseRepeatedNames(table: Table): void {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name } of table.columns) (seen.has(name) ? repeated : seen).add(name);
  if (repeated.size === 0) return;
  const names = [...repeated];
  const message = `column names must differ; these occur more than once: ${listed(names)}`;
  throw new CounterweightError('duplicate-column-name', message, { column: names[0]! });
}

function identifierNotice(column: string, facts: ColumnFacts): Notice {
  return {
    code: 'identifier-column',
    severity: 'info',
    message: `column ${quoted(column)} looks like an identifier (${counted(facts.distinct, 'different value')}) and is left out`,
    column,
    numbers: { distinct: facts.distinct },
  };
}

interface Twin {
  readonly column: string;
  readonly twin: string;
}

/** One notice a column, or one for all where there are many: hundreds of lines would hide the others. */
function duplicateNotices(twins: readonly Twin[]): Notice[] {
  if (twins.length > SEPARATE_NOTICES) {
    const names = twins.map(({ column }) => column);
    const message = `${counted(twins.length, 'column')} with the same values as an earlier one left out: ${listed(names)}`;
    return [{ code: 'duplicate-column', severity: 'info', message, numbers: { columns: twins.length } }];
  }
  return twins.map(({ column, twin }) => ({
    code: 'duplicate-column',
    severity: 'info',
    message: `column ${quoted(column)} has the same values as ${quoted(twin)} and is left out`,
    column,
  }));
}

function groupNotice(column: string, facts: ColumnFacts): Notice {
  return {
    code: 'group-identifier',
    severity: 'info',
    message:
      `column ${quoted(column)} may identify groups of rows (${counted(facts.distinct, 'value')}, repeated); ` +
      'if rows of one group must not be on both sides of a split, split by it',
    column,
    numbers: { distinct: facts.distinct },
  };
}
