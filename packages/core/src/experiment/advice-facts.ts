import type { ClassLabel } from '../data/index.ts';
import type { Diagnosis } from './diagnosis.ts';

/** What advice rests on: everything measured, and nothing else. */
export interface AdviceFacts extends Pick<Diagnosis, 'data' | 'imbalance' | 'conflicts' | 'difficulty' | 'notices'> {
  /** What a false negative and a false positive cost; without them advice says what to ask for. */
  readonly costs?: { readonly falseNegative: number; readonly falsePositive: number } | undefined;
  /** The data as the commands name them; by default `data.source`. */
  readonly path?: string | undefined;
  /** The class that the user named, which commands repeat. */
  readonly named?: ClassLabel | undefined;
}
