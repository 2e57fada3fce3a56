import type { ClassLabel } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { quoted } from '../class-counts.ts';

/** Throws `distance-overflow` where arithmetic on finite features left the range of numbers. */
export function checkMade(features: Float64Array, label: ClassLabel): void {
  if (features.every(Number.isFinite)) return;
  throw new CounterweightError(
    'distance-overflow',
    `the rows of class ${quoted(label)} are too far apart for a number; scale the features first`,
    { class: label },
  );
}
