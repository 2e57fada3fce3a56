import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { quoted } from '../class-counts.ts';

/** What was said of groups, once a class; each notice was given for the rows of one group and the other classes. */
export function groupNotices(notices: readonly Notice[]): Notice[] {
  const alike = new Map<string, Notice[]>();
  for (const notice of notices) {
    const key = `${notice.code} ${notice.class ?? ''} ${notice.column ?? ''}`;
    const held = alike.get(key);
    if (held) held.push(notice);
    else alike.set(key, [notice]);
  }
  return [...alike.values()].map((all) => clampedNotice(all) ?? inGroups(all));
}

/** A method run on one group takes its rows of a class for all that the class has; here it is said that it has more. */
function clampedNotice(all: readonly Notice[]): Notice | undefined {
  const [first] = all;
  const { code, class: label } = first!;
  const { rows = 0, used } = first!.numbers ?? {};
  // Where all rows of a class are used, and not all others, no neighbours are spoken of.
  if (code !== 'k-clamped' || label === undefined || used !== rows - 1) return undefined;
  const of = (what: string): number[] => all.map(({ numbers }) => numbers![what]!);
  const where = all.length === 1 ? 'one group' : `each of ${all.length} groups`;
  const neighbours = `${range(of('used'))} ${Math.max(...of('used')) === 1 ? 'neighbour was' : 'neighbours were'}`;
  const asked = of('asked')[0]!;
  return {
    ...first!,
    message: `class ${quoted(label)} has ${range(of('rows'))} rows in ${where}, so ${neighbours} used there instead of ${asked}`,
    numbers: { rows: Math.min(...of('rows')), asked, used: Math.min(...of('used')), groups: all.length },
  };
}

function range(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function inGroups([first, ...others]: readonly Notice[]): Notice {
  const message = first!.message.replace(/^(class .* has [\d,]+ rows?)\b/, '$1 in one group');
  const where = message === first!.message ? ['in one group'] : [];
  if (others.length > 0) where.push(`the like in ${others.length + 1} groups`);
  return { ...first!, message: where.length === 0 ? message : `${message} (${where.join('; ')})` };
}

/** The error of a method that was run on the rows of one group and counts the rows of a class there. */
export function groupError(error: unknown): unknown {
  if (!(error instanceof CounterweightError) || error.code !== 'too-few-rows') return error;
  return new CounterweightError(error.code, `in one of its groups, ${error.message}`, error.details);
}
