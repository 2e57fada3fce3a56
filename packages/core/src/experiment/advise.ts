import type { ClassLabel } from '../data/index.ts';
import { adviceOnClasses } from './advise-classes.ts';
import { adviceOnData } from './advise-data.ts';
import { adviceOnDecisions } from './advise-decisions.ts';
import type { Diagnosis } from './diagnosis.ts';

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

/** What advice rests on: everything measured, and nothing else. */
export interface AdviceFacts extends Pick<Diagnosis, 'data' | 'imbalance' | 'conflicts' | 'difficulty' | 'notices'> {
  /** What a false negative and a false positive cost; without them advice says what to ask for. */
  readonly costs?: { readonly falseNegative: number; readonly falsePositive: number } | undefined;
  /** The data as the commands name them; by default `data.source`. */
  readonly path?: string | undefined;
  /** The class that the user named, which commands repeat. */
  readonly named?: ClassLabel | undefined;
}

/**
 * What to try, with reasons: first what to look at in the data, then what to try, then what to expect. Every sentence follows
 * from a number measured on these data and carries it; nothing is learned and nothing guessed.
 */
export function advise(facts: AdviceFacts): readonly Advice[] {
  const found = [...adviceOnData(facts), ...adviceOnDecisions(facts), ...adviceOnClasses(facts)];
  const order = ['look', 'try', 'know'];
  return Object.freeze(
    found.map((advice) => Object.freeze(advice)).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
  );
}
