import type { ResamplerEntry } from '../registry-entry.ts';
import { smoteEnn } from './smote-enn.ts';
import { smoteTomek } from './smote-tomek.ts';

/** The methods that add rows and then take rows away. */
export const combinedSamplers: readonly ResamplerEntry[] = [
  { name: 'smote-enn', samplingType: 'over-sampling', makes: 'interpolates', counts: 'cleaned', create: smoteEnn },
  { name: 'smote-tomek', samplingType: 'over-sampling', makes: 'interpolates', counts: 'cleaned', create: smoteTomek },
];
