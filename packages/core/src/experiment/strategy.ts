import { CounterweightError } from '../runtime/errors.ts';
import { type LearnerFactory, learnerFactoryNamed } from './learners.ts';
import { type Treatment, treatmentNamed, treatmentNames } from './treatments.ts';

/** A way of learning under imbalance: what is done to the data, and what learns from it. */
export interface Strategy {
  /** `treatment/learner`. */
  readonly id: string;
  readonly treatment: Treatment;
  readonly learner: LearnerFactory;
}

/**
 * Every treatment with every learner, doing nothing first.
 * Throws `unknown-strategy` or `unknown-learner`, naming what there is.
 */
export function strategiesOf(
  treatments: readonly string[] = treatmentNames,
  learners: readonly string[] = ['logistic'],
): Strategy[] {
  if (learners.length === 0) throw new CounterweightError('unknown-learner', 'at least one learner is needed');
  const names = ['none', ...treatments.filter((name) => name !== 'none')];
  return learners.flatMap((learner) =>
    [...new Set(names)].map((name) => {
      const treatment = treatmentNamed(name);
      const factory = learnerFactoryNamed(learner);
      return { id: `${treatment.name}/${factory.name}`, treatment, learner: factory };
    }),
  );
}
