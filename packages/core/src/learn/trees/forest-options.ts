import { badOption } from './boosting-options.ts';
import type { ForestKind } from './forest-model.ts';
import { type MonotoneColumns, monotoneColumns } from './monotone-columns.ts';

export interface DecisionTreeOptions {
  /** `gini` (default) or `entropy`. */
  readonly criterion?: 'gini' | 'entropy' | undefined;
  /** Splits on a way from the root at most; Infinity (default) for any number. */
  readonly maxDepth?: number | undefined;
  /** Sum of the weights of a leaf's rows at least. Default 1, which stands for any row. */
  readonly minSamplesLeaf?: number | undefined;
  /** Columns looked at for each split: `sqrt`, a share (0 to 1), or `all`. Constant ones do not count. */
  readonly maxFeatures?: 'sqrt' | 'all' | number | undefined;
  /** Bins a column at most, 2 to 255 (default). Columns of no more distinct values lose nothing. */
  readonly maxBins?: number | undefined;
  /** As for `gradientBoosting`: columns of category codes 0 to 254, split by sets of codes instead of order. Default none. */
  readonly categoricalFeatures?: readonly number[] | undefined;
  /**
   * A column's number to 1 (the probability of the second class never falls as the value grows) or -1 (never rises), with all
   * other columns as they are; of missing values nothing is promised. Two classes only. Default none.
   */
  readonly monotonicConstraints?: Readonly<Record<number, 1 | -1>> | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export interface ForestOptions extends DecisionTreeOptions {
  /** Trees. Default 100. */
  readonly nEstimators?: number | undefined;
  /** Whether each tree learns from rows drawn with replacement. */
  readonly bootstrap?: boolean | undefined;
  /** Whether the model keeps what the trees say of the rows that they did not see. Needs `bootstrap`. Default false. */
  readonly oobScore?: boolean | undefined;
}

const namedOfTrees: Record<keyof DecisionTreeOptions, true> = {
  criterion: true,
  maxDepth: true,
  minSamplesLeaf: true,
  maxFeatures: true,
  maxBins: true,
  categoricalFeatures: true,
  monotonicConstraints: true,
  seed: true,
};
/** Names of the options of a single tree. */
export const treeOptionNames: readonly string[] = Object.keys(namedOfTrees);

const namedOfForests: Record<Exclude<keyof ForestOptions, keyof DecisionTreeOptions>, true> = {
  nEstimators: true,
  bootstrap: true,
  oobScore: true,
};
/** Names of the options of forests. */
export const forestOptionNames: readonly string[] = [...treeOptionNames, ...Object.keys(namedOfForests)];

/** Options of a tree with their defaults filled in. */
export interface TreeSettings {
  readonly criterion: 'gini' | 'entropy';
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly maxFeatures: 'sqrt' | 'all' | number;
  readonly maxBins: number;
  readonly categoricalFeatures: readonly number[];
  readonly monotonicConstraints: MonotoneColumns;
}

export interface ForestSettings extends TreeSettings {
  readonly seed: number;
  readonly nEstimators: number;
  readonly bootstrap: boolean;
  readonly oobScore: boolean;
  readonly randomThresholds: boolean;
}

/** Features looked at for each split, of those that can be split. */
export function lookedAt(maxFeatures: 'sqrt' | 'all' | number, columns: number, features: number): number {
  const wanted = maxFeatures === 'all' ? features : maxFeatures === 'sqrt' ? Math.sqrt(columns) : maxFeatures * columns;
  return Math.max(1, Math.min(features, Math.floor(wanted)));
}

/** Throws `bad-option` for what is not a whole number in the range; undefined is the fallback. */
function wholeIn(name: string, given: unknown, fallback: number, least: number, most: number): number {
  const value = given ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw badOption(`${name} must be a whole number from ${least} to ${most}, got ${String(value)}`);
}

/** Fills in the defaults of a tree's options, of which `columns` is that of `maxFeatures`. Throws `bad-option`. */
export function treeSettings(options: DecisionTreeOptions, columns: 'sqrt' | 'all'): TreeSettings {
  const { criterion = 'gini', maxDepth = Number.POSITIVE_INFINITY, maxFeatures = columns } = options;
  if (criterion !== 'gini' && criterion !== 'entropy')
    throw badOption(`criterion must be "gini" or "entropy", got ${String(criterion)}`);
  if (maxDepth !== Number.POSITIVE_INFINITY && !(Number.isInteger(maxDepth) && maxDepth >= 1))
    throw badOption(`maxDepth must be a positive whole number or Infinity, got ${String(maxDepth)}`);
  const isShare = typeof maxFeatures === 'number' && maxFeatures > 0 && maxFeatures <= 1;
  if (maxFeatures !== 'sqrt' && maxFeatures !== 'all' && !isShare)
    throw badOption(`maxFeatures must be "sqrt", "all" or a share above 0 and at most 1, got ${String(maxFeatures)}`);
  const categoricalFeatures = categoricalColumns(options.categoricalFeatures);
  return {
    criterion,
    maxDepth,
    minSamplesLeaf: wholeIn('minSamplesLeaf', options.minSamplesLeaf, 1, 1, 2 ** 31),
    maxFeatures,
    maxBins: wholeIn('maxBins', options.maxBins, 255, 2, 255),
    categoricalFeatures,
    monotonicConstraints: monotoneColumns(options.monotonicConstraints, categoricalFeatures),
  };
}

/** Fills in the defaults of a kind. Throws `bad-option`. */
export function forestSettings(kind: ForestKind, options: ForestOptions): ForestSettings {
  const tree = treeSettings(options, kind === 'decision-tree' ? 'all' : 'sqrt');
  const { bootstrap = kind === 'random-forest', oobScore = false } = options;
  for (const [name, flag] of Object.entries({ bootstrap, oobScore })) {
    if (typeof flag !== 'boolean') throw badOption(`${name} must be true or false, got ${String(flag)}`);
  }
  if (oobScore && !bootstrap) throw badOption('oobScore needs bootstrap: without it every tree sees every row');
  return {
    ...tree,
    seed: wholeIn('seed', options.seed, 0, 0, Number.MAX_SAFE_INTEGER),
    nEstimators: wholeIn('nEstimators', options.nEstimators, 100, 1, 100000),
    bootstrap,
    oobScore,
    randomThresholds: kind === 'extra-trees',
  };
}

/** Throws `bad-option` unless the option lists columns. */
function categoricalColumns(given: unknown): readonly number[] {
  if (given === undefined) return [];
  if (Array.isArray(given) && given.every((column) => Number.isInteger(column) && column >= 0)) return [...given];
  throw badOption('categoricalFeatures must list columns');
}
