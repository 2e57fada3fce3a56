import type { Labels } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { classCounts } from '../class-counts.ts';
import { type ClassTargets, targetsByCode } from '../class-targets.ts';
import { checkWhole } from '../options.ts';
import { type BatchOptions, type BatchStream, batchStream, labelsOf } from './batch-stream.ts';

/** Shares in proportion to the rows of each class to a power: 1 as they are, 0 the same for all. */
function byPower(counts: Int32Array, power: number): Float64Array {
  const weights = Float64Array.from(counts, (count) => (count === 0 ? 0 : count ** power));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * Batches in which every class has the same share, every one of them: a batch of 32 rows of three classes has 11, 11 and 10,
 * in turn. See `batchStream` for the order, repetition and errors.
 */
export function classBalancedBatches(options: BatchOptions): BatchStream {
  return batchStream({ ...options, name: 'class-balanced', sharesOf: (counts) => byPower(counts, 0) });
}

/**
 * Batches in which the shares of the classes are as the square roots of their rows (Mahajan et al., ECCV 2018): between those
 * of the data and equal ones.
 */
export function squareRootBatches(options: BatchOptions): BatchStream {
  return batchStream({ ...options, name: 'square-root', sharesOf: (counts) => byPower(counts, 0.5) });
}

export interface ProgressivelyBalancedOptions extends BatchOptions {
  /** Over so many epochs the shares go from those of the data to equal ones, where they stay. */
  readonly epochs: number;
}

/**
 * Batches whose class shares go in equal steps from those of the data, in epoch 0, to equal ones, in the last epoch (Kang et
 * al., "Decoupling representation and classifier for long-tailed recognition", ICLR 2020, whose last epoch stays a
 * step short of equal).
 */
export function progressivelyBalancedBatches({ epochs, ...options }: ProgressivelyBalancedOptions): BatchStream {
  if (epochs === undefined) throw new CounterweightError('bad-option', 'epochs must be given');
  checkWhole('epochs', epochs, 1);
  return batchStream({
    ...options,
    name: 'progressively-balanced',
    sharesOf: (counts, epoch) => {
      const way = epochs === 1 ? 1 : Math.min(1, epoch / (epochs - 1));
      const equal = byPower(counts, 0);
      return byPower(counts, 1).map((share, code) => (1 - way) * share + way * equal[code]!);
    },
  });
}

export interface ExactQuotaOptions extends Omit<BatchOptions, 'batchSize'> {
  /** Rows of each class in every batch, by label; classes that are not named have none. */
  readonly quotas: Readonly<Record<string, number>> | ReadonlyMap<string | number, number>;
}

/** Batches that have of each class exactly the rows asked for. Throws `unknown-class`, `bad-option`. */
export function exactQuotaBatches({ quotas, ...options }: ExactQuotaOptions): BatchStream {
  const labels = labelsOf(options.labels);
  const wanted = quotasByCode(quotas, labels);
  const batchSize = wanted.reduce((sum, quota) => sum + quota, 0);
  if (batchSize === 0) throw new CounterweightError('bad-option', 'the quotas ask for no row at all');
  return batchStream({
    ...options,
    labels,
    batchSize,
    name: 'exact-quota',
    sharesOf: () => Float64Array.from(wanted, (quota) => quota / batchSize),
  });
}

function quotasByCode(quotas: ClassTargets, labels: Labels): number[] {
  const byCode = targetsByCode(quotas, labels, classCounts(labels), 'quotas');
  return labels.classes.map((label, code) => {
    const quota: unknown = byCode.get(code) ?? 0;
    checkWhole(`the quota of class ${String(label)}`, quota, 0);
    return quota as number;
  });
}
