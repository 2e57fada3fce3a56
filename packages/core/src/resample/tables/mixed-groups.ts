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
      `${mixed} of ${made} new rows have parents of two groups and count as of their base's group, so they tell of rows in ` +
      'another one: withinGroups keeps both parents in one',
    numbers: { mixed, made },
  };
}
