export * from './discriminant/index.ts';
export type { Learner, Model, ModelJSON } from './learner.ts';
export { type LogisticModel, logisticModelFromJSON } from './logistic-model.ts';
export { type LogisticLearner, type LogisticRegressionOptions, logisticRegression } from './logistic-regression.ts';
export * from './naive-bayes/index.ts';
export * from './neighbours/index.ts';
export { type LearnerEntry, learners } from './registry.ts';
export * from './svm/index.ts';
export * from './trees/index.ts';
