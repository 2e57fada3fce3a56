import { counted, listed, quoted } from '../../data/quoted.ts';
import { columnByName } from '../../data/select.ts';
import type { NumericColumn, Table } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { checkWord } from '../options.ts';

/** What the numbers of a column may be. */
export interface ColumnBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Values are whole multiples of it, counted from `min`, or from 0 without one. */
  readonly step?: number | undefined;
}

/** What the numbers in new rows may be. */
export interface CellOptions {
  /**
   * Columns whose values in the input are all whole. `keep` (the default): their new values are rounded to the nearest whole
   * number, halves to the even one. `truncate`: towards zero, as imbalanced-learn does to integer arrays. `ignore`: left as
   * they are; the default with `compat`.
   */
  readonly integers?: 'keep' | 'truncate' | 'ignore' | undefined;
  /**
   * `none` (the default); `observed`: new values stay between the smallest and the largest of the input; or bounds and steps by
   * column.
   */
  readonly bounds?: 'none' | 'observed' | Readonly<Record<string, ColumnBounds>> | undefined;
}

/** Throws `bad-option`. */
export function checkCellOptions({ integers, bounds }: CellOptions): void {
  checkWord('integers', integers, ['keep', 'truncate', 'ignore']);
  if (bounds === undefined || bounds === 'none' || bounds === 'observed') return;
  if (typeof bounds !== 'object' || bounds === null || Array.isArray(bounds)) {
    throw badBounds(`must be "none", "observed" or bounds by column, got ${JSON.stringify(bounds)}`);
  }
  for (const [name, given] of Object.entries(bounds)) checkColumnBounds(name, given);
}

function checkColumnBounds(name: string, given: unknown): void {
  if (typeof given !== 'object' || given === null) throw badBounds(`those of ${quoted(name)} must be an object`, name);
  for (const [key, value] of Object.entries(given)) {
    if (!['min', 'max', 'step'].includes(key)) {
      throw badBounds(`those of ${quoted(name)} have no "${key}"; there are min, max and step`, name);
    }
    if (value !== undefined && !(typeof value === 'number' && Number.isFinite(value))) {
      throw badBounds(`${key} of ${quoted(name)} must be a number, got ${String(value)}`, name);
    }
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, step } = given as ColumnBounds;
  if (min > max) throw badBounds(`min of ${quoted(name)} is above its max`, name);
  if (step !== undefined && step <= 0) throw badBounds(`step of ${quoted(name)} must be above 0, got ${step}`, name);
}

function badBounds(message: string, column?: string): CounterweightError {
  return new CounterweightError('bad-option', `bounds: ${message}`, column === undefined ? {} : { column });
}

/** Brings new values of a column to what they may be, in place, and counts what it changed. */
export type CellRule = (values: Float64Array, from: number) => { readonly rounded: number; readonly clipped: number };

/** The rule of each numeric column that has one. Throws `no-such-column`, and `bad-option` for bounds of no numbers. */
export function cellRules(table: Table, { integers = 'keep', bounds = 'none' }: CellOptions): Map<string, CellRule> {
  const declared = typeof bounds === 'object' ? bounds : {};
  for (const name of Object.keys(declared)) {
    const { kind } = columnByName(table, name);
    if (kind !== 'numeric') throw badBounds(`column ${quoted(name)} does not hold numbers`, name);
  }
  const rules = new Map<string, CellRule>();
  for (const column of table.columns) {
    if (column.kind !== 'numeric') continue;
    const { whole, min, max } = extent(column);
    const own: ColumnBounds = bounds === 'observed' && min <= max ? { min, max } : (declared[column.name] ?? {});
    const round = roundingOf(own, whole ? integers : 'ignore');
    if (round || own.min !== undefined || own.max !== undefined) rules.set(column.name, ruleOf(round, own));
  }
  return rules;
}

function extent({ values }: NumericColumn): { whole: boolean; min: number; max: number } {
  let whole = true;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    if (whole && value !== Math.floor(value) && !Number.isNaN(value)) whole = false;
  }
  return { whole: whole && min <= max, min, max };
}

type Rounding = (value: number) => number;

function roundingOf({ min = 0, step }: ColumnBounds, integers: 'keep' | 'truncate' | 'ignore'): Rounding | undefined {
  if (step !== undefined) {
    // Steps such as 0.1 are tenths: dividing by 10 gives 0.3 where three times 0.1 does not.
    const parts = Math.round(1 / step);
    const isPart = parts > 0 && Math.abs(parts * step - 1) < 1e-12;
    const at = isPart ? (n: number) => n / parts : (n: number) => n * step;
    return (value) => min + at(halfToEven((value - min) / step));
  }
  if (integers === 'keep') return halfToEven;
  return integers === 'truncate' ? (value) => Math.trunc(value) + 0 : undefined;
}

function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

function ruleOf(round: Rounding | undefined, bounds: ColumnBounds): CellRule {
  const { lower, upper } = round ? reachable(bounds) : widest(bounds);
  return (values, from) => {
    let rounded = 0;
    let clipped = 0;
    for (let i = from; i < values.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      const inside = Math.min(upper, Math.max(lower, value));
      if (inside !== value) clipped++;
      const kept = round ? Math.min(upper, Math.max(lower, round(inside))) : inside;
      if (kept !== inside) rounded++;
      values[i] = kept;
    }
    return { rounded, clipped };
  };
}

const widest = ({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: ColumnBounds) => ({
  lower: min,
  upper: max,
});

/** The smallest and the largest whole number or step within the bounds; the bounds themselves where there is none. */
function reachable(bounds: ColumnBounds): { lower: number; upper: number } {
  const { min, max, step } = bounds;
  const { lower, upper } = widest(bounds);
  if (step !== undefined) {
    if (max === undefined) return { lower, upper };
    const start = min ?? 0;
    return { lower, upper: Math.max(lower, start + Math.floor((max - start) / step) * step) };
  }
  return Math.ceil(lower) <= Math.floor(upper)
    ? { lower: Math.ceil(lower), upper: Math.floor(upper) }
    : { lower, upper };
}

/** What was changed, by column. */
export type ChangedCells = ReadonlyMap<string, { readonly rounded: number; readonly clipped: number }>;

/** One notice for all cells that were rounded, one for all that were clipped. */
export function changedNotices(changed: ChangedCells): Notice[] {
  const notices: Notice[] = [];
  for (const [what, code, reason] of [
    ['rounded', 'cells-rounded', 'rounded to the whole numbers, or declared steps, that their columns hold'],
    ['clipped', 'cells-clipped', 'brought within bounds'],
  ] as const) {
    const columns = [...changed].filter(([, counts]) => counts[what] > 0);
    if (columns.length === 0) continue;
    const cells = columns.reduce((sum, [, counts]) => sum + counts[what], 0);
    const names = listed(
      columns.map(([name]) => name),
      5,
    );
    notices.push({
      code,
      severity: 'info',
      message: `${counted(cells, 'cell')} of new rows ${cells === 1 ? 'was' : 'were'} ${reason}: ${names}`,
      numbers: { cells, columns: columns.length },
    });
  }
  return notices;
}
