import type { DuplicateGroups, Labels } from '../data/index.ts';
import type { Conflicts } from './diagnosis.ts';

/** Counts the rows that share all used cells with a row of another class. */
export function conflictsOf({ groupOf, groups }: DuplicateGroups, { codes, classes }: Labels): Conflicts {
  const sizes = new Int32Array(groups);
  for (const group of groupOf) sizes[group]!++;
  // Only groups of several rows are counted by class: most rows stand alone.
  const counts = new Map<number, Int32Array>();
  for (const [row, group] of groupOf.entries()) {
    if (sizes[group] === 1) continue;
    let own = counts.get(group);
    if (!own) counts.set(group, (own = new Int32Array(classes.length)));
    own[codes[row]!]!++;
  }
  let rows = 0;
  const perClass = classes.map(() => 0);
  for (const [group, own] of counts) {
    const most = own.indexOf(own.reduce((a, b) => Math.max(a, b)));
    if (own[most] === sizes[group]) continue;
    rows += sizes[group]!;
    for (const [code, count] of own.entries()) if (code !== most) perClass[code]! += count;
  }
  return { rows, leastErrors: perClass.reduce((sum, errors) => sum + errors, 0), perClass };
}
