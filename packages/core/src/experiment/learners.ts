import { linearDiscriminant } from '../learn/discriminant/linear-discriminant.ts';
import { quadraticDiscriminant } from '../learn/discriminant/quadratic-discriminant.ts';
import type { Learner } from '../learn/learner.ts';
import { logisticRegression } from '../learn/logistic-regression.ts';
import { gaussianNaiveBayes } from '../learn/naive-bayes/gaussian-naive-bayes.ts';
import { kNearestNeighbours } from '../learn/neighbours/nearest-neighbour-classifier.ts';
import { linearSvm, rbfSvm } from '../learn/svm/support-vector-classifier.ts';
import { costSensitiveTree } from '../learn/trees/cost-sensitive-tree.ts';
import { decisionTree, extraTrees, randomForest } from '../learn/trees/forest.ts';
import { gradientBoosting } from '../learn/trees/gradient-boosting.ts';
import { CounterweightError } from '../runtime/errors.ts';

export interface LearnerFactoryOptions {
  /** How exactly the learner's optimum is sought, where it has one; default as exactly as it goes. */
  readonly tolerance?: number | undefined;
  /** `costs[decided][true]` for learners that learn from them; default none are known. */
  readonly costs?: readonly (readonly number[])[] | undefined;
}

/** Makes a learner with its default options, under the short name that strategies carry. */
export interface LearnerFactory {
  readonly name: string;
  /** For people: "logistic regression". */
  readonly label: string;
  readonly create: (options?: LearnerFactoryOptions) => Learner;
}

const factories: readonly LearnerFactory[] = [
  {
    name: 'logistic',
    label: 'logistic regression',
    create: (options) => logisticRegression({ tolerance: options?.tolerance }),
  },
  { name: 'gradient-boosting', label: 'gradient boosting', create: () => gradientBoosting() },
  { name: 'random-forest', label: 'random forest', create: () => randomForest() },
  { name: 'extra-trees', label: 'extra trees', create: () => extraTrees() },
  { name: 'decision-tree', label: 'decision tree', create: () => decisionTree() },
  {
    name: 'cost-sensitive-tree',
    label: 'cost-sensitive tree',
    create: (options) => costSensitiveTree({ costs: options?.costs }),
  },
  { name: 'gaussian-naive-bayes', label: 'Gaussian naive Bayes', create: () => gaussianNaiveBayes() },
  { name: 'k-nearest-neighbours', label: 'k-nearest neighbours', create: () => kNearestNeighbours() },
  { name: 'linear-discriminant', label: 'linear discriminant analysis', create: () => linearDiscriminant() },
  {
    name: 'quadratic-discriminant',
    label: 'quadratic discriminant analysis',
    create: () => quadraticDiscriminant(),
  },
  { name: 'linear-svm', label: 'linear support vector machine', create: () => linearSvm() },
  { name: 'rbf-svm', label: 'support vector machine with RBF kernel', create: () => rbfSvm() },
];

export const learnerNames: readonly string[] = factories.map(({ name }) => name);

/**
 * The learners that are compared unless others are named, the simplest first: each of them wins on some real tables and none on
 * all (`bench/results/portfolio.md`).
 */
export const defaultLearners: readonly string[] = ['logistic', 'gradient-boosting', 'random-forest'];

/** What people call each learner, by its short name. */
export const learnerLabels: ReadonlyMap<string, string> = new Map(factories.map(({ name, label }) => [name, label]));

/** Throws `unknown-learner`. */
export function learnerFactoryNamed(name: string): LearnerFactory {
  const found = factories.find((factory) => factory.name === name);
  if (found) return found;
  throw new CounterweightError(
    'unknown-learner',
    `no learner is called "${name}"; there is ${learnerNames.join(', ')}`,
  );
}
