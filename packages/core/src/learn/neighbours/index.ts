export {
  kNearestNeighbours,
  type NearestNeighboursLearner,
  type NearestNeighboursOptions,
} from './nearest-neighbour-classifier.ts';
export {
  kNearestNeighboursFromJSON,
  type NearestNeighboursModel,
  type NeighbourMetric,
} from './nearest-neighbours-model.ts';
