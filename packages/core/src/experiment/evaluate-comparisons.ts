import { comparisonOf } from '../metrics/compare-roc-auc.ts';
import { compareRocAuc } from '../metrics/index.ts';
import type { EvaluationRows } from './evaluate-input.ts';
import { evaluationMetricInfo } from './evaluate-metrics.ts';
import type { PreparedModel } from './evaluate-model.ts';
import type { MetricDifference, ModelComparison } from './evaluate-result.ts';
import { finite, type Replicates, replicateInterval, replicateShift } from './evaluate-statistics.ts';

/** Numbers of a model that say nothing of it against another: what the rows alone decide, and what is drawn. */
const notCompared = /^(brierUncertainty|logUncertainty|tuning\..*|.*@.*)$/;
const anywhere = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

type Raw = Omit<MetricDifference, 'adjustedPValue'>;

/** Every pair of models: all numbers by the paired bootstrap, the ROC-AUC by DeLong's test too. */
export function compareModels(
  rows: EvaluationRows,
  models: readonly PreparedModel[],
  replicates: readonly Replicates[],
  level: number,
): ModelComparison[] {
  const pairs = models.flatMap((_, i) => models.slice(i + 1).map((__, k) => [i, i + 1 + k] as const));
  const raw = pairs.map(([i, j]) => ({
    first: models[i]!.name,
    second: models[j]!.name,
    differences: differencesOf([models[i]!, models[j]!], [replicates[i]!, replicates[j]!], level),
    deLong: rows.counted ? deLongOf(rows, [models[i]!, models[j]!], [i, j], level) : null,
  }));
  const adjusted = (pick: (one: (typeof raw)[number]) => Raw | null | undefined) =>
    holm(raw.map((one) => pick(one)?.pValue ?? null));
  const names = [...new Set(raw.flatMap(({ differences }) => Object.keys(differences)))];
  const adjustedOf = new Map(names.map((name) => [name, adjusted(({ differences }) => differences[name])]));
  const deLongs = adjusted(({ deLong }) => deLong);
  return raw.map(({ differences, deLong, ...pair }, i) => ({
    ...pair,
    differences: Object.fromEntries(
      Object.entries(differences).map(([name, one]) => [name, { ...one, adjustedPValue: adjustedOf.get(name)![i]! }]),
    ),
    deLong: deLong && { ...deLong, adjustedPValue: deLongs[i]! },
  }));
}

function differencesOf(
  [first, second]: readonly [PreparedModel, PreparedModel],
  [firstDraws, secondDraws]: readonly [Replicates, Replicates],
  level: number,
): Record<string, Raw> {
  const differences: Record<string, Raw> = {};
  for (const [at, name] of firstDraws.names.entries()) {
    const other = secondDraws.names.indexOf(name);
    if (other < 0 || notCompared.test(name) || !first.exact.has(name)) continue;
    const value = first.exact.get(name)! - second.exact.get(name)!;
    const centre = firstDraws.centre[at]! - secondDraws.centre[other]!;
    const theirs = secondDraws.values[other]!;
    const draws = firstDraws.values[at]!.map((one, r) => one - theirs[r]!);
    const { greaterIsBetter, raisedByNoise } = infoOf(name);
    differences[name] = {
      ...replicateInterval(value, centre, draws, level, { range: anywhere, raisedByNoise }),
      pValue: bootstrapP(value, centre, draws, raisedByNoise),
      greaterIsBetter,
    };
  }
  return differences;
}

/** Binned errors are named by preset; they are all distances. */
function infoOf(name: string) {
  return evaluationMetricInfo(/\.(expected|maximum)$/.test(name) ? 'ici' : name);
}

/** Twice the share of replicates on the far side of 0, the rows themselves counted among them; 1 where nothing differs. */
function bootstrapP(value: number, centre: number, draws: Float64Array, raisedByNoise: boolean): number | null {
  if (!Number.isFinite(value)) return null;
  const known = draws.filter((one) => Number.isFinite(one));
  if (known.length === 0) return null;
  const shift = replicateShift(value, centre, known, raisedByNoise);
  let below = 0;
  let above = 0;
  for (const one of known) {
    if (one + shift <= 0) below++;
    if (one + shift >= 0) above++;
  }
  return Math.min(1, (2 * (Math.min(below, above) + 1)) / (known.length + 1));
}

/** Beyond so many rows the variance is that of groups of neighbouring scores, which differs in the fourth digit at most. */
const mostExactRows = 1_000_000;

function deLongOf(
  { truth, weights, scores }: EvaluationRows,
  models: readonly [PreparedModel, PreparedModel],
  [i, j]: readonly [number, number],
  level: number,
): Omit<NonNullable<ModelComparison['deLong']>, 'adjustedPValue'> {
  const rows = { truth, weights, level };
  const found =
    truth.length > mostExactRows
      ? compareGrouped(rows, models)
      : compareRocAuc({ ...rows, first: scores[i]!.values, second: scores[j]!.values });
  return {
    value: finite(found.difference),
    low: finite(found.low),
    high: finite(found.high),
    pValue: finite(found.pValue),
    greaterIsBetter: true,
    z: finite(found.z),
    standardError: finite(found.standardError),
  };
}

/** DeLong's test of the exact areas with the variance of the grouped scores. */
function compareGrouped(
  { truth, weights, level }: { truth: Int32Array; weights: Float64Array | undefined; level: number },
  [first, second]: readonly [PreparedModel, PreparedModel],
) {
  const [a, b] = [groupPlacements(first), groupPlacements(second)];
  const mean = a.area - b.area;
  const sums = [0, 0];
  for (let row = 0; row < truth.length; row++) {
    const label = truth[row]!;
    const gap = a.of[label]![first.groupOfRow[row]!]! - b.of[label]![second.groupOfRow[row]!]! - mean;
    sums[label] = sums[label]! + (weights ? weights[row]! : 1) * gap * gap;
  }
  const { positives, negatives } = a;
  const variance = sums[1]! / (positives - 1) / positives + sums[0]! / (negatives - 1) / negatives;
  return comparisonOf([first.exact.get('rocAuc')!, second.exact.get('rocAuc')!], variance, level);
}

/** For each class and group the share of the other class that a row there is on the right side of, ties half. */
function groupPlacements({ positives: hits, negatives: alarms }: PreparedModel) {
  const positives = hits.reduce((sum, weight) => sum + weight, 0);
  const negatives = alarms.reduce((sum, weight) => sum + weight, 0);
  const ofPositives = new Float64Array(hits.length);
  const ofNegatives = new Float64Array(hits.length);
  let hitsAbove = 0;
  let alarmsAbove = 0;
  let area = 0;
  for (let group = 0; group < hits.length; group++) {
    ofPositives[group] = (negatives - alarmsAbove - alarms[group]! / 2) / negatives;
    ofNegatives[group] = (hitsAbove + hits[group]! / 2) / positives;
    area += (hits[group]! * ofPositives[group]!) / positives;
    hitsAbove += hits[group]!;
    alarmsAbove += alarms[group]!;
  }
  return { of: [ofNegatives, ofPositives] as const, positives, negatives, area };
}

/** Holm's step-down correction (1979); null stays null. */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.flatMap((p, i) => (p === null ? [] : [{ p, i }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let largest = 0;
  known.forEach(({ p, i }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (known.length - rank)));
    adjusted[i] = largest;
  });
  return adjusted;
}
