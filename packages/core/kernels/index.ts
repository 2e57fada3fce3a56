export { hyperplaneScores, isolationScores } from './anomaly-isolation';
export { planeDistances, productSums, whitenedSquares } from './anomaly-planes';
export { waveDescent, waveProducts } from './anomaly-waves';
export { elementary } from './elementary';
export { assembleHessian, cholesky, choleskySolve, sumBlocks } from './linear-algebra';
export { predictorsDense, predictorsSparse, probabilities } from './linear-probabilities';
export { hessianDense, logisticDense, packDense } from './logistic-dense';
export { hessianSparse, logisticSparse } from './logistic-sparse';
export { logisticSparseClasses } from './logistic-sparse-classes';
export { neighbours, packNeighbours } from './neighbours';
export { addArrival, meetArrivals } from './neighbours-arrivals';
export { insertNeighbour } from './neighbours-growing';
export { searchMixed } from './neighbours-mixed';
export { plainNeighbours } from './neighbours-plain';
export { farthestNorms, packProducts, productNeighbours } from './neighbours-products';
export { mergeSieve, openSieve, sieveNeighbours, sieveScratch } from './neighbours-sieve';
export {
  joinNeighbourBoxes,
  packNeighbourLeaves,
  projectNeighbours,
  splitNeighbours,
} from './neighbours-tree-build';
export { neighbourScratch, searchNeighbours } from './neighbours-tree-search';
export { unanimousNeighbours } from './neighbours-unanimous';
export { svmSwap, svmTakeBack } from './svm-cache';
export { svmDecide } from './svm-decide';
export { svmKernels } from './svm-rows';
export { svmSteps } from './svm-steps';
export * from './tree';
export { angles } from './trigonometric';
