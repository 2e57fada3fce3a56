export { type NeighbourSearch, nearestNeighbours } from './nearest-neighbours.ts';
export type { Neighbours, RadiusNeighbours } from './row-search.ts';
