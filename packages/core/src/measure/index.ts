export { type AloneAuc, aloneAuc } from './alone-auc.ts';
export { classShares, imbalanceRatio } from './imbalance.ts';
export { type JudgedLabels, judgedLabels } from './judged-labels.ts';
export { type LeakSuspect, type LeakWarnings, leakWarnings } from './leak-warnings.ts';
