import { inferSchema, type Schema, type SchemaColumn } from '../../data/schema.ts';
import { columnByName } from '../../data/select.ts';
import type { Column, Table } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { CellOptions } from './cell-options.ts';

export interface ColumnRoleOptions {
  /**
   * Columns that distances are measured on. Unless told, all that `inferSchema` uses: no identifiers, no constants, no column
   * twice. A column that is named is used though it looks like an identifier.
   */
  readonly features?: readonly string[] | undefined;
  /** Columns that play no part: a new row takes the cells of the row that it starts from. */
  readonly ignore?: readonly string[] | undefined;
  /** Columns that are codes of categories, numbers or not; they are used though they look like identifiers. */
  readonly categoricalFeatures?: readonly string[] | undefined;
}

/**
 * What becomes of a column in new rows. `number`: the value lies between those of the parents. `category`: the value is one
 * that rows near the new one have. `carried`: the cell of the row that the new one starts from (identifiers, dates, free text,
 * ignored columns).
 */
export type ColumnRole = 'number' | 'category' | 'carried';

export interface ColumnPlan {
  readonly column: Column;
  readonly role: ColumnRole;
  /** Whether distances look at it. */
  readonly seen: boolean;
}

export interface RolePlan {
  readonly columns: readonly ColumnPlan[];
  /** The schema, with what `features` and `ignore` change. */
  readonly schema: Schema;
  readonly notices: readonly Notice[];
}

/** What is said of columns: their parts, and what they may hold. */
export interface DeclaredColumns extends ColumnRoleOptions {
  /** A column with bounds of its own is a quantity, so it is used though it looks like an identifier. */
  readonly bounds?: CellOptions['bounds'];
}

/** Throws `bad-option` where what names columns is no list of names. */
export function checkRoleOptions({ features, ignore, categoricalFeatures }: ColumnRoleOptions): void {
  for (const [option, given] of Object.entries({ features, ignore, categoricalFeatures })) {
    if (given === undefined) continue;
    if (Array.isArray(given) && given.every((name) => typeof name === 'string')) continue;
    throw new CounterweightError(
      'bad-option',
      `${option} must be a list of column names, got ${String(JSON.stringify(given)).slice(0, 60)}`,
    );
  }
}

/**
 * Gives every column its role. With `literal` nothing is inferred, as where another library's rows are wanted: every number is
 * a `number`, every string and truth value a `category`. Throws `no-such-column`, `duplicate-column-name`.
 */
export function planRoles(table: Table, options: DeclaredColumns, literal = false): RolePlan {
  const { features, ignore = [], categoricalFeatures = [], bounds } = options;
  const inferred = inferSchema(table, { ignore });
  const named = features && new Set(features.map((name) => columnByName(table, name).name));
  const coded = new Set(categoricalFeatures.map((name) => columnByName(table, name).name));
  const left = new Set(ignore);
  const bounded = new Set(typeof bounds === 'object' ? Object.keys(bounds) : []);
  const isDeclared = ({ name, type }: SchemaColumn) => type === 'identifier' && (coded.has(name) || bounded.has(name));
  const facts = inferred.columns.map((fact, index): SchemaColumn => {
    const kind = table.columns[index]!.kind;
    const asked = (literal || named?.has(fact.name) === true || isDeclared(fact)) && !left.has(fact.name);
    const type =
      coded.has(fact.name) || (asked && kind === 'categorical' && fact.type !== 'text') ? 'categorical' : kind;
    const described = asked || coded.has(fact.name) ? { ...fact, type } : fact;
    const used = (asked || fact.used) && !left.has(fact.name) && (named?.has(fact.name) ?? true);
    return used === fact.used ? described : { ...described, used, reason: used ? null : 'not among the features' };
  });
  const columns = facts.map((fact, index): ColumnPlan => {
    const column = table.columns[index]!;
    const role = left.has(fact.name) ? 'carried' : roleOf(column, fact);
    return Object.freeze({ column, role, seen: fact.used });
  });
  const known = new Set([...(named ?? []), ...inferred.columns.filter(isDeclared).map(({ name }) => name)]);
  const notices = inferred.notices.filter(({ column }) => !literal && (column === undefined || !known.has(column)));
  return Object.freeze({ columns, schema: Object.freeze({ columns: facts, notices }), notices });
}

function roleOf(column: Column, { type }: SchemaColumn): ColumnRole {
  if (type === 'categorical') return 'category';
  if (type === 'identifier' || type === 'text') return 'carried';
  if (column.kind === 'numeric') return 'number';
  return column.kind === 'date-time' ? 'carried' : 'category';
}
