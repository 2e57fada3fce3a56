export type { CovarianceShrinkage } from './covariance.ts';
export {
  type LinearDiscriminantLearner,
  type LinearDiscriminantOptions,
  linearDiscriminant,
} from './linear-discriminant.ts';
export { type LinearDiscriminantModel, linearDiscriminantFromJSON } from './linear-discriminant-model.ts';
