import {
  type Calibration,
  type CalibrationCheck,
  type CalibrationMeasures,
  type CalibratorComparison,
  type Classes,
  type ClassLabel,
  hasIntervals,
  type Labels,
  type Matrix,
  type MetricEstimate,
  matrix,
  poolAdjacentViolators,
  rankScores,
  reliabilityCurve,
} from '@counterweight/core';
import type {
  CheckReport,
  ClassShare,
  EstimateReport,
  MeasuredReport,
  ReliabilityCurveReport,
  ReliabilityReport,
  ScoreMap,
  WidthSummary,
  WidthsReport,
} from '../report/calibrate/calibrate-report.ts';

/** Rows and share of weight of each class. */
export function classShares({ codes, classes }: Labels, weights: Float64Array | undefined): ClassShare[] {
  const rows = new Float64Array(classes.length);
  const totals = new Float64Array(classes.length);
  let total = 0;
  codes.forEach((code, row) => {
    const weight = weights ? weights[row]! : 1;
    rows[code]!++;
    totals[code]! += weight;
    total += weight;
  });
  return classes.map((label, code) => ({ label, rows: rows[code]!, share: totals[code]! / total }));
}

export function describeMeasures(measures: CalibrationMeasures, classes: Classes): MeasuredReport {
  const { overall } = measures;
  return {
    brierScore: estimate(overall.brierScore),
    logLoss: estimate(overall.logLoss),
    ece: estimate(overall.ece),
    miscalibration: estimate(overall.miscalibration),
    check: describeCheck(measures.check, classes),
    classes: measures.classes.map(({ class: label, ...values }) => ({
      class: label,
      brierScore: estimate(values.brierScore),
      slope: estimate(values.slope),
      intercept: estimate(values.intercept),
      inTheLarge: estimate(values.inTheLarge),
      ici: estimate(values.ici),
      ece: estimate(values.ece),
      miscalibration: estimate(values.miscalibration),
    })),
  };
}

function describeCheck({ passes, classes: found }: CalibrationCheck, classes: Classes): CheckReport {
  return {
    passes,
    classes: found.map(({ class: code, inTheLarge, slope, passes: own }) => ({
      class: classes[code]!,
      inTheLarge: inTheLarge && estimate(inTheLarge),
      slope: slope && estimate(slope),
      passes: own,
    })),
  };
}

export function estimate({ value, low, high }: MetricEstimate): EstimateReport {
  return { value: defined(value), low: defined(low), high: defined(high) };
}

const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Bins and CORP curve before and after of the positive class (the second), or of every class. */
export function describeReliability(
  { before, methods, chosen, rowWeights }: CalibratorComparison,
  { codes, classes }: Labels,
): ReliabilityReport[] {
  const after = methods.find(({ name }) => name === chosen)!.probabilities;
  const judged = classes.length === 2 ? [1] : classes.map((_, code) => code);
  return judged
    .filter((code) => codes.includes(code))
    .map((code) => ({
      class: classes[code]!,
      before: before && curveOf(before.probabilities, codes, code, rowWeights),
      after: curveOf(after, codes, code, rowWeights),
    }));
}

/** Points of a CORP curve beyond which it is thinned. */
const mostCorpPoints = 400;

function curveOf(
  { data, columns, rows }: Matrix,
  truth: Int32Array,
  positive: number,
  weights: Float64Array | undefined,
): ReliabilityCurveReport {
  const scores = Float64Array.from({ length: rows }, (_, row) => data[row * columns + positive]!);
  const asked = { scores, truth, positive, ...(weights ? { weights } : {}) };
  const ranked = rankScores(asked);
  const size = ranked.thresholds.length;
  const totals = new Float64Array(size);
  const shares = new Float64Array(size);
  for (let group = 0; group < size; group++) {
    const above = group > 0 ? group - 1 : null;
    const hits = ranked.truePositives[group]! - (above === null ? 0 : ranked.truePositives[above]!);
    const alarms = ranked.falsePositives[group]! - (above === null ? 0 : ranked.falsePositives[above]!);
    totals[size - 1 - group] = hits + alarms;
    shares[size - 1 - group] = hits / (hits + alarms);
  }
  const fitted = poolAdjacentViolators(shares, totals);
  // A level needs its two ends only.
  const ends = [...fitted.keys()].filter(
    (i) => i === 0 || i === size - 1 || fitted[i] !== fitted[i - 1] || fitted[i] !== fitted[i + 1],
  );
  const stride = Math.max(1, Math.ceil(ends.length / mostCorpPoints));
  return {
    bins: reliabilityCurve(asked).bins,
    corp: ends
      .filter((_, i) => i % stride === 0 || i === ends.length - 1)
      .map((i) => ({ predicted: ranked.thresholds[size - 1 - i]!, observed: fitted[i]! })),
  };
}

const widthBins = 20;

/** How wide the intervals of the rows are, overall and by true class. */
export function describeWidths(widths: Float64Array | null, { codes, classes }: Labels): WidthsReport | null {
  if (!widths) return null;
  const most = widths.reduce((largest, width) => Math.max(largest, width), 0);
  const end = most > 0 ? most : 1;
  const edges = Array.from({ length: widthBins + 1 }, (_, i) => (i === widthBins ? end : (i * end) / widthBins));
  return {
    edges,
    overall: widthSummary(widths, end),
    classes: classes.flatMap((label: ClassLabel, code) => {
      const own = widths.filter((_, row) => codes[row] === code);
      return own.length === 0 ? [] : [{ class: label, ...widthSummary(own, end) }];
    }),
  };
}

function widthSummary(widths: Float64Array, end: number): WidthSummary {
  const sorted = Float64Array.from(widths).sort();
  const counts = new Array<number>(widthBins).fill(0);
  for (const width of sorted) counts[Math.min(widthBins - 1, Math.floor((width / end) * widthBins))]!++;
  const quantile = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)]!;
    return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place));
  };
  return {
    rows: sorted.length,
    mean: sorted.reduce((sum, width) => sum + width, 0) / sorted.length,
    median: quantile(0.5),
    p90: quantile(0.9),
    max: sorted.at(-1)!,
    counts,
  };
}

const mapPoints = 256;

/** The fitted map over the range of the scores: at even steps and at quantiles, so that crowded stretches are seen. */
export function describeMap(calibration: Calibration, scores: Matrix): ScoreMap | null {
  if (scores.columns !== 1) return null;
  const sorted = Float64Array.from(scores.data).sort();
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const asked = new Set<number>();
  for (let i = 0; i <= mapPoints; i++) {
    asked.add(least + ((most - least) * i) / mapPoints);
    asked.add(sorted[Math.round((i * (sorted.length - 1)) / mapPoints)]!);
  }
  const grid = Float64Array.from(asked)
    .map((score) => Math.min(most, Math.max(least, score)))
    .sort();
  const rows = matrix(grid, grid.length, 1);
  const { data } = calibration.apply(rows);
  const intervals = hasIntervals(calibration) ? calibration.intervals(rows) : null;
  return {
    scores: [...grid],
    p: Array.from(grid, (_, i) => data[2 * i + 1]!),
    p0: intervals && [...intervals.lower.data],
    p1: intervals && [...intervals.upper.data],
  };
}
