export type { GrowingNearest } from './growing-nearest.ts';
export { mergeNeighbours } from './merge-neighbours.ts';
export type { MixedMetricOptions } from './mixed-metric.ts';
export { type MixedIndexOptions, mixedNeighbourIndex } from './mixed-neighbour-index.ts';
export { type MixedRows, mixedRows } from './mixed-rows.ts';
export { type NeighbourSearch, nearestNeighbours } from './nearest-neighbours.ts';
export type { ClassWithin } from './nearest-within.ts';
export {
  type NearestRequest,
  type NeighbourIndex,
  type NeighbourIndexOptions,
  type NumericNeighbourIndex,
  neighbourIndex,
  type RadiusRequest,
} from './neighbour-index.ts';
export type { NumericMetric } from './numeric-metric.ts';
export type { Neighbours, RadiusNeighbours } from './row-search.ts';
export type { Unanimous, UnanimousRequest } from './unanimous.ts';
