import type { NumericRows } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { type BoostingLoss, checkLoss } from './boosting-loss.ts';
import { type EarlyStopping, type StoppingRules, stoppingRules } from './early-stopping.ts';
import { type MonotoneColumns, monotoneColumns } from './monotone-columns.ts';

export interface GradientBoostingOptions {
  /** Factor of every leaf value. Default 0.1. */
  readonly learningRate?: number | undefined;
  /** Rounds; each adds a tree, or one a class where there are three classes or more. Default 100. */
  readonly maxIterations?: number | undefined;
  /** Leaves of a tree at most. Default 31. */
  readonly maxLeafNodes?: number | undefined;
  /** Splits on a way from the root at most; Infinity (default) for any number. */
  readonly maxDepth?: number | undefined;
  /**
   * Rows in a leaf at least. Whole weights count as so many rows, those of a sum beyond four million to within a millionth of
   * it. Default 20, or a tenth of the rows where those are fewer than 200.
   */
  readonly minSamplesLeaf?: number | undefined;
  /** Sum of Hessians in a leaf at least. Default 0.001. */
  readonly minHessianLeaf?: number | undefined;
  /** Penalty of a leaf value's size and of its square. Default 0 each. */
  readonly l1Regularization?: number | undefined;
  readonly l2Regularization?: number | undefined;
  /**
   * A leaf's step, before `learningRate`, is at most so large either way; Infinity for any. Default 16. Where the rare class is one
   * row in hundreds, Newton steps are far longer than the loss allows, and boosting without a bound can run away from the data.
   */
  readonly maxLeafStep?: number | undefined;
  /** A split must gain more than this. Default 0. */
  readonly minGain?: number | undefined;
  /** `leaf-wise` (default): the split with the largest gain next; `depth-wise`: level by level. */
  readonly growth?: 'leaf-wise' | 'depth-wise' | undefined;
  /** Bins a column at most, 2 to 255 (default). */
  readonly maxBins?: number | undefined;
  /** Share of the columns looked at for each split, drawn anew each time. Default 1. */
  readonly maxFeatures?: number | undefined;
  /** Share of the rows that each tree learns from, drawn anew without replacement. Default 1. */
  readonly subsample?: number | undefined;
  /**
   * Columns of category codes 0 to 254, split by sets of codes instead of order. Default none. In new rows a value that is no code
   * of the training rows, 1.5 as well, goes with the categories that are not of a split's set.
   */
  readonly categoricalFeatures?: readonly number[] | undefined;
  /**
   * A column's number to 1 (the score of the second class, or the number, never falls as the value grows) or -1 (never rises), with
   * all other columns as they are; of missing values nothing is promised. Of more than two classes it is refused. Default none.
   */
  readonly monotonicConstraints?: Readonly<Record<number, 1 | -1>> | undefined;
  /** What is taken down. Default `log-loss`. */
  readonly loss?: BoostingLoss | undefined;
  /** Holds rows out and keeps the rounds that did best on them. Default: all rounds, all rows. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /** Used by sampling and holding out only. Default 0. */
  readonly seed?: number | undefined;
}

const named: Record<keyof GradientBoostingOptions, true> = {
  learningRate: true,
  maxIterations: true,
  maxLeafNodes: true,
  maxDepth: true,
  minSamplesLeaf: true,
  minHessianLeaf: true,
  l1Regularization: true,
  l2Regularization: true,
  maxLeafStep: true,
  minGain: true,
  growth: true,
  maxBins: true,
  maxFeatures: true,
  subsample: true,
  categoricalFeatures: true,
  monotonicConstraints: true,
  loss: true,
  earlyStopping: true,
  seed: true,
};
/** Names of all options. */
export const boostingOptionNames: readonly string[] = Object.keys(named);

export interface BoostingRules {
  readonly learningRate: number;
  readonly maxIterations: number;
  readonly maxLeafNodes: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number | undefined;
  readonly minHessianLeaf: number;
  readonly l1Regularization: number;
  readonly l2Regularization: number;
  readonly maxLeafStep: number;
  readonly minGain: number;
  readonly growth: 'leaf-wise' | 'depth-wise';
  readonly maxBins: number;
  readonly maxFeatures: number;
  readonly subsample: number;
  readonly categoricalFeatures: readonly number[];
  readonly monotonicConstraints: MonotoneColumns;
  readonly loss: BoostingLoss;
  readonly earlyStopping: StoppingRules | undefined;
  readonly seed: number;
}

/** Fills in the defaults. Throws `bad-option`. */
export function boostingRules(options: GradientBoostingOptions): BoostingRules {
  const number = (
    name: keyof GradientBoostingOptions,
    fallback: number,
    valid: (value: number) => boolean,
    what: string,
  ) => {
    const value = options[name] ?? fallback;
    if (typeof value !== 'number' || !valid(value)) throw badOption(`${name} must be ${what}, got ${String(value)}`);
    return value;
  };
  const whole = (least: number, most: number) => (value: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  const finite = (value: number) => value >= 0 && value < Number.POSITIVE_INFINITY;
  const share = (value: number) => value > 0 && value <= 1;
  const growth = options.growth ?? 'leaf-wise';
  if (growth !== 'leaf-wise' && growth !== 'depth-wise')
    throw badOption(`growth must be "leaf-wise" or "depth-wise", got ${String(growth)}`);
  const categorical = options.categoricalFeatures ?? [];
  if (!Array.isArray(categorical) || !categorical.every(whole(0, 2 ** 31)))
    throw badOption('categoricalFeatures must list columns');
  const loss = options.loss ?? 'log-loss';
  checkLoss(loss);
  const most = Number.MAX_SAFE_INTEGER;
  return {
    learningRate: number('learningRate', 0.1, (value) => value > 0 && value <= 1e6, 'a positive number'),
    maxIterations: number('maxIterations', 100, whole(1, 1e6), 'a positive whole number'),
    maxLeafNodes: number('maxLeafNodes', 31, whole(2, 65536), 'a whole number from 2 to 65536'),
    maxDepth: number(
      'maxDepth',
      Number.POSITIVE_INFINITY,
      (value) => value === Number.POSITIVE_INFINITY || whole(1, most)(value),
      'a positive whole number or Infinity',
    ),
    minSamplesLeaf:
      options.minSamplesLeaf === undefined
        ? undefined
        : number('minSamplesLeaf', 20, whole(1, most), 'a positive whole number'),
    minHessianLeaf: number('minHessianLeaf', 1e-3, (value) => value > 0 && finite(value), 'a positive number'),
    l1Regularization: number('l1Regularization', 0, finite, 'a number that is not negative'),
    l2Regularization: number('l2Regularization', 0, finite, 'a number that is not negative'),
    maxLeafStep: number('maxLeafStep', 16, (value) => value > 0, 'above 0'),
    minGain: number('minGain', 0, finite, 'a number that is not negative'),
    growth,
    maxBins: number('maxBins', 255, whole(2, 255), 'a whole number from 2 to 255'),
    maxFeatures: number('maxFeatures', 1, share, 'above 0 and at most 1'),
    subsample: number('subsample', 1, share, 'above 0 and at most 1'),
    categoricalFeatures: categorical,
    monotonicConstraints: monotoneColumns(options.monotonicConstraints, categorical),
    loss,
    earlyStopping: options.earlyStopping && stoppingRules(options.earlyStopping),
    seed: number('seed', 0, whole(0, most), 'a whole number that is not negative'),
  };
}

export function badOption(message: string): CounterweightError {
  return new CounterweightError('bad-option', message);
}

/** Throws `bad-option` where a column that an option names is not there or holds no category codes. */
export function checkColumns(
  rules: Pick<BoostingRules, 'categoricalFeatures' | 'maxBins'> & Partial<Pick<BoostingRules, 'monotonicConstraints'>>,
  X: NumericRows,
  { kept, count }: { readonly kept?: Int32Array | undefined; readonly count: number },
): void {
  for (const column of [...rules.categoricalFeatures, ...(rules.monotonicConstraints?.keys() ?? [])]) {
    if (column >= X.columns) throw badOption(`there is no column ${column}: the rows have ${X.columns}`);
  }
  if (rules.categoricalFeatures.length > 0 && X.kind === 'csr')
    throw badOption('categoricalFeatures need dense rows of category codes');
  if (X.kind === 'csr') return;
  for (const column of rules.categoricalFeatures) {
    const seen = new Uint8Array(256);
    let categories = 0;
    for (let i = 0; i < count; i++) {
      const code = X.data[(kept ? kept[i]! : i) * X.columns + column]!;
      if (!Number.isNaN(code) && !(Number.isInteger(code) && code >= 0 && code <= 254)) {
        throw badOption(`column ${column} has ${code}; categories are codes from 0 to 254`);
      }
      if (code >= 0 && seen[code] === 0) {
        seen[code] = 1;
        categories++;
      }
    }
    if (categories > rules.maxBins)
      throw badOption(`column ${column} has ${categories} categories, more than maxBins (${rules.maxBins})`);
  }
}
