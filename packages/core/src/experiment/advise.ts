import type { Advice } from './advice.ts';
import type { AdviceFacts } from './advice-facts.ts';
import { adviceOnClasses } from './advise-classes.ts';
import { adviceOnData } from './advise-data.ts';
import { adviceOnDecisions } from './advise-decisions.ts';

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
