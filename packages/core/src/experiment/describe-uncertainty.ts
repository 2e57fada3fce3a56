import { rowsNeeded } from '../conformal/index.ts';
import { classCounts } from '../data/label-views.ts';
import type { Matrix } from '../data/matrix.ts';
import { clopperPearsonInterval, wilsonInterval } from '../metrics/index.ts';
import { reliabilityOf } from './describe-calibration.ts';
import type { HeldOutScores } from './describe-held-out.ts';
import type { Pipeline } from './pipeline.ts';
import type { Estimate, SetsReport, VennAbersReport, WidthSummary } from './result.ts';

/** What brackets and label sets come to on the held-out rows. */
export function describeUncertainty(
  pipeline: Pipeline,
  scores: HeldOutScores,
): { vennAbers: VennAbersReport; sets: SetsReport } {
  return { vennAbers: describeVennAbers(pipeline, scores), sets: describeSets(pipeline, scores) };
}

function describeVennAbers(
  { classes, positive, vennAbers }: Pipeline,
  { probabilities, truth, intervals }: HeldOutScores,
): VennAbersReport {
  const merged: Matrix = vennAbers.apply(probabilities);
  const codes = positive === null ? classes.map((_, code) => code) : [positive];
  return {
    curves: codes.map((code) => ({ class: classes[code]!, curve: reliabilityOf(merged, truth, code) })),
    width: summariseWidths(intervals.width),
    widthByClass: classes.map((label, code) => ({
      class: label,
      ...summariseWidths(intervals.width.filter((_, row) => truth[row] === code)),
    })),
  };
}

function summariseWidths(widths: Float64Array): WidthSummary {
  const rows = widths.length;
  if (rows === 0) return { rows, mean: null, median: null, upperDecile: null };
  const sorted = widths.toSorted();
  const at = (share: number) => sorted[Math.min(rows - 1, Math.floor(share * rows))]!;
  return { rows, mean: widths.reduce((sum, width) => sum + width, 0) / rows, median: at(0.5), upperDecile: at(0.9) };
}

function describeSets({ classes, alpha, calibrationCounts }: Pipeline, { sets, truth }: HeldOutScores): SetsReport {
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
  const share = (count: number) => (rows === 0 ? null : count / rows);
  return {
    alpha,
    coverage: proportion(total(covered), rows, wilsonInterval),
    byClass: classes.map((label, code) => ({
      class: label,
      calibrationRows: calibrationCounts[code]!,
      always: calibrationCounts[code]! < needed,
      rows: counts[code]!,
      coverage: proportion(covered[code]!, counts[code]!, clopperPearsonInterval),
      meanSize: counts[code] === 0 ? null : sizes[code]! / counts[code]!,
    })),
    meanSize: share(total(sizes)),
    singletons: share(bySize[1]!),
    empty: share(bySize[0]!),
    full: share(bySize[columns]!),
  };
}

function proportion(
  hits: number,
  rows: number,
  interval: (hits: number, rows: number) => { readonly low: number; readonly high: number },
): Estimate {
  if (rows === 0) return { value: null, low: null, high: null };
  const { low, high } = interval(hits, rows);
  return { value: hits / rows, low, high };
}
