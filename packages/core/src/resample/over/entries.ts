import type { ResamplerEntry } from '../registry-entry.ts';
import { adasyn } from './adasyn.ts';
import { borderlineSmote } from './borderline-smote.ts';
import { furtherOverSamplers } from './further-entries.ts';
import { kMeansSmote } from './kmeans-smote.ts';
import { randomOver } from './random-over.ts';
import { rose } from './rose.ts';
import { smote } from './smote.ts';
import { svmSmote } from './svm-smote.ts';

const over = { samplingType: 'over-sampling' } as const;

/** The methods that add rows. */
export const overSamplers: readonly ResamplerEntry[] = [
  { name: 'random-over', ...over, makes: 'copies', create: randomOver },
  { name: 'smote', ...over, makes: 'interpolates', create: smote },
  { name: 'borderline-smote', ...over, makes: 'interpolates', create: borderlineSmote },
  { name: 'adasyn', ...over, makes: 'interpolates', create: adasyn },
  { name: 'svm-smote', ...over, makes: 'interpolates', create: svmSmote },
  { name: 'kmeans-smote', ...over, makes: 'interpolates', create: kMeansSmote },
  { name: 'rose', ...over, makes: 'generates', compat: false, create: rose },
  ...furtherOverSamplers,
];
