import {
  type ConformalModel,
  type ConformalPredictor,
  clopperPearsonInterval,
  coverageRange,
  coveredRows,
  difficultyViolation,
  evaluateSets,
  type Labels,
  type Matrix,
  matrix,
  type Notice,
  observedPValueCriteria,
  type PredictionSets,
  pValueCriteria,
  randomStream,
  subsetLabels,
  uniformityTest,
} from '@counterweight/core';
import type {
  CategoryEvaluation,
  ClassEvaluation,
  ExpectedRange,
  SetEvaluation,
  SetSize,
  ShareEstimate,
} from '../report/conformal/document.ts';
import { type JudgeSettings, judge } from './judge.ts';
import type { ConformalRows } from './read-rows.ts';
import { rowNumbers } from './row-numbers.ts';

/** Bins of p-value histograms. */
const P_BINS = 20;
/** With more classes than this a table of which label came into whose sets is no longer read. */
const MOST_CONFUSED = 60;

/** Sets of all rows, none of them made by calibration rows that they were among. */
interface JudgedRows {
  readonly sets: PredictionSets;
  /** P-values of the sets; null where the method has none. */
  readonly pValues: Matrix | null;
  /** Smoothed p-value of each row's true class. */
  readonly truePValues: Float64Array | null;
  readonly notices: readonly Notice[];
}

/** Judges each fold of the rows by the others and says how that went. Classes of one row are in a fold like any other. */
export function evaluateByFolds(
  given: ConformalRows,
  folds: number,
  make: (labels: Labels) => ConformalPredictor,
  settings: JudgeSettings,
): { readonly evaluation: SetEvaluation; readonly notices: readonly Notice[] } {
  const { labels, probabilities, categoryCodes } = given;
  const rows = labels.codes.length;
  const width = probabilities.columns;
  const count = Math.min(folds, rows);
  const foldOf = dealtFolds(labels, count, settings.seed);
  const members = new Uint8Array(rows * width);
  const notices: Notice[] = [];
  let pValues: Float64Array | null = null;
  let truePValues: Float64Array | null = null;
  for (let fold = 0; fold < count; fold++) {
    const inside = rowsWhere(foldOf, (of) => of !== fold);
    const outside = rowsWhere(foldOf, (of) => of === fold);
    const own = subsetLabels(labels, inside);
    const categories = (of: Int32Array) => categoryCodes && Int32Array.from(of, (row) => categoryCodes[row]!);
    const model = make(own).fit(rowsOf(probabilities, inside), own, { categories: categories(inside) ?? undefined });
    const asked = rowsOf(probabilities, outside);
    const judged = judgeRows(model, asked, subsetLabels(labels, outside), settings, {
      stream: `fold ${fold}`,
      categories: categories(outside) ?? undefined,
    });
    copyRows(judged.sets.members, outside, members, width);
    if (judged.pValues) {
      pValues ??= new Float64Array(rows * width);
      truePValues ??= new Float64Array(rows);
      copyRows(judged.pValues.data, outside, pValues, width);
      copyRows(judged.truePValues!, outside, truePValues, 1);
    }
    notices.push(...judged.notices);
  }
  const sets = setsOf(members, given, settings.alpha);
  const all = { sets, pValues: pValues && matrix(pValues, rows, width), truePValues, notices };
  return { evaluation: summarise(given, all, { design: 'folds', folds: count, expected: null }), notices };
}

/** Judges rows by a model that they had no part in. `calibrationRows` are those whose rank rule bounds all rows, if one does. */
export function evaluateNewRows(
  given: ConformalRows,
  model: ConformalModel,
  settings: JudgeSettings,
  calibrationRows: number | null,
): { readonly evaluation: SetEvaluation; readonly notices: readonly Notice[] } {
  const { labels, probabilities, categoryCodes } = given;
  const judged = judgeRows(model, probabilities, labels, settings, {
    stream: 'new rows',
    categories: categoryCodes ?? undefined,
  });
  const exact = settings.smoothed || settings.exactCoverage;
  const expected =
    calibrationRows === null || exact
      ? null
      : coverageRange({ calibrationRows, alpha: settings.alpha, testRows: labels.codes.length });
  const evaluation = summarise(given, judged, { design: 'new-rows', folds: null, expected: range(expected) });
  return { evaluation, notices: judged.notices };
}

export const range = (found: ExpectedRange | null): ExpectedRange | null =>
  found && { mean: found.mean, low: found.low, high: found.high };

function judgeRows(
  model: ConformalModel,
  probabilities: Matrix,
  labels: Labels,
  settings: JudgeSettings,
  { stream, categories }: { readonly stream: string; readonly categories: Int32Array | undefined },
): JudgedRows {
  const { sets, pValues, notices } = judge(model, probabilities, settings, { first: 0, stream, categories });
  if (!pValues || !model.pValues) return { sets, pValues: null, truePValues: null, notices };
  const { alpha, seed } = settings;
  const ties = rowNumbers(seed, `${stream} smoothing`, 0, probabilities.rows);
  const smoothed = settings.smoothed
    ? pValues
    : model.pValues(probabilities, { smoothed: true, ties, alpha, categories });
  const truePValues = Float64Array.from(labels.codes, (code, row) => smoothed.data[row * smoothed.columns + code]!);
  return { sets, pValues, truePValues, notices };
}

/** Rows of each class dealt to the folds in turn, after shuffling; the next class goes on where the last one stopped. */
function dealtFolds({ codes, classes }: Labels, folds: number, seed: number): Int32Array {
  const stream = randomStream(seed, 'conformal', 'evaluation folds');
  const order = stream.permutation(codes.length);
  const byClass: number[][] = classes.map(() => []);
  for (const row of order) byClass[codes[row]!]!.push(row);
  const foldOf = new Int32Array(codes.length);
  let next = 0;
  for (const rows of byClass) {
    for (const row of rows) {
      foldOf[row] = next;
      next = next + 1 === folds ? 0 : next + 1;
    }
  }
  return foldOf;
}

function rowsWhere(values: Int32Array, wanted: (value: number) => boolean): Int32Array {
  const found = new Int32Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) if (wanted(values[row]!)) found[count++] = row;
  return found.slice(0, count);
}

/** Row i of `from` becomes row `places[i]` of `to`. */
function copyRows(
  from: Uint8Array | Float64Array,
  places: Int32Array,
  to: Uint8Array | Float64Array,
  width: number,
): void {
  for (let i = 0, at = 0; i < places.length; i++) {
    const start = places[i]! * width;
    for (let column = 0; column < width; column++, at++) to[start + column] = from[at]!;
  }
}

function rowsOf({ data, columns }: Matrix, rows: Int32Array): Matrix {
  const out = new Float64Array(rows.length * columns);
  for (let i = 0, at = 0; i < rows.length; i++) {
    const start = rows[i]! * columns;
    for (let column = 0; column < columns; column++, at++) out[at] = data[start + column]!;
  }
  return matrix(out, rows.length, columns);
}

function setsOf(members: Uint8Array, { labels }: ConformalRows, alpha: number): PredictionSets {
  const { classes, codes } = labels;
  const width = classes.length;
  const sizes = Int32Array.from(codes, (_code, row) => {
    let size = 0;
    for (let at = row * width; at < (row + 1) * width; at++) size += members[at]!;
    return size;
  });
  return { rows: codes.length, classes, alpha, members, sizes, notices: [] };
}

/** A share of rows with Clopper and Pearson's interval. */
export function shareEstimate(hits: number, rows: number): ShareEstimate {
  if (rows === 0) return { rows, value: null, low: null, high: null };
  const { low, high } = clopperPearsonInterval(hits, rows);
  return { rows, value: hits / rows, low, high };
}

function summarise(
  given: ConformalRows,
  { sets, pValues, truePValues }: JudgedRows,
  design: Pick<SetEvaluation, 'design' | 'folds' | 'expected'>,
): SetEvaluation {
  const { codes } = given.labels;
  const report = evaluateSets(sets, codes);
  const test = truePValues && uniformityTest(truePValues);
  const perClass = report.perClass.map(
    ({ class: label, rows, covered, meanSize, singletonRate }, code): ClassEvaluation => {
      const own = rowsWhere(codes, (value) => value === code);
      return {
        class: label,
        ...shareEstimate(covered, rows),
        meanSize,
        singletonRate,
        sizes: sizeCounts(own, sets.sizes),
        pValues: truePValues && binCounts(Float64Array.from(own, (row) => truePValues[row]!)),
      };
    },
  );
  return {
    ...design,
    source: given.source,
    coverage: shareEstimate(report.covered, report.rows),
    perClass,
    perCategory: perCategory(given, sets),
    macroCoverage: report.macroCoverage,
    coverageGap: report.coverageGap,
    underCoverageGap: report.underCoverageGap,
    fractionBelowHalf: report.fractionBelowHalf,
    violatingClasses: report.violatingClasses,
    meanSize: report.meanSize,
    singletonRate: report.singletonRate,
    singletonHitRatio: report.singletonHitRatio,
    emptyRate: report.emptyRate,
    sizes: sizeCounts(codes.keys(), sets.sizes),
    bySize: report.bySize,
    sizeStratifiedCoverage: report.sizeStratifiedCoverage,
    sizeStratifiedViolation: report.sizeStratifiedViolation,
    difficultyViolation: difficultyViolation(sets, codes, given.probabilities),
    pValues: test && truePValues && { bins: binCounts(truePValues), ...test },
    criteria: pValues && pValueCriteria(pValues, sets.alpha),
    observedCriteria: pValues && observedPValueCriteria(pValues, codes, sets.alpha),
    confusion: confusion(sets, codes),
  };
}

function perCategory(
  { categories, categoryCodes, labels }: ConformalRows,
  sets: PredictionSets,
): CategoryEvaluation[] | null {
  if (!categories || !categoryCodes) return null;
  const covered = coveredRows(sets, labels.codes);
  const sums = Array.from({ length: categories.values.length + 1 }, () => ({ rows: 0, hits: 0, labels: 0 }));
  categoryCodes.forEach((code, row) => {
    const sum = sums[code]!;
    sum.rows++;
    sum.hits += covered[row]!;
    sum.labels += sets.sizes[row]!;
  });
  return categories.values.map((category, code) => {
    const { rows, hits, labels } = sums[code]!;
    return { category, ...shareEstimate(hits, rows), meanSize: rows === 0 ? null : labels / rows };
  });
}

function sizeCounts(rows: Iterable<number>, sizes: Int32Array): SetSize[] {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(sizes[row]!, (counts.get(sizes[row]!) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([size, count]) => ({ size, rows: count }));
}

function binCounts(values: Float64Array): number[] {
  const bins = new Array<number>(P_BINS).fill(0);
  for (const value of values) bins[Math.min(P_BINS - 1, Math.floor(value * P_BINS))]!++;
  return bins;
}

function confusion({ members, classes }: PredictionSets, codes: Int32Array): number[][] | null {
  const width = classes.length;
  if (width > MOST_CONFUSED) return null;
  const counts = classes.map(() => new Array<number>(width).fill(0));
  codes.forEach((code, row) => {
    const line = counts[code]!;
    for (let label = 0; label < width; label++) line[label]! += members[row * width + label]!;
  });
  return counts;
}
