import { type EnsembleEntry, ensembles } from '../ensemble/registry.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { defaultLearners, type LearnerFactory, learnerFactoryNamed } from './learners.ts';
import { type Treatment, treatmentNamed, treatmentNames, weightShares } from './treatments.ts';

/** A way of learning under imbalance: what is done to the data, and what learns from it. */
export interface Strategy {
  /** `treatment/learner`, or the name of an ensemble. */
  readonly id: string;
  readonly treatment: Treatment;
  readonly learner: LearnerFactory;
}

/**
 * Every treatment with every learner, doing nothing first; then the ensembles that are named among the treatments, alone.
 * Throws `unknown-strategy` or `unknown-learner`, naming what there is.
 */
export function strategiesOf(
  treatments: readonly string[] = treatmentNames,
  learners: readonly string[] = defaultLearners,
): Strategy[] {
  if (learners.length === 0) throw new CounterweightError('unknown-learner', 'at least one learner is needed');
  const names = ['none', ...treatments.filter((name) => name !== 'none' && !ensembles.has(name))];
  const alone = [...new Set(treatments)].flatMap((name) => ensembles.get(name) ?? []);
  const pairs = [...new Set(learners)].flatMap((learner) =>
    [...new Set(names)].map((name) => {
      const treatment = treatmentNamed(name);
      const factory = learnerFactoryNamed(learner);
      return { id: `${treatment.name}/${factory.name}`, treatment, learner: factory };
    }),
  );
  return [...pairs, ...alone.map(ensembleStrategy)];
}

/** Whether a strategy is a learner and a treatment in one, so that it is compared once, whatever the learners. */
export const isEnsemble = ({ id, treatment }: Strategy): boolean => id === treatment.name;

/** What an ensemble does about the imbalance it does while it learns. */
function ensembleStrategy({ name, label, seen, takesCosts, create }: EnsembleEntry): Strategy {
  const treatment: Treatment = {
    name,
    label,
    treat: async (data) => {
      const shares = weightShares(data.y, data.weights);
      const present = shares.filter((share) => share > 0).length;
      const even = shares.map((share) => (share > 0 ? 1 / present : 0));
      return { data, seenShares: seen === 'even' ? even : shares, notices: [] };
    },
  };
  return {
    id: name,
    treatment,
    learner: { name, label, create: (options) => create(takesCosts ? { costs: options?.costs } : {}) },
  };
}
