import type { DatePart } from './plan.ts';

const DAY = 86_400_000;
const CYCLE: Readonly<Record<DatePart, number>> = { month: 12, weekday: 7, hour: 24 };

/** Place of a time in its cycle, in UTC: month 0 to 11, weekday 0 (Sunday) to 6, hour 0 to 23. Arithmetic only, so any finite time works. */
export function datePart(part: DatePart, time: number): number {
  switch (part) {
    case 'month':
      return monthOf(Math.floor(time / DAY));
    case 'weekday':
      return modulo(Math.floor(time / DAY) + 4, 7);
    case 'hour':
      return modulo(Math.floor(time / 3_600_000), 24);
  }
}

/** Sine or cosine of the place in the cycle; 0 for a missing time. */
export function cyclicValues(
  part: DatePart,
  wave: 'sine' | 'cosine',
  times: Float64Array,
  rows: Int32Array,
): Float64Array {
  const length = CYCLE[part];
  const table = Float64Array.from({ length }, (_, place) => {
    const angle = (2 * Math.PI * place) / length;
    return wave === 'sine' ? Math.sin(angle) : Math.cos(angle);
  });
  return Float64Array.from(rows, (row) => {
    const time = times[row]!;
    return !Number.isNaN(time) ? table[datePart(part, time)]! : 0;
  });
}

/** Whether the part takes two values among the given rows. */
export function partVaries(part: DatePart, times: Float64Array, rows: Int32Array): boolean {
  let first = -1;
  for (const row of rows) {
    const time = times[row]!;
    if (Number.isNaN(time)) continue;
    const place = datePart(part, time);
    if (first < 0) first = place;
    else if (place !== first) return true;
  }
  return false;
}

/** Month of a day counted from 1970-01-01, by the proleptic Gregorian calendar: years are counted from 1 March. */
function monthOf(day: number): number {
  const ofEra = modulo(day + 719_468, 146_097);
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  return (Math.floor((5 * ofYear + 2) / 153) + 2) % 12;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
