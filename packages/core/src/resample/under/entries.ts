import type { ResamplerEntry } from '../registry-entry.ts';
import { randomUnder } from './random-under.ts';

/** The methods that take rows away. */
export const underSamplers: readonly ResamplerEntry[] = [
  { name: 'random-under', samplingType: 'under-sampling', makes: 'copies', create: randomUnder },
];
