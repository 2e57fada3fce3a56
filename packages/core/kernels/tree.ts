/** What the histogram trees call. */
export { binColumns, packBins, pairColumns, swapBytes } from './tree-bins';
export { addBits, addDigits, otherRows, shareBits, shareBytes, splitDigits } from './tree-bundles';
export { addOutOfBag, findLeaves, growClassTree } from './tree-classes';
export {
  binaryGradients,
  classGradients,
  fixRecords,
  gradientStatistics,
  softmaxRows,
  squaredGradients,
} from './tree-gradients';
export { addHistograms, buildHistogram, clearBytes, joinHistograms, sumRecords } from './tree-histogram';
export { addLeaves, gatherRows, listRows, partitionRows, splitRows } from './tree-partition';
export { predictBatches, predictForest, predictTrees, sigmoidRows, softmaxLines } from './tree-predict';
export { bestSplits, searchNodes } from './tree-search';
export { findSplits } from './tree-split';
