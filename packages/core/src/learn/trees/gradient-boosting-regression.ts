import { checkColumnCount, requireNumericRows } from '../../data/check-dataset.ts';
import { checkOptionNames } from '../../data/check-option-names.ts';
import type { NumericRows } from '../../data/dataset.ts';
import { described } from '../../data/described.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { type Work, withKernels } from '../../runtime/work.ts';
import type { ModelJSON } from '../learner.ts';
import { binRows } from './binned-rows.ts';
import { boostRounds, fewerRounds, leastRows } from './boost-rounds.ts';
import { boostingOptionNames, boostingRules, checkColumns, type GradientBoostingOptions } from './boosting-options.ts';
import type { BoostingScores } from './boosting-scores.ts';
import { BLOCK_ROWS, recordWeights } from './gradient-records.ts';
import { isCount, isNotices, isNumbers } from './model-fields.ts';
import { scoreRows } from './predict-trees.ts';
import { treeFromJSON, treeToJSON } from './tree-json.ts';
import type { TreeSum } from './tree-sum.ts';

const KIND = 'gradient-boosting-regression';

export type RegressionOptions = Omit<GradientBoostingOptions, 'loss' | 'earlyStopping' | 'maxLeafStep'>;

const regressionOptionNames = boostingOptionNames.filter(
  (name) => name !== 'loss' && name !== 'earlyStopping' && name !== 'maxLeafStep',
);

/** Rows with a number each. */
export interface TargetRows {
  readonly X: NumericRows;
  readonly targets: Float64Array;
  /** Positive, one a row; a whole weight equals that many copies. */
  readonly weights?: Float64Array | undefined;
}

export interface RegressionModel {
  readonly columns: number;
  readonly initial: Float64Array;
  readonly trees: TreeSum['trees'];
  readonly iterations: number;
  readonly notices: readonly Notice[];
  /** One number a row. Throws `column-mismatch`, `not-finite`. */
  predict(X: NumericRows, options?: RunOptions): Promise<Float64Array>;
  toJSON(): ModelJSON;
}

/**
 * Gradient boosting of numbers by squared error, with the trees and options of `gradientBoosting`: for costs, scores and
 * whatever else is learned from rows beside classes.
 *
 * Throws `bad-option`, `bad-rows`, `no-columns`, `bad-targets`, `shape-mismatch`, `bad-weights`, `no-rows`, `not-finite`.
 */
export function gradientBoostingRegression(options: RegressionOptions = {}): {
  fit(data: TargetRows, options?: RunOptions): Promise<RegressionModel>;
} {
  checkOptionNames('gradient boosting of numbers', options, regressionOptionNames);
  const rules = boostingRules({ ...options, maxLeafStep: Number.POSITIVE_INFINITY });
  const fit = async (data: TargetRows, run?: RunOptions): Promise<RegressionModel> => {
    const weights = checkTargets(data ?? {});
    const { X, targets } = data;
    checkColumns(rules, X, { count: X.rows });
    return withKernels(run, async (work) => {
      const ones = weights.every((weight) => weight === 1);
      const counted = recordWeights(work, weights, weights);
      const bin = (least: number) =>
        binRows(
          work,
          X,
          { count: X.rows, weights: ones ? undefined : weights },
          {
            maxBins: rules.maxBins,
            categorical: new Set(rules.categoricalFeatures),
            leaves: rules.maxLeafNodes,
            least,
          },
        );
      const scores = targetScores(work, targets, weights);
      const boosted = await boostRounds(work, {
        binned: await bin(leastRows(rules, counted)),
        binAll: () => bin(1),
        weights: counted,
        scores,
        rules,
        stream: randomStream(rules.seed, KIND),
        endsUnsplit: true,
        run,
      });
      const { trees, iterations } = boosted;
      const notices = fewerRounds(boosted, rules.maxIterations);
      return regressionModel({ columns: X.columns, initial: scores.initial, trees }, iterations, notices);
    });
  };
  return Object.freeze({ fit });
}

function checkTargets({ X, targets, weights }: TargetRows): Float64Array {
  requireNumericRows(X);
  if (X.columns === 0) throw new CounterweightError('no-columns', 'the rows have no columns to learn from');
  if (!ArrayBuffer.isView(targets)) {
    const message = `targets must be a Float64Array, one number a row, got ${described(targets)}`;
    throw new CounterweightError('bad-targets', message);
  }
  if (targets.length !== X.rows || (weights && weights.length !== X.rows)) {
    const weighed = weights ? ` and ${weights.length} weights` : '';
    throw new CounterweightError('shape-mismatch', `${X.rows} rows have ${targets.length} targets${weighed}`);
  }
  if (X.rows === 0) throw new CounterweightError('no-rows', 'there is no row to learn from');
  const bad = targets.findIndex((target) => !Number.isFinite(target));
  if (bad >= 0) {
    throw new CounterweightError('not-finite', `the target of row ${bad} is ${targets[bad]}`, { row: bad });
  }
  const light = weights?.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (light >= 0) {
    throw new CounterweightError('bad-weights', `the weight of row ${light} is ${weights![light]}, not positive`, {
      row: light,
    });
  }
  return weights ?? new Float64Array(X.rows).fill(1);
}

/** Scores that start with the weighted mean of the targets. */
function targetScores({ memory, run }: Work, targets: Float64Array, weights: Float64Array): BoostingScores {
  const rows = targets.length;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    sum += targets[i]! * weights[i]!;
    total += weights[i]!;
  }
  const initial = Float64Array.of(sum / total);
  const scores = memory.float64(rows);
  scores.view().fill(initial[0]!);
  const wanted = memory.float64(rows);
  wanted.view().set(targets);
  return Object.freeze({
    outputs: 1,
    initial,
    address: () => scores.address,
    beginRound: async () => {},
    gradients: (_output, records) =>
      run('squaredGradients', Math.ceil(rows / BLOCK_ROWS), [
        scores.address,
        wanted.address,
        rows,
        BLOCK_ROWS,
        records.address,
      ]),
  } satisfies BoostingScores);
}

function regressionModel(sum: TreeSum, iterations: number, notices: readonly Notice[]): RegressionModel {
  const predict = async (X: NumericRows, options?: RunOptions) => {
    checkColumnCount(X, sum.columns);
    const result = new Float64Array(X.rows);
    await scoreRows(sum, X, options, ({ memory }) => {
      const one = memory.bytes(8);
      return (scores, first, count) => result.set(new Float64Array(one.view().buffer, scores, count), first);
    });
    return result;
  };
  return Object.freeze({
    ...sum,
    iterations,
    notices: Object.freeze([...notices]),
    predict,
    toJSON: () => ({
      kind: KIND,
      version: 1,
      columns: sum.columns,
      initial: [...sum.initial],
      iterations,
      trees: sum.trees.map(({ tree }) => treeToJSON(tree)),
      notices,
    }),
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function gradientBoostingRegressionFromJSON(json: ModelJSON): RegressionModel {
  const { kind, version, columns, initial, iterations, trees, notices } = (json ?? {}) as Record<string, unknown>;
  const refuse = (field: string): never => {
    throw new CounterweightError('bad-model', `regression model: field "${field}" is missing or wrong`, { field });
  };
  if (kind !== KIND || version !== 1) return refuse('kind');
  if (!isCount(columns)) return refuse('columns');
  if (!isNumbers(initial, 1)) return refuse('initial');
  if (!isCount(iterations)) return refuse('iterations');
  if (!isNotices(notices)) return refuse('notices');
  if (!Array.isArray(trees)) return refuse('trees');
  const read = trees.map((one) => ({ output: 0, tree: treeFromJSON(one, columns) ?? refuse('trees') }));
  return regressionModel({ columns, initial: Float64Array.from(initial), trees: read }, iterations, notices);
}
