import { nextUp } from '../decide/next-up.ts';
import { binEdges, binOf, settledBinning } from '../metrics/calibration-bins.ts';
import { logGamma } from '../metrics/distributions.ts';
import { type CalibrationErrors, calibrationError, type RankedScores, type ScoredRows } from '../metrics/index.ts';
import { groupsAtLeast } from './evaluate-groups.ts';
import type { GroupMoments } from './evaluate-moments.ts';
import type { BinnedError } from './evaluate-result.ts';
import { estimateOf, finite, type Replicates, type StatisticBlock } from './evaluate-statistics.ts';

type Preset = BinnedError['preset'];

/** Binned errors of one preset on the rows, and how groups fall into its bins. */
export interface BinnedPreset {
  readonly preset: Preset;
  readonly errors: CalibrationErrors;
  /** Scores at which bins part, for the groups of the bootstrap. */
  readonly cuts: readonly number[];
  /** The bin of a score, or -1 for none. */
  binOf(score: number): number;
  readonly size: number;
}

const ownPresets = ['guo', 'sklearn', 'netcal', 'adaptive'] as const;

/** All presets on these rows; truth is 1 for positive. */
export function binnedPresets(rows: ScoredRows, ranked: RankedScores): BinnedPreset[] {
  return [...ownPresets.map((preset) => ownPreset(rows, preset)), topLabel(rows), topDecile(rows, ranked)];
}

function ownPreset(rows: ScoredRows, preset: (typeof ownPresets)[number]): BinnedPreset {
  const binning = settledBinning({ preset });
  const edges = binEdges(rows.scores, rows.weights, binning);
  return {
    preset,
    errors: calibrationError({ ...rows, preset }),
    cuts: cutsOf(edges, binning.closed),
    binOf: (score) => (binning.zeros === 'drop' && score === 0 ? -1 : binOf(score, edges, binning.closed)),
    size: edges.length + 1,
  };
}

const cutsOf = (edges: Float64Array, closed: 'left' | 'right') =>
  Array.from(edges, (edge) => (closed === 'right' ? nextUp(edge) : edge));

/** Guo's bins over the probability of the likelier class. */
function topLabel(rows: ScoredRows): BinnedPreset {
  const binning = settledBinning({ preset: 'guo' });
  const edges = binEdges(rows.scores, rows.weights, binning);
  const confidence = rows.scores.map(confidenceOf);
  const right = rows.truth.map((label, row) => Number(rows.scores[row]! >= 0.5 === (label === 1)));
  return {
    preset: 'top-label',
    errors: calibrationError({ scores: confidence, truth: right, weights: rows.weights, preset: 'guo' }),
    cuts: [0.5, ...Array.from(edges, (edge) => (edge >= 0.5 ? nextUp(edge) : 1 - edge))],
    binOf: (score) => binOf(confidenceOf(score), edges, 'right'),
    size: edges.length + 1,
  };
}

const confidenceOf = (p: number) => (p >= 0.5 ? p : 1 - p);

/** Ten bins of equal numbers of rows within the tenth of the rows that scores highest, ties with it included. */
function topDecile({ scores, truth, weights }: ScoredRows, ranked: RankedScores): BinnedPreset {
  const { thresholds, truePositives, falsePositives, positives, negatives } = ranked;
  const needed = (positives + negatives) / 10;
  const last = truePositives.findIndex((hits, group) => hits + falsePositives[group]! >= needed);
  const floor = thresholds[Math.max(0, last)]!;
  const kept = rowsFrom(scores, floor);
  const top = {
    scores: Float64Array.from(kept, (row) => scores[row]!),
    truth: Int32Array.from(kept, (row) => truth[row]!),
    weights: weights && Float64Array.from(kept, (row) => weights[row]!),
  };
  const edges = binEdges(top.scores, top.weights, settledBinning({ preset: 'adaptive' }));
  return {
    preset: 'top-decile',
    errors: calibrationError({ ...top, preset: 'adaptive' }),
    cuts: [floor, ...cutsOf(edges, 'right')],
    binOf: (score) => (score < floor ? -1 : binOf(score, edges, 'right')),
    size: edges.length + 1,
  };
}

function rowsFrom(scores: Float64Array, floor: number): Int32Array {
  let count = 0;
  for (let row = 0; row < scores.length; row++) if (scores[row]! >= floor) count++;
  const rows = new Int32Array(count);
  count = 0;
  for (let row = 0; row < scores.length; row++) if (scores[row]! >= floor) rows[count++] = row;
  return rows;
}

/** ECE and MCE of every preset in bins that stay as they are on the rows. */
export function binBlock(
  presets: readonly BinnedPreset[],
  floors: Float64Array,
  moments: GroupMoments,
): StatisticBlock {
  const binsOf = presets.map(({ binOf: of }) => Int32Array.from(floors, of));
  const half = groupsAtLeast(floors, 0.5);
  return {
    names: presets.flatMap(({ preset }) => [`${preset}.expected`, `${preset}.maximum`]),
    fill({ positives, negatives }, out, at) {
      presets.forEach(({ preset, size }, i) => {
        const gaps = new Float64Array(size);
        const totals = new Float64Array(size);
        let total = 0;
        for (let group = 0; group < floors.length; group++) {
          const yes = positives[group]!;
          const no = negatives[group]!;
          const bin = binsOf[i]![group]!;
          if (bin >= 0 || preset === 'guo') total += yes + no;
          if (bin < 0) continue;
          const predicted = yes * moments.positiveMean[group]! + no * moments.negativeMean[group]!;
          const flipped = preset === 'top-label' && group >= half;
          gaps[bin] = gaps[bin]! + (flipped ? no - (yes + no - predicted) : yes - predicted);
          totals[bin] = totals[bin]! + yes + no;
        }
        let expected = 0;
        let maximum = 0;
        for (let bin = 0; bin < size; bin++) {
          if (totals[bin] === 0) continue;
          expected += Math.abs(gaps[bin]!) / total;
          maximum = Math.max(maximum, Math.abs(gaps[bin]!) / totals[bin]!);
        }
        out[at++] = expected;
        out[at++] = maximum;
      });
    },
  };
}

/** Errors with their intervals. */
export function describeBins(
  presets: readonly BinnedPreset[],
  replicates: Replicates,
  { level, counted }: { readonly level: number; readonly counted: boolean },
): BinnedError[] {
  const estimate = (key: string, value: number) => {
    const at = replicates.names.indexOf(key);
    return estimateOf('ici', value, replicates.centre[at]!, replicates.values[at]!, level);
  };
  return presets.map(({ preset, errors }) => ({
    preset,
    expected: estimate(`${preset}.expected`, errors.expected),
    maximum: estimate(`${preset}.maximum`, errors.maximum),
    ifCalibrated: counted ? finite(expectedByNoise(errors)) : null,
    bins: errors.bins.length,
  }));
}

/** Mean ECE where every bin's count is binomial with its mean probability: Σ E|X - n p| / Σ n. */
function expectedByNoise({ bins }: CalibrationErrors): number {
  let sum = 0;
  let total = 0;
  for (const { predicted, rows } of bins) {
    sum += binomialDeviation(Math.round(rows), predicted);
    total += rows;
  }
  return sum / total;
}

/** E|X - np| = 2 (m + 1) C(n, m + 1) p^(m+1) (1 - p)^(n-m) with m = floor(n p) (De Moivre). */
function binomialDeviation(n: number, p: number): number {
  const m = Math.floor(n * p);
  if (p <= 0 || p >= 1 || m >= n) return 0;
  const choose = logGamma(n + 1) - logGamma(m + 2) - logGamma(n - m);
  return 2 * Math.exp(Math.log(m + 1) + choose + (m + 1) * Math.log(p) + (n - m) * Math.log1p(-p));
}
