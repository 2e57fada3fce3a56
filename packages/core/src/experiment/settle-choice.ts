import { chooseLearner } from './choose-learner.ts';
import { type Comparisons, compareStrategies } from './compare-strategies.ts';
import type { Choice, LearnersReport, MetricChoice, Verdict } from './result.ts';
import type { Strategy } from './strategy.ts';
import type { StrategyOutcome } from './strategy-outcome.ts';
import { choose, plain, verdictOf } from './verdict.ts';

/** What the folds settle, before any held-out row is seen. */
export interface SettledChoice {
  /** As they are reported: first doing nothing with the learner gone on with, then its treatments, the ensembles, and the rest. */
  readonly strategies: readonly Strategy[];
  readonly outcomes: readonly StrategyOutcome[];
  readonly comparisons: Comparisons;
  readonly learners: LearnersReport | null;
  readonly choice: Choice;
  readonly verdict: Pick<Verdict, 'kind' | 'sentence'>;
  /** Strategies for people, by id. */
  readonly labels: ReadonlyMap<string, string>;
  /** What is worth adding to the verdict. */
  readonly details: readonly string[];
}

/**
 * First the learner, by what each does on the rows as they are; then the treatments of that learner and the ensembles, against
 * doing nothing with it. Treatments of other learners are compared for the reader, and cannot be chosen: their gain would be
 * that of the learner and of the treatment in one. `strategies` and `outcomes` in the same order, at least one of them doing nothing.
 */
export function settleChoice(
  strategies: readonly Strategy[],
  outcomes: readonly StrategyOutcome[],
  foldRows: { readonly train: number; readonly validate: number },
  metric: MetricChoice,
): SettledChoice {
  const scoresOf = ({ id }: Strategy) => outcomes.find((outcome) => outcome.id === id)!.foldScores;
  const idle = strategies.filter(({ treatment }) => treatment.name === 'none');
  const learners = chooseLearner(
    idle.map((one) => ({ id: one.id, scores: scoresOf(one), name: one.learner.name, label: one.learner.label })),
    foldRows,
    metric,
  );
  const kept = learners?.chosen ?? idle[0]!.learner.name;
  const ordered = [...strategies].sort((a, b) => rankOf(a, kept) - rankOf(b, kept));
  const comparisons = compareStrategies(
    ordered.map((one) => ({ id: one.id, scores: scoresOf(one) })),
    foldRows,
    metric.greaterIsBetter,
    ordered.filter((one, i) => i > 0 && rankOf(one, kept) < OTHERS).map(({ id }) => id),
  );
  const several = learners !== null;
  const labels = new Map(ordered.map((one) => [one.id, labelOf(one, several)]));
  const task = { comparisons, metric, labels };
  const { kind, sentence } = verdictOf(task);
  const choice = choose(task);
  return {
    strategies: ordered,
    outcomes: ordered.map(({ id }) => outcomes.find((outcome) => outcome.id === id)!),
    comparisons,
    learners,
    choice,
    verdict: { kind, sentence },
    labels,
    details: [...outsiders(comparisons, metric, labels), ...learnerOfItsOwn(ordered, choice, labels)],
  };
}

const OTHERS = 3;

/** Doing nothing with the learner, its treatments, the ensembles, then what other learners do. */
function rankOf({ id, treatment, learner }: Strategy, kept: string): number {
  if (id === treatment.name) return 2;
  if (learner.name !== kept) return OTHERS;
  return treatment.name === 'none' ? 0 : 1;
}

/** "SMOTE", or "SMOTE with logistic regression" where there is more than one learner; an ensemble is both. */
function labelOf({ treatment, learner }: Strategy, several: boolean): string {
  return several && learner.name !== treatment.name ? `${treatment.label} with ${learner.label}` : treatment.label;
}

/** A strategy that stood outside and has the best value of all is named, with the reason why it was not chosen. */
function outsiders(
  { all, rivals, best }: Comparisons,
  metric: MetricChoice,
  labels: ReadonlyMap<string, string>,
): string[] {
  const sign = metric.greaterIsBetter ? 1 : -1;
  const value = (id: string) => all.find((one) => one.id === id)!.mean.value ?? -Infinity * sign;
  const outside = all.slice(1).filter(({ id }) => !rivals.some((rival) => rival.id === id));
  const above = outside.filter(({ id }) => sign * value(id) > sign * value(best));
  if (above.length === 0) return [];
  const top = above.reduce((a, b) => (sign * value(b.id) > sign * value(a.id) ? b : a));
  return [
    `The best ${metric.label} of all, ${plain(top.mean.value)}, is that of ${labels.get(top.id)!}; it was not a candidate, because its learner is not the one that was kept.`,
  ];
}

/** An ensemble brings its learner with it, so its gain answers two questions at once. */
function learnerOfItsOwn(
  strategies: readonly Strategy[],
  { chosen }: Choice,
  labels: ReadonlyMap<string, string>,
): string[] {
  const one = strategies.find(({ id }) => id === chosen)!;
  if (one.id !== one.treatment.name) return [];
  const { learner } = strategies[0]!;
  return [
    `${capital(labels.get(chosen)!)} is a learner of its own: some or all of its gain over ${learner.label} may come from that, not from what it does about the imbalance. Compare with plain trees by --learners.`,
  ];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
