export { type NeighbourSearch, type Neighbours, nearestNeighbours } from './nearest-neighbours.ts';
