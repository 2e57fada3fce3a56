import { CounterweightError, createTableResampler, type Notice, tableResamplers } from '@counterweight/core';
import type { ResampleRequest } from './request.ts';

const groupOptions = [
  ['wholeGroups', 'whole-groups'],
  ['withinGroups', 'within-groups'],
] as const;

/** Throws `no-groups` where an option is about groups and no column says what they are. */
export function requireGroupColumn({ options, group }: ResampleRequest): void {
  if (group !== undefined) return;
  for (const [key, word] of groupOptions) {
    if (options[key] !== true) continue;
    throw new CounterweightError(
      'no-groups',
      `--option ${word}=true needs --group COLUMN, the column of what belongs together`,
    );
  }
}

/** A notice where groups are given and the method, as it is asked, chooses its rows without them. */
export function unusedGroups({ method, options, group }: ResampleRequest): Notice[] {
  if (group === undefined || groupOptions.some(([key]) => options[key] === true)) return [];
  const why = reasonOf(method, Boolean(options['shrinkage']));
  if (why === null) return [];
  return [
    {
      code: 'groups-not-used',
      severity: 'warning',
      message: `--group had no part in which rows ${why}`,
      column: group,
    },
  ];
}

/** Null for methods that make rows: a notice of the library says how many of these have parents of two groups. */
function reasonOf(method: string, smooths: boolean): string | null {
  const entry = tableResamplers.get(method);
  if (entry?.makes === 'copies' && entry.samplingType === 'over-sampling') {
    return smooths ? null : 'were copied: a copy is of the group of its row';
  }
  return keepsGroupsWhole(method) ? 'went: --option whole-groups=true lets those of a group stay or go together' : null;
}

function keepsGroupsWhole(method: string): boolean {
  try {
    createTableResampler(method, { wholeGroups: true });
    return true;
  } catch {
    return false;
  }
}
