import { correctedInterval } from '../metrics/index.ts';
import { type Comparison, type Comparisons, compareStrategies, type FoldScores } from './compare-strategies.ts';
import type { LearnersReport, MetricChoice } from './result.ts';
import { gain, plain, runnerUp } from './verdict.ts';

/** A learner that does nothing about the imbalance, and how it fared fold by fold. */
export interface PlainLearner extends FoldScores {
  readonly name: string;
  /** For people: "gradient boosting". */
  readonly label: string;
}

/**
 * Which learner to go on with: a question of its own, settled before any treatment is looked at, so that a better learner is not
 * taken for a better treatment. Some learner there must be, so the burden of proof is lighter than for treatments: the earliest
 * stays that comes within one standard error of the best (Breiman et al. 1984, the rule for pruned trees; here the corrected
 * error of paired folds), or within what is worth having. Null where there is one learner only.
 */
export function chooseLearner(
  learners: readonly PlainLearner[],
  foldRows: { readonly train: number; readonly validate: number },
  metric: MetricChoice,
  range?: readonly [number, number],
): LearnersReport | null {
  if (learners.length < 2) return null;
  const comparisons = compareStrategies(learners, foldRows, metric.greaterIsBetter, { range });
  const best = learners.find(({ id }) => id === comparisons.best)!;
  const sign = metric.greaterIsBetter ? 1 : -1;
  const near = (one: PlainLearner) => (one === best ? null : nearness(one, best, sign, foldRows, comparisons.margin));
  const kept = learners.find((one) => one === best || near(one) !== null)!;
  const named = new Map(learners.map((learner) => [learner.id, learner]));
  return {
    compared: comparisons.all.map(({ id, mean, difference }) => ({ learner: named.get(id)!.name, mean, difference })),
    chosen: kept.name,
    sentence: sentenceOf(comparisons, kept, near(kept) ?? '', named, metric),
  };
}

/** Why a learner is taken to be as good as the best: what the lead of the best is less than; null where it is not. */
function nearness(
  one: PlainLearner,
  best: PlainLearner,
  sign: number,
  { train, validate }: { readonly train: number; readonly validate: number },
  margin: number,
): string | null {
  const differences = best.scores
    .map((score, fold) => sign * (score - one.scores[fold]!))
    .filter((difference) => !Number.isNaN(difference));
  if (differences.length < 2) return 'can be judged on so few folds';
  const { mean, standardError } = correctedInterval({ differences, trainRows: train, testRows: validate });
  if (mean < margin) return 'is worth having';
  return mean < standardError ? 'one standard error' : null;
}

function sentenceOf(
  comparisons: Comparisons,
  kept: PlainLearner,
  lead: string,
  named: ReadonlyMap<string, PlainLearner>,
  metric: MetricChoice,
): string {
  const { all, rivals, best } = comparisons;
  const first = all[0]!;
  const label = (id: string) => named.get(id)!.label;
  const against = (one: Comparison) =>
    `${metric.label} ${plain(one.mean.value)} against ${plain(first.mean.value)} with ${label(first.id)}, ${gain(one, metric)}`;
  if (kept.id === first.id) {
    if (best === first.id) {
      const next = runnerUp(rivals, metric);
      return `No other learner does better than ${kept.label}: ${label(next.id)} has ${against(next)}.`;
    }
    const top = all.find(({ id }) => id === best)!;
    return `${capital(kept.label)} is kept as the learner: ${label(best)}, the best other, has ${against(top)}, which is less than ${than(lead)}.`;
  }
  const own = all.find(({ id }) => id === kept.id)!;
  const proof = isShown(own, comparisons) ? '' : '; that is the better bet, not a proof';
  if (best !== own.id) {
    const top = all.find(({ id }) => id === best)!;
    return `${capital(kept.label)} is the learner to use: ${against(own)}${proof}. ${capital(label(best))} has ${plain(top.mean.value)}, better by less than ${than(lead)}.`;
  }
  return `${capital(kept.label)} is the learner to use: ${against(own)}${proof}.`;
}

/** Beyond chance, though the best of several was looked at. */
const isShown = ({ difference }: Comparison, { pValueLimit }: Comparisons): boolean =>
  difference !== null && difference.pValue !== null && difference.pValue < pValueLimit;

const than = (lead: string) => (lead === 'one standard error' ? lead : `what ${lead}`);

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
