import { linearDiscriminant } from './discriminant/linear-discriminant.ts';
import { DISCRIMINANT_KIND, linearDiscriminantFromJSON } from './discriminant/linear-discriminant-model.ts';
import {
  QUADRATIC_KIND,
  quadraticDiscriminant,
  quadraticDiscriminantFromJSON,
} from './discriminant/quadratic-discriminant.ts';
import type { Learner, Model, ModelJSON } from './learner.ts';
import { LOGISTIC_KIND, logisticModelFromJSON } from './logistic-model.ts';
import { logisticRegression } from './logistic-regression.ts';
import {
  complementNaiveBayes,
  complementNaiveBayesFromJSON,
  multinomialNaiveBayes,
  multinomialNaiveBayesFromJSON,
} from './naive-bayes/count-naive-bayes.ts';
import { GAUSSIAN_KIND, gaussianNaiveBayes, gaussianNaiveBayesFromJSON } from './naive-bayes/gaussian-naive-bayes.ts';
import { kNearestNeighbours } from './neighbours/nearest-neighbour-classifier.ts';
import { kNearestNeighboursFromJSON, NEIGHBOURS_KIND } from './neighbours/nearest-neighbours-model.ts';
import { linearSvm, linearSvmFromJSON, rbfSvm, rbfSvmFromJSON } from './svm/support-vector-classifier.ts';
import { costSensitiveTree } from './trees/cost-sensitive-tree.ts';
import { COST_TREE_KIND, costTreeModelFromJSON } from './trees/cost-tree-model.ts';
import { decisionTree, extraTrees, randomForest } from './trees/forest.ts';
import { type ForestKind, forestModelFromJSON } from './trees/forest-model.ts';
import { gradientBoosting } from './trees/gradient-boosting.ts';
import { BOOSTING_KIND, gradientBoostingModelFromJSON } from './trees/gradient-boosting-model.ts';

/** A learner as programs find it by name; the common checks run over all of them. */
export interface LearnerEntry {
  /** Kebab-case name, also the `kind` of the model's JSON. */
  readonly name: string;
  /** Takes counts only: no cell may be below 0. */
  readonly counts?: true;
  /** Makes the learner with its defaults, or with options of its own. Throws `bad-option` for options that it has not. */
  create(options?: object): Learner;
  /** Reads a model back. Throws `bad-model`. */
  fromJSON(json: ModelJSON): Model;
}

export const learners: readonly LearnerEntry[] = Object.freeze([
  Object.freeze({ name: LOGISTIC_KIND, create: logisticRegression, fromJSON: logisticModelFromJSON }),
  Object.freeze({ name: BOOSTING_KIND, create: gradientBoosting, fromJSON: gradientBoostingModelFromJSON }),
  Object.freeze({ name: GAUSSIAN_KIND, create: gaussianNaiveBayes, fromJSON: gaussianNaiveBayesFromJSON }),
  Object.freeze({
    name: 'multinomial-naive-bayes',
    counts: true,
    create: multinomialNaiveBayes,
    fromJSON: multinomialNaiveBayesFromJSON,
  }),
  Object.freeze({
    name: 'complement-naive-bayes',
    counts: true,
    create: complementNaiveBayes,
    fromJSON: complementNaiveBayesFromJSON,
  }),
  Object.freeze({ name: NEIGHBOURS_KIND, create: kNearestNeighbours, fromJSON: kNearestNeighboursFromJSON }),
  Object.freeze({ name: DISCRIMINANT_KIND, create: linearDiscriminant, fromJSON: linearDiscriminantFromJSON }),
  Object.freeze({
    name: QUADRATIC_KIND,
    create: quadraticDiscriminant,
    fromJSON: quadraticDiscriminantFromJSON,
  }),
  Object.freeze({ name: 'linear-svm', create: linearSvm, fromJSON: linearSvmFromJSON }),
  Object.freeze({ name: 'rbf-svm', create: rbfSvm, fromJSON: rbfSvmFromJSON }),
  forestEntry('decision-tree', decisionTree),
  Object.freeze({ name: COST_TREE_KIND, create: costSensitiveTree, fromJSON: costTreeModelFromJSON }),
  forestEntry('random-forest', randomForest),
  forestEntry('extra-trees', extraTrees),
]);

function forestEntry(name: ForestKind, create: LearnerEntry['create']): LearnerEntry {
  return Object.freeze({ name, create, fromJSON: (json: ModelJSON) => forestModelFromJSON(name, json) });
}
