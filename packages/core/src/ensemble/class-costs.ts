import type { Dataset } from '../data/dataset.ts';
import { classWeights } from '../learn/class-priors.ts';
import type { TrainingRows } from '../learn/logistic-data.ts';
import { type OutcomeCosts, type SettledCosts, settleCosts } from '../learn/trees/decision-costs.ts';
import { type ClassTargets, targetsByCode } from '../resample/class-targets.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';

/**
 * What it costs to take a row of a class for another class, by label: positive numbers, of which only the ratios count.
 * `balanced` (default): in inverse proportion to the weights of the classes.
 */
export type ClassCosts = 'balanced' | ReadonlyMap<string | number, number> | Readonly<Record<string, number>>;

/**
 * Costs of classes, a matrix `costs[decided][true]` of a line and a column a class of the labels, or what the outcomes cost row
 * by row. Amounts that are given as arrays belong to the rows of one `fit`; those of a column go with the rows.
 */
export type EnsembleCosts = ClassCosts | readonly (readonly number[])[] | OutcomeCosts;

/** Costs for the rows at hand. Throws `bad-option`, `unknown-class`, `bad-costs`, `shape-mismatch`, `no-such-class`. */
export function ensembleCosts(costs: EnsembleCosts, data: Dataset, training: TrainingRows): SettledCosts {
  if (Array.isArray(costs)) return settleCosts(costs as readonly (readonly number[])[], data, training);
  if (isOutcomes(costs)) return settleCosts(costs, data, training);
  const byClass = classCosts(costs as ClassCosts, data, training);
  return { of: (_row, decided, truth) => (decided === truth ? 0 : byClass[truth]!) };
}

function isOutcomes(costs: unknown): costs is OutcomeCosts {
  return typeof costs === 'object' && costs !== null && 'falsePositive' in costs && 'falseNegative' in costs;
}

/** The least cost of a mistake, beside the greatest, which is 1: methods that multiply by costs lose no row. */
const LEAST_COST = 1e-6;

/**
 * What it costs to get each row wrong, from above 0 to 1: mean over the wrong classes, above that of being right. Throws as
 * `ensembleCosts`, and `bad-costs` where no mistake costs anything.
 */
export function mistakeCosts(
  costs: EnsembleCosts,
  data: Dataset,
  training: TrainingRows,
): { readonly costs: Float64Array; readonly notices: readonly Notice[] } {
  const { labels, present } = training;
  const settled = ensembleCosts(costs, data, training);
  const found = Float64Array.from(labels, (truth, row) => {
    let sum = 0;
    for (let k = 0; k < present.length; k++) if (k !== truth) sum += settled.of(row, k, truth);
    return sum / (present.length - 1) - settled.of(row, truth, truth);
  });
  let most = 0;
  for (const cost of found) most = Math.max(most, cost);
  if (!(most > 0 && most < Number.POSITIVE_INFINITY))
    throw new CounterweightError('bad-costs', 'no mistake costs more than being right');
  let cheap = 0;
  for (let row = 0; row < found.length; row++) {
    const cost = found[row]! / most;
    if (cost <= 0) cheap++;
    found[row] = Math.max(cost, LEAST_COST);
  }
  return { costs: found, notices: cheap > 0 ? [cheapMistakes(cheap, found.length)] : [] };
}

function cheapMistakes(cheap: number, rows: number): Notice {
  return {
    code: 'cheap-mistakes',
    severity: 'warning',
    message: `a mistake costs no more than being right in ${cheap} of ${rows} rows; they count for next to nothing`,
    numbers: { cheap, rows },
  };
}

/** Cost of each class present, the largest 1. Throws `bad-option`, `unknown-class`; a class left out costs 1 before scaling. */
function classCosts(costs: ClassCosts, { y }: Dataset, training: TrainingRows): Float64Array {
  const totals = classWeights(training);
  const found = costs === 'balanced' ? totals.map((total) => 1 / total) : given(costs, { y }, training.present, totals);
  const most = Math.max(...found);
  return found.map((cost) => cost / most);
}

function given(
  costs: Exclude<ClassCosts, 'balanced'>,
  { y }: Pick<Dataset, 'y'>,
  present: readonly number[],
  totals: Float64Array,
): Float64Array {
  const counts = new Int32Array(y.classes.length);
  present.forEach((code, place) => {
    counts[code] = totals[place]! > 0 ? 1 : 0;
  });
  const byCode = targetsByCode(costs as ClassTargets, y, counts, 'costs');
  return Float64Array.from(present, (code) => {
    const cost = byCode.get(code) ?? 1;
    if (typeof cost === 'number' && cost > 0 && cost < Number.POSITIVE_INFINITY) return cost;
    throw new CounterweightError('bad-option', `costs must be positive numbers, class ${y.classes[code]} has ${cost}`, {
      class: y.classes[code]!,
    });
  });
}
