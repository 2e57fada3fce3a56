import type { Learner, Model, ModelJSON } from './learner.ts';
import { LOGISTIC_KIND, logisticModelFromJSON } from './logistic-model.ts';
import { logisticRegression } from './logistic-regression.ts';
import { decisionTree, extraTrees, randomForest } from './trees/forest.ts';
import { type ForestKind, forestModelFromJSON } from './trees/forest-model.ts';
import { gradientBoosting } from './trees/gradient-boosting.ts';
import { BOOSTING_KIND, gradientBoostingModelFromJSON } from './trees/gradient-boosting-model.ts';

/** A learner as programs find it by name; the common checks run over all of them. */
export interface LearnerEntry {
  /** Kebab-case name, also the `kind` of the model's JSON. */
  readonly name: string;
  /** Makes the learner with its defaults. */
  create(): Learner;
  /** Reads a model back. Throws `bad-model`. */
  fromJSON(json: ModelJSON): Model;
}

export const learners: readonly LearnerEntry[] = Object.freeze([
  Object.freeze({ name: LOGISTIC_KIND, create: () => logisticRegression(), fromJSON: logisticModelFromJSON }),
  Object.freeze({ name: BOOSTING_KIND, create: () => gradientBoosting(), fromJSON: gradientBoostingModelFromJSON }),
  forestEntry('decision-tree', () => decisionTree()),
  forestEntry('random-forest', () => randomForest()),
  forestEntry('extra-trees', () => extraTrees()),
]);

function forestEntry(name: ForestKind, create: () => Learner): LearnerEntry {
  return Object.freeze({ name, create, fromJSON: (json: ModelJSON) => forestModelFromJSON(name, json) });
}
