import type { ComparedStrategies } from './compare-on-folds.ts';
import { type Comparisons, compareStrategies } from './compare-strategies.ts';
import type { Choice, MetricChoice, Verdict } from './result.ts';
import { isEnsemble, type Strategy } from './strategy.ts';
import { choose, verdictOf } from './verdict.ts';

/** What the folds settle, before any held-out row is seen. */
export interface SettledChoice {
  readonly comparisons: Comparisons;
  readonly choice: Choice;
  readonly verdict: Pick<Verdict, 'kind' | 'sentence'>;
  /** Strategies for people, by id. */
  readonly labels: ReadonlyMap<string, string>;
  /** What is worth adding to the verdict. */
  readonly details: readonly string[];
}

/** Treatments of the learner kept, and ensembles, against doing nothing with that learner. The other learners are no rivals. */
export function settleChoice(
  { strategies, outcomes, learners, foldRows }: ComparedStrategies,
  metric: MetricChoice,
  range?: readonly [number, number],
): SettledChoice {
  const comparisons = compareStrategies(
    outcomes.map(({ id, foldScores }) => ({ id, scores: foldScores })),
    foldRows,
    metric.greaterIsBetter,
    { rivals: strategies.filter(({ treatment }) => treatment.name !== 'none').map(({ id }) => id), range },
  );
  const labels = new Map(strategies.map((one) => [one.id, labelOf(one, learners !== null)]));
  const task = { comparisons, metric, labels };
  const choice = choose(task);
  return {
    comparisons,
    choice,
    verdict: verdictOf(task),
    labels,
    details: learnerOfItsOwn(strategies, choice, labels),
  };
}

/** "SMOTE", or "SMOTE with logistic regression" where there is more than one learner; an ensemble is both. */
function labelOf(one: Strategy, several: boolean): string {
  const { treatment, learner } = one;
  return several && !isEnsemble(one) ? `${treatment.label} with ${learner.label}` : treatment.label;
}

/** An ensemble brings its learner with it, so its gain answers two questions at once. */
function learnerOfItsOwn(
  strategies: readonly Strategy[],
  { chosen }: Choice,
  labels: ReadonlyMap<string, string>,
): string[] {
  const one = strategies.find(({ id }) => id === chosen)!;
  if (!isEnsemble(one)) return [];
  const { learner } = strategies[0]!;
  return [
    `${capital(labels.get(chosen)!)} is a learner of its own: some or all of its gain over ${learner.label} may come from that, not from what it does about the imbalance. Compare with plain trees by --learners.`,
  ];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
