import { coverageRange, rowsNeeded } from '../conformal/index.ts';
import { classCounts } from '../data/label-views.ts';
import type { Classes } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import { reliabilityOf } from './describe-calibration.ts';
import type { SetsReport, VennAbersReport, WidthSummary } from './result.ts';
import type { Sureness } from './uncertainty.ts';

/** Brackets and sets of the held-out rows, each fifth judged by the other four. */
export interface JudgedRows {
  readonly classes: Classes;
  readonly positive: number | null;
  readonly truth: Int32Array;
  /** By the model, `rows × classes`. */
  readonly probabilities: Matrix;
  readonly alpha: number;
  readonly sureness: Sureness;
}

export function describeVennAbers({ classes, positive, truth, probabilities, sureness }: JudgedRows): VennAbersReport {
  const { merged, intervals } = sureness;
  const codes = positive === null ? classes.map((_, code) => code) : [positive];
  return {
    curves: codes.map((code) => ({ class: classes[code]!, curve: reliabilityOf(merged, truth, code) })),
    width: summariseWidths(intervals.width),
    widthByClass: classes.map((label, code) => ({
      class: label,
      ...summariseWidths(intervals.width.filter((_, row) => truth[row] === code)),
    })),
    outside: classes.length === 2 ? shareOutside(probabilities, intervals) : null,
  };
}

/** Brackets of two classes speak of the second. What rounding alone may move is inside. */
function shareOutside({ data, rows }: Matrix, { lower, upper }: Sureness['intervals']): number | null {
  if (rows === 0) return null;
  let outside = 0;
  for (let row = 0; row < rows; row++) {
    const p = data[2 * row + 1]!;
    if (p < lower.data[row]! - 1e-12 || p > upper.data[row]! + 1e-12) outside++;
  }
  return outside / rows;
}

function summariseWidths(widths: Float64Array): WidthSummary {
  const rows = widths.length;
  if (rows === 0) return { rows, mean: null, median: null, upperDecile: null };
  const sorted = widths.toSorted();
  const at = (share: number) => sorted[Math.min(rows - 1, Math.floor(share * rows))]!;
  return { rows, mean: widths.reduce((sum, width) => sum + width, 0) / rows, median: at(0.5), upperDecile: at(0.9) };
}

export function describeSets({ classes, truth, alpha, sureness: { sets } }: JudgedRows): SetsReport {
  const columns = classes.length;
  const rows = truth.length;
  const needed = rowsNeeded(alpha);
  const counts = classCounts({ classes, codes: truth });
  const covered = new Int32Array(columns);
  const sizes = new Int32Array(columns);
  const bySize = new Int32Array(columns + 1);
  for (let row = 0; row < rows; row++) {
    const code = truth[row]!;
    covered[code]! += sets.members[row * columns + code]!;
    sizes[code]! += sets.sizes[row]!;
    bySize[sets.sizes[row]!]!++;
  }
  const total = (values: Int32Array) => values.reduce((sum, value) => sum + value, 0);
  const share = (count: number, of: number) => (of === 0 ? null : count / of);
  return {
    alpha,
    byClass: classes.map((label, code) => {
      const own = counts[code]!;
      const { mean, low, high } = coverageRange({ calibrationRows: own, alpha });
      return {
        class: label,
        calibrationRows: own,
        always: own < needed,
        coverage: { value: mean, low, high },
        observed: share(covered[code]!, own),
        meanSize: share(sizes[code]!, own),
      };
    }),
    observed: share(total(covered), rows),
    meanSize: share(total(sizes), rows),
    singletons: share(bySize[1]!, rows),
    empty: share(bySize[0]!, rows),
    full: share(bySize[columns]!, rows),
  };
}

/** Speaks of classes that have too few held-out rows for the asked error rate. */
export function setNotices({ alpha, byClass }: SetsReport): Notice[] {
  const needed = rowsNeeded(alpha);
  const short = byClass.filter(({ always }) => always);
  if (short.length === 0) return [];
  const named = short.slice(0, 5).map(({ class: label, calibrationRows }) => `${label} (${calibrationRows})`);
  const more = short.length > named.length ? ` and ${short.length - named.length} more` : '';
  return [
    {
      code: 'sets-too-few-rows',
      severity: 'info',
      message: `label sets with an error rate of ${alpha} need ${needed} held-out rows of a class; too few have ${named.join(', ')}${more}, so every set holds ${short.length === 1 ? 'it' : 'them'}; a larger alpha or test part would help`,
      numbers: { needed, classes: short.length },
    },
  ];
}
