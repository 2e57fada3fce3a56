import type { ClassLabel } from '../data/index.ts';

/** One thing to do or to know, and why it is said of these data. */
export interface Advice {
  /** Stable kebab-case code, such as `thresholds-from-costs`. */
  readonly code: string;
  /** `look`: at the data, before anything is learned. `try`: a way to go. `know`: what to expect of any way. */
  readonly kind: 'look' | 'try' | 'know';
  /** What to do or to expect, in one sentence. */
  readonly sentence: string;
  /** Why, with the numbers of these data. */
  readonly reason: string;
  /** The numbers of the reason, for programs. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Where the rule comes from; null where it is plain arithmetic. */
  readonly evidence: string | null;
  /** A command that does it. Costs in it are examples. */
  readonly command: string | null;
  readonly class?: ClassLabel;
  readonly column?: string;
}
