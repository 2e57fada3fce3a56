import type { ResamplerEntry } from '../registry-entry.ts';
import { randomOver } from './random-over.ts';
import { smote } from './smote.ts';

const over = { samplingType: 'over-sampling' } as const;

/** The methods that add rows. */
export const overSamplers: readonly ResamplerEntry[] = [
  { name: 'random-over', ...over, makes: 'copies', create: randomOver },
  { name: 'smote', ...over, makes: 'interpolates', create: smote },
];
