export type { CovarianceShrinkage } from './covariance.ts';
export {
  type LinearDiscriminantLearner,
  type LinearDiscriminantOptions,
  linearDiscriminant,
} from './linear-discriminant.ts';
export { type LinearDiscriminantModel, linearDiscriminantFromJSON } from './linear-discriminant-model.ts';
export {
  type QuadraticDiscriminantLearner,
  type QuadraticDiscriminantModel,
  type QuadraticDiscriminantOptions,
  quadraticDiscriminant,
  quadraticDiscriminantFromJSON,
} from './quadratic-discriminant.ts';
