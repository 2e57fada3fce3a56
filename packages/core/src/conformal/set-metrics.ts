import type { ClassLabel } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { requireCodes, requireLength } from '../metrics/checks.ts';
import { wilsonInterval } from '../metrics/intervals.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { classOrder } from './class-ranks.ts';
import type { PredictionSets } from './prediction-sets.ts';

/** A share with its Wilson interval; null where there are no rows to take it from. */
export interface CoverageEstimate {
  readonly rows: number;
  readonly covered: number;
  readonly coverage: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface ClassCoverage extends CoverageEstimate {
  readonly class: ClassLabel;
  readonly meanSize: number | null;
  readonly singletonRate: number | null;
}

/** Rows whose sets have `from` to `to` labels, both included. */
export interface SizeStratum extends CoverageEstimate {
  readonly from: number;
  readonly to: number;
}

/** Validity and efficiency of sets; what cannot be had from these rows is null. All are shares, not percentages. */
export interface SetReport extends CoverageEstimate {
  readonly alpha: number;
  readonly perClass: readonly ClassCoverage[];
  /** Mean coverage of the classes that occur. (TorchCP divides by all classes, absent ones counting as 0.) */
  readonly macroCoverage: number | null;
  /** Mean of |coverage - (1 - alpha)| over the classes that occur; papers print it times 100. */
  readonly coverageGap: number | null;
  /** Mean of max(0, 1 - alpha - coverage) over the classes that occur. */
  readonly underCoverageGap: number | null;
  /** Share of the classes that occur with coverage below one half. */
  readonly fractionBelowHalf: number | null;
  /** Number of classes that occur with coverage below 1 - alpha. */
  readonly violatingClasses: number;
  readonly meanSize: number | null;
  readonly singletonRate: number | null;
  /** Share of the sets of one label whose label is the true one. */
  readonly singletonHitRatio: number | null;
  readonly emptyRate: number | null;
  /** Coverage by set size, the given strata or each size that occurs. */
  readonly bySize: readonly SizeStratum[];
  /** Smallest coverage among the sizes that occur (SSC). */
  readonly sizeStratifiedCoverage: number | null;
  /** Largest |coverage - (1 - alpha)| among strata of size 0-1, 2-3, 4-10, 11-100, more (SSCV, Angelopoulos et al.). */
  readonly sizeStratifiedViolation: number | null;
}

export type Stratum = readonly [from: number, to: number];

const DEFAULT_STRATA: readonly Stratum[] = [
  [0, 1],
  [2, 3],
  [4, 10],
  [11, 100],
  [101, Number.MAX_SAFE_INTEGER],
];

/**
 * How valid and how efficient sets are on labelled rows that had no part in their making. `truth` has a class code a row.
 * Throws `shape-mismatch`, `bad-labels`.
 */
export function evaluateSets(sets: PredictionSets, truth: Int32Array): SetReport {
  const covered = coveredRows(sets, truth);
  const { alpha, classes, sizes } = sets;
  const target = 1 - alpha;
  const perClass = classes.map((label, code) => classCoverage(label, code, sets, truth, covered));
  const present = perClass.flatMap(({ coverage }) => (coverage === null ? [] : [coverage]));
  const occurring = [...new Set(sizes)].sort((a, b) => a - b);
  const bySize = stratify(
    covered,
    sizes,
    occurring.map((size) => [size, size] as const),
  );
  const bands = stratify(covered, sizes, DEFAULT_STRATA).filter(({ rows }) => rows > 0);
  const singles = indices(sizes, (size) => size === 1);
  return Object.freeze({
    alpha,
    ...estimate(
      covered,
      indices(sizes, () => true),
    ),
    perClass: Object.freeze(perClass),
    macroCoverage: mean(present),
    coverageGap: mean(present.map((coverage) => Math.abs(coverage - target))),
    underCoverageGap: mean(present.map((coverage) => Math.max(0, target - coverage))),
    fractionBelowHalf: mean(present.map((coverage) => (coverage < 0.5 ? 1 : 0))),
    violatingClasses: present.filter((coverage) => coverage < target).length,
    meanSize: mean([...sizes]),
    singletonRate: mean([...sizes].map((size) => (size === 1 ? 1 : 0))),
    singletonHitRatio: mean(singles.map((row) => covered[row]!)),
    emptyRate: mean([...sizes].map((size) => (size === 0 ? 1 : 0))),
    bySize: Object.freeze(bySize),
    sizeStratifiedCoverage: extreme(
      bySize.map(({ coverage }) => coverage!),
      Math.min,
    ),
    sizeStratifiedViolation: extreme(
      bands.map(({ coverage }) => Math.abs(coverage! - target)),
      Math.max,
    ),
  });
}

/**
 * Largest |coverage - (1 - alpha)| among strata of the true label's rank (by descending probability, ties by class code):
 * whether hard rows are covered as well as easy ones. Null without rows.
 */
export function difficultyViolation(
  sets: PredictionSets,
  truth: Int32Array,
  probabilities: Matrix,
  strata: readonly Stratum[] = [[1, 1], ...DEFAULT_STRATA.slice(1)],
): number | null {
  const covered = coveredRows(sets, truth);
  const { data, columns } = probabilities;
  if (columns !== sets.classes.length || probabilities.rows !== sets.rows) {
    throw new CounterweightError(
      'shape-mismatch',
      `${probabilities.rows} x ${columns} probabilities for ${sets.rows} x ${sets.classes.length} sets`,
    );
  }
  const order = classOrder(columns);
  const ranks = truth.map((code, row) => order.of(data, row * columns).indexOf(code) + 1);
  const found = stratify(covered, ranks, strata).filter(({ rows }) => rows > 0);
  return extreme(
    found.map(({ coverage }) => Math.abs(coverage! - (1 - sets.alpha))),
    Math.max,
  );
}

/** 1 for each row whose set has the true label. */
export function coveredRows(sets: PredictionSets, truth: Int32Array): Uint8Array {
  requireLength('truth', truth.length, sets.rows);
  requireCodes('truth', truth, sets.classes.length);
  const columns = sets.classes.length;
  return Uint8Array.from(truth, (code, row) => sets.members[row * columns + code]!);
}

function classCoverage(
  label: ClassLabel,
  code: number,
  sets: PredictionSets,
  truth: Int32Array,
  covered: Uint8Array,
): ClassCoverage {
  const rows = indices(truth, (value) => value === code);
  return Object.freeze({
    class: label,
    ...estimate(covered, rows),
    meanSize: mean(rows.map((row) => sets.sizes[row]!)),
    singletonRate: mean(rows.map((row) => (sets.sizes[row] === 1 ? 1 : 0))),
  });
}

function stratify(covered: Uint8Array, values: Int32Array, strata: readonly Stratum[]): SizeStratum[] {
  return strata.map(([from, to]) =>
    Object.freeze({
      from,
      to,
      ...estimate(
        covered,
        indices(values, (value) => value >= from && value <= to),
      ),
    }),
  );
}

function estimate(covered: Uint8Array, rows: readonly number[]): CoverageEstimate {
  const hits = rows.reduce((sum, row) => sum + covered[row]!, 0);
  if (rows.length === 0) return { rows: 0, covered: 0, coverage: null, low: null, high: null };
  return { rows: rows.length, covered: hits, coverage: hits / rows.length, ...wilsonInterval(hits, rows.length) };
}

function indices(values: Int32Array, wanted: (value: number) => boolean): number[] {
  const found: number[] = [];
  values.forEach((value, row) => {
    if (wanted(value)) found.push(row);
  });
  return found;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function extreme(values: readonly number[], of: (a: number, b: number) => number): number | null {
  return values.length === 0 ? null : values.reduce((best, value) => of(best, value));
}
