export type { CountKind, CountNaiveBayesModel } from './count-model.ts';
export {
  type ComplementNaiveBayesOptions,
  type CountNaiveBayesLearner,
  complementNaiveBayes,
  complementNaiveBayesFromJSON,
  type MultinomialNaiveBayesOptions,
  multinomialNaiveBayes,
  multinomialNaiveBayesFromJSON,
} from './count-naive-bayes.ts';
export {
  type GaussianNaiveBayesLearner,
  type GaussianNaiveBayesModel,
  type GaussianNaiveBayesOptions,
  gaussianNaiveBayes,
  gaussianNaiveBayesFromJSON,
} from './gaussian-naive-bayes.ts';
