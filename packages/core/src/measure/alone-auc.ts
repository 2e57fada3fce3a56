import { sortedOrder } from '../data/sorted-order.ts';
import type { Column } from '../data/table.ts';
import type { JudgedLabels } from './judged-labels.ts';
import { levelAucs } from './level-auc.ts';
import { missingAucs, rankAucs } from './rank-auc.ts';

/** Numbers with at most so many values, and with more than two classes all numbers, are also judged as levels. */
const BINS = 64;

export interface AloneAuc {
  /** 0.5 to 1; the mean over the judged classes. */
  readonly auc: number;
  /** The same of the pattern of missing cells alone. */
  readonly missingAuc: number;
}

/**
 * How well one column alone tells the classes apart on the given rows: ROC-AUC, with more than two classes the mean over
 * the classes set against the rest.
 *
 * Numbers and dates are ranked (either direction); numbers of at most 64 values are also judged as levels, and with more
 * than two classes others in 64 bins of equal size, so that a code whose middle values mean something is not overlooked:
 * the better counts. Categories and booleans are judged by their levels, out of fold (see `levelAucs`).
 */
export function aloneAuc(column: Column, rows: Int32Array, labels: JudgedLabels): AloneAuc {
  if (labels.judged.length === 0) return { auc: 0.5, missingAuc: 0.5 };
  if (column.kind === 'numeric' || column.kind === 'date-time') return numberAuc(column.values, rows, labels);
  const codes = column.kind === 'categorical' ? column.codes : column.values;
  const count = (column.kind === 'categorical' ? column.dictionary.length : 2) + 1;
  const levels = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) levels[i] = codes[rows[i]!]! + 1;
  return {
    auc: mean(levelAucs(levels, count, labels)),
    missingAuc: mean(missingAucs((position) => levels[position] === 0, labels)),
  };
}

function numberAuc(all: Float64Array, rows: Int32Array, labels: JudgedLabels): AloneAuc {
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = all[rows[i]!]!;
  const order = sortedOrder(values);
  const missingAuc = mean(missingAucs((position) => Number.isNaN(values[position]!), labels));
  const ranked = mean(rankAucs(values, order, labels));
  const binned = binsOf(values, order, labels.judged.length > 1);
  const auc = binned ? Math.max(ranked, mean(levelAucs(binned.bins, binned.count, labels))) : ranked;
  return { auc, missingAuc };
}

/** A bin for each distinct value if there are few; else, if wanted, bins of equal size that no value straddles. Bin 0 is for missing cells. */
function binsOf(
  values: Float64Array,
  order: Int32Array,
  evenIfMany: boolean,
): { bins: Int32Array; count: number } | null {
  const bins = new Int32Array(values.length);
  let distinct = 0;
  let present = 0;
  let previous = Number.NaN;
  for (; present < order.length; present++) {
    const value = values[order[present]!]!;
    if (Number.isNaN(value)) break;
    if (value !== previous) distinct++;
    if (distinct <= BINS) bins[order[present]!] = distinct;
    else if (!evenIfMany) return null;
    previous = value;
  }
  if (distinct <= BINS) return { bins, count: distinct + 1 };
  let bin = 1;
  for (let i = 0; i < present; i++) {
    const value = values[order[i]!]!;
    // The first of equal values decides, so that they share a bin.
    if (value !== previous) bin = Math.floor((i * BINS) / present) + 1;
    bins[order[i]!] = bin;
    previous = value;
  }
  return { bins, count: BINS + 1 };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
