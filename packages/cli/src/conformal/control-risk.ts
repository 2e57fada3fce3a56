import {
  CounterweightError,
  conformalRiskOfMeans,
  learnThenTest,
  type Matrix,
  type Notice,
  positiveClass,
} from '@counterweight/core';
import type { RiskLoss, RiskReport } from '../report/conformal/document.ts';
import type { ConformalRows } from './read-rows.ts';

export const riskLosses: readonly RiskLoss[] = ['miscoverage', 'false-negative', 'false-positive', 'false-discovery'];

export interface RiskRequest {
  readonly loss: RiskLoss;
  /** Asked rate. */
  readonly level: number;
  /** Chance that the promise may be broken; undefined for a promise on average. */
  readonly delta?: number | undefined;
  readonly positive?: string | undefined;
}

/** Thresholds that Learn then Test tries. */
const GRID = 200;
/** Of losses that need not fall, each threshold costs some of delta: fewer of them. */
const COARSE_GRID = 50;

/** The loss at every threshold t, rows being flagged (labels taken) from a probability of t on. */
interface LossCurve {
  /** From the most cautious on, each once. */
  readonly thresholds: Float64Array;
  readonly risks: Float64Array;
  /** Rows behind each risk. */
  readonly rows: Int32Array;
}

/**
 * A threshold that keeps a rate: on average over calibration sets (conformal risk control), or with confidence 1 - delta
 * (Learn then Test; the only way for the false discovery rate, which need not fall with the threshold).
 */
export function controlRisk(
  given: ConformalRows,
  request: RiskRequest,
): { readonly risk: RiskReport; readonly notices: readonly Notice[] } {
  const { loss, level } = request;
  const delta = request.delta ?? (loss === 'false-discovery' ? 0.05 : undefined);
  const positive = loss === 'miscoverage' ? null : positiveCode(given, request.positive);
  const scores = positive === null ? null : columnOf(given.probabilities, positive);
  const curve = lossCurve(loss, given, scores, positive);
  const chosen = delta === undefined ? onAverage(curve, level) : withConfidence(curve, loss, level, delta);
  const threshold = chosen < 0 ? null : curve.thresholds[chosen]!;
  const risk: RiskReport = {
    loss,
    level,
    guarantee: delta === undefined ? 'expectation' : 'confidence',
    delta: delta ?? null,
    positive: positive === null ? null : given.labels.classes[positive]!,
    rows: loss === 'false-discovery' ? given.labels.codes.length : (curve.rows[0] ?? 0),
    threshold,
    risk: chosen < 0 ? null : curve.risks[chosen]!,
    price: threshold === null ? null : price(given.probabilities, scores, threshold),
  };
  if (threshold !== null) return { risk, notices: [] };
  const message = `no threshold keeps the ${loss} rate at ${level}${delta === undefined ? '' : ` with confidence ${1 - delta}`}: ${risk.rows} rows do not suffice`;
  return { risk, notices: [{ code: 'no-lambda', severity: 'warning', message }] };
}

function positiveCode({ labels, columns }: ConformalRows, named: string | undefined): number {
  if (columns.positive !== null) return columns.positive;
  if (named === undefined && labels.classes.length > 2) {
    throw new CounterweightError('bad-option', 'this --risk speaks of one class: name it with --positive CLASS');
  }
  return positiveClass(
    labels,
    named === undefined ? undefined : (labels.classes.find((c) => String(c) === named) ?? named),
  );
}

const columnOf = ({ data, rows, columns }: Matrix, code: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => data[row * columns + code]!);

function lossCurve(
  loss: RiskLoss,
  given: ConformalRows,
  scores: Float64Array | null,
  positive: number | null,
): LossCurve {
  const { codes } = given.labels;
  const width = given.probabilities.columns;
  if (scores === null) {
    const own = Float64Array.from(codes, (code, row) => given.probabilities.data[row * width + code]!);
    return missedCurve(own);
  }
  const of = (wanted: boolean) => scores.filter((_score, row) => (codes[row] === positive) === wanted).sort();
  const [positives, negatives] = [of(true), of(false)];
  if (loss === 'false-negative') return missedCurve(positives);
  const thresholds = distinct(scores).reverse();
  const raised = thresholds.map((t) => negatives.length - below(negatives, t));
  if (loss === 'false-positive') {
    return {
      thresholds,
      risks: raised.map((count) => count / Math.max(1, negatives.length)),
      rows: new Int32Array(thresholds.length).fill(negatives.length),
    };
  }
  const flagged = Int32Array.from(thresholds, (t, i) => raised[i]! + positives.length - below(positives, t));
  return { thresholds, risks: raised.map((count, i) => count / flagged[i]!), rows: flagged };
}

/** Share of the scores below each threshold; a threshold of 0 misses none and comes first. */
function missedCurve(scores: Float64Array): LossCurve {
  const sorted = scores.slice().sort();
  const withZero = new Float64Array(sorted.length + 1);
  withZero.set(sorted, 1);
  const thresholds = distinct(withZero);
  return {
    thresholds,
    risks: thresholds.map((t) => below(sorted, t) / Math.max(1, sorted.length)),
    rows: new Int32Array(thresholds.length).fill(sorted.length),
  };
}

function distinct(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

/** How many of ascending values are below. */
function below(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Conformal risk control wants the least cautious setting first; the loss falls from there on. */
function onAverage({ risks, rows }: LossCurve, alpha: number): number {
  const settings = risks.length;
  const lambdas = Float64Array.from({ length: settings }, (_, i) => i);
  const { index } = conformalRiskOfMeans({ risks: risks.slice().reverse(), rows: rows[0] ?? 0, lambdas, alpha });
  return index < 0 ? -1 : settings - 1 - index;
}

/** The least cautious of the settings that are safe. */
function withConfidence(curve: LossCurve, loss: RiskLoss, alpha: number, delta: number): number {
  const falls = loss !== 'false-discovery';
  const places = spread(curve.thresholds.length, falls ? GRID : COARSE_GRID);
  const { safe } = learnThenTest({
    risks: places.map((place) => curve.risks[place]!),
    rows: places.map((place) => curve.rows[place]!),
    alpha,
    delta,
    test: 'binomial',
    control: falls ? 'fixed-sequence' : 'bonferroni-holm',
  });
  return safe.length === 0 ? -1 : places[safe.at(-1)!]!;
}

/** At most `most` places of `length`, evenly spread, both ends among them. */
function spread(length: number, most: number): number[] {
  const count = Math.min(length, most);
  if (count < 2) return Array.from({ length: count }, () => 0);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)));
}

/** Share of rows flagged, or mean number of labels in a set. */
function price({ data, rows }: Matrix, scores: Float64Array | null, threshold: number): number {
  const all = scores ?? data;
  let taken = 0;
  for (const p of all) if (p >= threshold) taken++;
  return taken / rows;
}
