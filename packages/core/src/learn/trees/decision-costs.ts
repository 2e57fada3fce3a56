import type { Dataset, NumericRows } from '../../data/dataset.ts';
import { classIndex } from '../../data/label-views.ts';
import type { ClassLabel } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { classWeights } from '../class-priors.ts';
import type { TrainingRows } from '../logistic-data.ts';

/**
 * An amount a row: the same for all, one a row of the data that is fitted, or what stands in a column of its rows. Only the last
 * goes with the rows where they are drawn, split into folds or resampled.
 */
export type CostAmount = number | Float64Array | { readonly column: number };

/** What decisions about the rows of two classes cost, row by row; a gain is a negative cost. */
export interface OutcomeCosts {
  readonly falsePositive: CostAmount;
  readonly falseNegative: CostAmount;
  /** Default 0. */
  readonly truePositive?: CostAmount | undefined;
  /** Default 0. */
  readonly trueNegative?: CostAmount | undefined;
  /** The positive class; default the rarer one, with equal weights the later label. */
  readonly positive?: ClassLabel | undefined;
}

/**
 * What decisions cost. `balanced`: a mistake costs the inverse of the weight of the row's class, being right nothing. A matrix:
 * `costs[decided][true]`, a line and a column a class of the labels. Or amounts of each row.
 */
export type DecisionCosts = 'balanced' | readonly (readonly number[])[] | OutcomeCosts;

/** Costs as they are for the rows that train; classes are places among those present. */
export interface SettledCosts {
  /** Cost of deciding so for a row if it were of class `truth`. */
  of(row: number, decided: number, truth: number): number;
}

/** Settles costs for the rows at hand. Throws `bad-costs`, `bad-option`, `shape-mismatch`, `no-such-class`. */
export function settleCosts(costs: DecisionCosts, data: Dataset, training: TrainingRows): SettledCosts {
  if (costs === 'balanced') return balancedCosts(training);
  if (Array.isArray(costs)) return matrixCosts(costs as readonly (readonly number[])[], data, training);
  if (typeof costs === 'object' && costs !== null && 'falsePositive' in costs && 'falseNegative' in costs)
    return rowCosts(costs as OutcomeCosts, data, training);
  throw badCosts('costs must be "balanced", a matrix, or falsePositive and falseNegative');
}

/**
 * What each decision costs above the row's cheapest one: `rows × present classes`, none negative, 0 once a row
 * at least. Throws `bad-costs` where no decision costs anything.
 */
export function decisionRegrets({ of }: SettledCosts, { count, labels, present }: TrainingRows): Float64Array {
  const width = present.length;
  const regrets = new Float64Array(count * width);
  let most = 0;
  for (let row = 0, at = 0; row < count; row++, at += width) {
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < width; k++) {
      regrets[at + k] = of(row, k, labels[row]!);
      least = Math.min(least, regrets[at + k]!);
    }
    for (let k = 0; k < width; k++) most = Math.max(most, (regrets[at + k]! -= least));
  }
  if (!(most > 0)) throw badCosts('every decision costs the same for every row: there is nothing to learn from costs');
  if (most === Number.POSITIVE_INFINITY) throw badCosts('costs differ by more than numbers can hold');
  return regrets;
}

function balancedCosts(training: TrainingRows): SettledCosts {
  const totals = classWeights(training);
  const most = Math.max(...totals);
  return { of: (_row, decided, truth) => (decided === truth ? 0 : most / totals[truth]!) };
}

function matrixCosts(costs: readonly (readonly number[])[], { y }: Dataset, { present }: TrainingRows): SettledCosts {
  const classes = y.classes.length;
  const square = costs.length === classes && costs.every((line) => Array.isArray(line) && line.length === classes);
  if (!square) throw badCosts(`costs must be ${classes} lines of ${classes} numbers: costs[decided][true]`);
  for (const line of costs) {
    for (const cost of line) if (!Number.isFinite(cost)) throw badCosts(`costs must be finite numbers, got ${cost}`);
  }
  return { of: (_row, decided, truth) => costs[present[decided]!]![present[truth]!]! };
}

function rowCosts(costs: OutcomeCosts, data: Dataset, training: TrainingRows): SettledCosts {
  const { present } = training;
  if (present.length !== 2)
    throw badCosts(`costs of rows are for two classes, there are ${present.length}: give a matrix`);
  const positive = costs.positive === undefined ? rarerPlace(training) : placeOf(costs.positive, data, training);
  const amount = (name: Exclude<keyof OutcomeCosts, 'positive'>) => amountsOf(name, costs[name] ?? 0, data, training);
  const whenPositive = [amount('falseNegative'), amount('truePositive')] as const;
  const whenNegative = [amount('trueNegative'), amount('falsePositive')] as const;
  return {
    of: (row, decided, truth) => (truth === positive ? whenPositive : whenNegative)[decided === positive ? 1 : 0](row),
  };
}

function rarerPlace(training: TrainingRows): number {
  const totals = classWeights(training);
  return totals[0]! < totals[1]! ? 0 : 1;
}

function placeOf(label: ClassLabel, { y }: Dataset, { present }: TrainingRows): number {
  const place = present.indexOf(classIndex(y, label));
  if (place < 0) throw badCosts(`the positive class of the costs, ${label}, has no rows`);
  return place;
}

function amountsOf(name: string, amount: CostAmount, { X }: Dataset, { kept, count }: TrainingRows) {
  if (typeof amount === 'number') {
    if (!Number.isFinite(amount)) throw badCosts(`${name} must be a finite number, got ${amount}`);
    return () => amount;
  }
  const values = amount instanceof Float64Array ? amount : columnOf(name, amount, X);
  if (values.length !== X.rows)
    throw new CounterweightError('shape-mismatch', `${X.rows} rows have ${values.length} costs ${name}`);
  const rowOf = (place: number) => (kept ? kept[place]! : place);
  for (let place = 0; place < count; place++) {
    const row = rowOf(place);
    if (Number.isFinite(values[row]!)) continue;
    throw new CounterweightError('bad-costs', `${name} of row ${row} is ${values[row]}; costs are finite`, { row });
  }
  return (place: number) => values[rowOf(place)]!;
}

function columnOf(name: string, from: { readonly column: number }, X: NumericRows): Float64Array {
  const column: unknown = from?.column;
  if (!(Number.isInteger(column) && (column as number) >= 0 && (column as number) < X.columns))
    throw badCosts(`${name} must be a number, a Float64Array or { column } of one of the ${X.columns} columns`);
  const values = new Float64Array(X.rows);
  if (X.kind === 'dense') {
    for (let row = 0; row < X.rows; row++) values[row] = X.data[row * X.columns + (column as number)]!;
    return values;
  }
  for (let row = 0; row < X.rows; row++) {
    for (let e = X.offsets[row]!; e < X.offsets[row + 1]!; e++) if (X.indices[e] === column) values[row] = X.values[e]!;
  }
  return values;
}

function badCosts(message: string): CounterweightError {
  return new CounterweightError('bad-costs', message);
}
