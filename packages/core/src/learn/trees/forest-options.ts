import { badOption } from './boosting-options.ts';
import type { ForestOptions } from './forest.ts';
import type { ForestKind } from './forest-model.ts';

export interface ForestSettings {
  readonly criterion: 'gini' | 'entropy';
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly maxFeatures: 'sqrt' | 'all' | number;
  readonly maxBins: number;
  readonly seed: number;
  readonly nEstimators: number;
  readonly bootstrap: boolean;
  readonly oobScore: boolean;
  readonly randomThresholds: boolean;
}

/** Fills in the defaults of a kind. Throws `bad-option`. */
export function forestSettings(kind: ForestKind, options: ForestOptions): ForestSettings {
  const whole = (name: keyof ForestOptions, fallback: number, least: number, most: number): number => {
    const value = options[name] ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw badOption(`${name} must be a whole number from ${least} to ${most}, got ${String(value)}`);
  };
  const { criterion = 'gini', maxDepth = Number.POSITIVE_INFINITY, oobScore = false } = options;
  const { bootstrap = kind === 'random-forest', maxFeatures = kind === 'decision-tree' ? 'all' : 'sqrt' } = options;
  if (criterion !== 'gini' && criterion !== 'entropy')
    throw badOption(`criterion must be "gini" or "entropy", got ${String(criterion)}`);
  if (maxDepth !== Number.POSITIVE_INFINITY && !(Number.isInteger(maxDepth) && maxDepth >= 1))
    throw badOption(`maxDepth must be a positive whole number or Infinity, got ${maxDepth}`);
  if (maxFeatures !== 'sqrt' && maxFeatures !== 'all' && !(maxFeatures > 0 && maxFeatures <= 1))
    throw badOption(`maxFeatures must be "sqrt", "all" or a share above 0 and at most 1, got ${String(maxFeatures)}`);
  if (oobScore && !bootstrap) throw badOption('oobScore needs bootstrap: without it every tree sees every row');
  return {
    criterion,
    maxDepth,
    minSamplesLeaf: whole('minSamplesLeaf', 1, 1, 2 ** 31),
    maxFeatures,
    maxBins: whole('maxBins', 255, 2, 255),
    seed: whole('seed', 0, 0, Number.MAX_SAFE_INTEGER),
    nEstimators: whole('nEstimators', 100, 1, 100000),
    bootstrap,
    oobScore,
    randomThresholds: kind === 'extra-trees',
  };
}
