import { counted } from '../../data/quoted.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { Provenance } from '../resampler.ts';

/** The notice for new rows whose parents are of two groups. */
export function mixedGroups(groups: Int32Array | undefined, { source, base, neighbour }: Provenance): Notice[] {
  if (!groups) return [];
  let made = 0;
  let mixed = 0;
  for (let row = 0; row < source.length; row++) {
    if (source[row]! >= 0) continue;
    made++;
    if (neighbour[row]! >= 0 && groups[base[row]!] !== groups[neighbour[row]!]) mixed++;
  }
  return mixed === 0 ? [] : [mixedGroupsNotice(mixed, made)];
}

/** Of `made` new rows `mixed` stem from rows of several groups. */
export function mixedGroupsNotice(mixed: number, made: number): Notice {
  return {
    code: 'groups-mixed',
    severity: 'warning',
    message:
      `${mixed} of ${counted(made, 'new row')} ${mixed === 1 ? 'has' : 'have'} parents of two groups and ${mixed === 1 ? 'counts' : 'count'} as of the base's group, so ` +
      'what is known of one group is told in another: withinGroups keeps both parents in one',
    numbers: { mixed, made },
  };
}
