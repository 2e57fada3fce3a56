import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { checkWord } from '../resample/options.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { placeOf, sortedSteps } from './sorted-steps.ts';

/**
 * `column`: the larger tail is taken in each column, and these are summed, as the authors' programs have it. `total`: each kind of tail is
 * summed over columns, and the largest of the three sums is the score, as both papers have it.
 */
export type TailAggregation = 'total' | 'column';

export interface ColumnTailsOptions {
  /** Default `column`. */
  readonly aggregation?: TailAggregation | undefined;
}

/**
 * What ECOD and COPOD differ in: the strangeness that a column has of its left, right and skewed tail, which is the larger where the
 * column leans to no side.
 */
export interface TailRule {
  readonly name: string;
  readonly perColumn: (left: number, right: number, skewed: number) => number;
}

/** A detector by empirical tail probabilities, column by column. Throws `bad-option`. */
export function columnTailsDetector(rule: TailRule, options: ColumnTailsOptions): Detector {
  checkKnown(rule.name, options, ['aggregation']);
  checkWord('aggregation', options.aggregation, ['total', 'column']);
  const aggregation = options.aggregation ?? 'column';
  return Object.freeze({
    name: rule.name,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, notices } = fittingRows(rule.name, X, run);
      return tailsModel(rule, aggregation, sortedColumns(rows), notices);
    },
  });
}

/** Throws `bad-model`. */
export function columnTailsFromJSON(rule: TailRule, json: unknown): AnomalyModel {
  const fields = modelFields(json, rule.name);
  fields.oneOf('kind', rule.name);
  const aggregation = fields.oneOf('aggregation', 'total', 'column');
  const columns = fields.count('columns');
  const list = fields.list('sorted');
  fields.require('columns', columns > 0 && list.length === columns);
  const rows = Array.isArray(list[0]) ? list[0].length : 0;
  fields.require('sorted', rows >= 2);
  const lists = modelFields(Object.fromEntries(list.entries()), rule.name);
  const sorted = Array.from({ length: columns }, (_, j) => lists.numbers(String(j), rows));
  fields.require(
    'sorted',
    sorted.every((values) => values.every((value, i) => i === 0 || values[i - 1]! <= value)),
  );
  return tailsModel(rule, aggregation, sorted, fields.notices('notices'));
}

function sortedColumns({ rows, columns, data }: Matrix): Float64Array[] {
  return Array.from({ length: columns }, (_, j) => {
    const values = new Float64Array(rows);
    for (let i = 0, at = j; i < rows; i++, at += columns) values[i] = data[at]! + 0; // 0 and -0 are one value
    return values.sort();
  });
}

function tailsModel(
  { name, perColumn }: TailRule,
  aggregation: TailAggregation,
  sorted: readonly Float64Array[],
  notices: readonly Notice[],
): AnomalyModel {
  const columns = sorted.length;
  const n = sorted[0]!.length;
  const leanings = sorted.map((values) => Math.sign(thirdMoment(values)));
  // A row beyond all others has the share that it would have as one row more.
  const strangeness = Float64Array.from({ length: n + 1 }, (_, count) =>
    count === 0 ? Math.log(n + 1) : -Math.log(count / n),
  );
  const steps = sorted.map(sortedSteps);
  const score = ({ rows, data }: Matrix) => {
    const lefts = new Float64Array(rows);
    const rights = new Float64Array(rows);
    const skewedOnes = new Float64Array(rows);
    const largest = new Float64Array(rows);
    // Column by column, so that one column's values stay in the cache.
    for (let j = 0; j < columns; j++) {
      const step = steps[j]!;
      const { values, upTo } = step;
      const leaning = leanings[j]!;
      for (let i = 0, at = j; i < rows; i++, at += columns) {
        const value = data[at]!;
        const place = placeOf(step, value);
        const left = strangeness[upTo[values[place] === value ? place + 1 : place]!]!;
        const right = strangeness[n - upTo[place]!]!;
        const skewed = leaning < 0 ? left : right;
        lefts[i]! += left;
        rights[i]! += right;
        skewedOnes[i]! += skewed;
        largest[i]! += perColumn(left, right, leaning === 0 ? Math.max(left, right) : skewed);
      }
    }
    if (aggregation === 'column') return largest;
    return lefts.map((sum, i) => Math.max(sum, rights[i]!, skewedOnes[i]!));
  };
  return fittedModel({
    name,
    columns,
    notices,
    score,
    fields: () => ({ aggregation, sorted: sorted.map((values) => Array.from(values)) }),
  });
}

/** Sign and size of the skewness, but for a positive factor; 0 where it is rounding only. */
function thirdMoment(values: Float64Array): number {
  const scale = Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!)) || 1;
  let mean = 0;
  for (const value of values) mean += value / scale;
  mean /= values.length;
  let cubes = 0;
  let sizes = 0;
  for (const value of values) {
    const cube = (value / scale - mean) ** 3;
    cubes += cube;
    sizes += Math.abs(cube);
  }
  return Math.abs(cubes) > 1e-10 * sizes ? cubes : 0;
}
