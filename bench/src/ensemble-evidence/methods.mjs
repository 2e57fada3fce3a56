import * as core from '@counterweight/core';

const ensemble = (name, library, members) => ({
  name,
  library,
  ensemble: true,
  create: (seed) => core.ensembles.get(name).create({ seed, nEstimators: members }),
  even: core.ensembles.get(name).seen === 'even',
});

const treated = (treatment, learner, create) => ({ name: `${treatment}/${learner}`, treatment, create });

const forest = (seed) => core.randomForest({ seed });
const boosting = (seed) => core.gradientBoosting({ seed });
const logistic = () => core.logisticRegression({ tolerance: 1e-5 });

/** What leaves the imbalance alone; ensembles are held against these. */
export const plain = ['logistic-regression', 'gradient-boosting', 'random-forest'];

/**
 * Everything that is compared. `library` has the peer of the same name (see `peers/ensemble_evidence.py`); where it is left
 * out there is no peer that can be installed. Members are as many on both sides.
 */
export const methods = [
  { name: 'logistic-regression', library: 'scikit-learn', create: logistic },
  { name: 'gradient-boosting', library: 'lightgbm', create: boosting },
  { name: 'random-forest', library: 'scikit-learn', create: forest },
  { name: 'extra-trees', library: 'scikit-learn', create: (seed) => core.extraTrees({ seed }) },
  { name: 'decision-tree', library: 'scikit-learn', create: (seed) => core.decisionTree({ seed }) },
  { name: 'gaussian-naive-bayes', library: 'scikit-learn', create: () => core.gaussianNaiveBayes() },
  { name: 'k-nearest-neighbours', library: 'scikit-learn', create: () => core.kNearestNeighbours() },
  { name: 'linear-discriminant', library: 'scikit-learn', create: () => core.linearDiscriminant() },
  ensemble('ada-boost', 'scikit-learn'),
  ensemble('balanced-random-forest', 'imbalanced-learn'),
  ensemble('balanced-bagging', 'imbalanced-learn'),
  ensemble('easy-ensemble', 'imbalanced-learn'),
  ensemble('rus-boost', 'imbalanced-learn'),
  ensemble('under-bagging', 'imbalanced-ensemble', 50),
  ensemble('over-bagging', 'imbalanced-ensemble', 10),
  ensemble('smote-bagging', 'imbalanced-ensemble', 10),
  ensemble('self-paced-ensemble', 'imbalanced-ensemble', 50),
  ensemble('balance-cascade', 'imbalanced-ensemble'),
  ensemble('smote-boost', 'imbalanced-ensemble', 50),
  ensemble('over-boost', 'imbalanced-ensemble', 50),
  ensemble('ada-cost', 'imbalanced-ensemble', 50),
  ensemble('ada-u-boost', 'imbalanced-ensemble', 50),
  ensemble('asym-boost', 'imbalanced-ensemble', 50),
  ensemble('ada-c1'),
  ensemble('ada-c2'),
  ensemble('ada-c3'),
  ensemble('ada-boost-m2'),
  ensemble('meta-cost'),
  ensemble('ii-votes'),
  ensemble('cost-rejection'),
  ensemble('voting'),
  treated('class-weight', 'logistic', logistic),
  treated('random-under', 'logistic', logistic),
  treated('smote', 'logistic', logistic),
  treated('class-weight', 'gradient-boosting', boosting),
  treated('random-under', 'gradient-boosting', boosting),
  treated('smote', 'gradient-boosting', boosting),
  treated('class-weight', 'random-forest', forest),
  treated('smote', 'random-forest', forest),
];
