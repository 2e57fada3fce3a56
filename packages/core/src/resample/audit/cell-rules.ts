import type { Matrix } from '../../data/matrix.ts';
import { type ColumnRanges, columnRanges } from '../../measure/column-ranges.ts';
import type { AuditedColumn, CellCounts } from './audit-result.ts';

/** A column of more distinct values is no column of few values. */
const FEW = 10;
/** Nor is one whose values occur less often than this on average. */
const OFTEN = 2;
/** Rounding may carry a value so far beyond a bound, in parts of the column's range and of its largest value. */
const OF_RANGE = 1e-9;
const OF_VALUE = 1e-12;
/** Nearer than this to a whole number is whole. */
const WHOLE = 1e-9;

/** What the original rows have in their columns, and what of it new rows break. */
export interface CellRules {
  readonly columns: readonly AuditedColumn[];
  /** How far rounding may carry a value of each column. */
  readonly slack: Float64Array;
  /** Counts the broken rules of `row` of `cells`, a new row of class `code`; says which were broken. */
  judge(cells: Matrix, row: number, code: number): { readonly [Rule in keyof CellCounts<number>]: boolean };
  /** Counts of a class so far, a column each. */
  counts(code: number): CellCounts<Float64Array>;
}

/** Learns the rules from the original rows, `members` by class. Columns without a name are called by their index. */
export function cellRules(
  original: Matrix,
  members: readonly Int32Array[],
  names: readonly string[] | undefined,
): CellRules {
  const width = original.columns;
  const columns = describeColumns(original, names);
  const slack = Float64Array.from(columns, ({ low, high }) => slackOf(low, high));
  const known = new Map<number, { readonly range: ColumnRanges; readonly counts: CellCounts<Float64Array> }>();
  const about = (code: number) => {
    const before = known.get(code);
    if (before) return before;
    const range = columnRanges(original.data, width, members[code]!);
    const made = { range, counts: mapCounts(() => new Float64Array(width)) };
    known.set(code, made);
    return made;
  };
  return Object.freeze({
    columns,
    slack,
    judge({ data }: Matrix, row: number, code: number) {
      const { range, counts } = about(code);
      const broken = mapCounts(() => false as boolean) as { -readonly [Rule in keyof CellCounts<boolean>]: boolean };
      const note = (rule: keyof CellCounts<boolean>, j: number) => {
        broken[rule] = true;
        counts[rule][j]!++;
      };
      for (let j = 0, at = row * width; j < width; j++, at++) {
        const value = data[at]!;
        const { low, high, whole, values } = columns[j]!;
        if (value < range.low[j]! - slack[j]! || value > range.high[j]! + slack[j]!) {
          note('outsideClass', j);
          if (value < low - slack[j]! || value > high + slack[j]!) note('outsideData', j);
        }
        if (whole && Math.abs(value - Math.round(value)) > WHOLE) note('notWhole', j);
        if (values && !hasNear(values, value, slack[j]!)) note('unseen', j);
      }
      return broken;
    },
    counts: (code: number) => about(code).counts,
  });
}

/** One value for each rule. */
export function mapCounts<T>(ofRule: (rule: keyof CellCounts<T>) => T): CellCounts<T> {
  return {
    outsideClass: ofRule('outsideClass'),
    outsideData: ofRule('outsideData'),
    notWhole: ofRule('notWhole'),
    unseen: ofRule('unseen'),
  };
}

function slackOf(low: number, high: number): number {
  return Math.min(OF_RANGE * (high - low) + OF_VALUE * Math.max(Math.abs(low), Math.abs(high)), Number.MAX_VALUE);
}

function hasNear(values: readonly number[], value: number, slack: number): boolean {
  for (const one of values) if (Math.abs(one - value) <= slack) return true;
  return false;
}

function describeColumns({ data, rows, columns }: Matrix, names: readonly string[] | undefined): AuditedColumn[] {
  return Array.from({ length: columns }, (_, j) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let whole = true;
    let few: number[] | null = [];
    for (let at = j; at < data.length; at += columns) {
      const value = data[at]! + 0;
      if (value < low) low = value;
      if (value > high) high = value;
      if (whole && value !== Math.floor(value)) whole = false;
      if (few && !few.includes(value)) few = few.length < FEW ? [...few, value] : null;
    }
    const values = few && few.length * OFTEN <= rows ? few.sort((a, b) => a - b) : null;
    return { name: names?.[j] ?? String(j), low, high, whole, values };
  });
}
