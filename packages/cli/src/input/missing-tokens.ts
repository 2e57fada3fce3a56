/** What counts as a missing cell, beside an empty one and one of spaces only. Compared without surrounding spaces. */
export const defaultMissingTokens: readonly string[] = ['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'];

const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinity = /^[+-]?inf(?:inity)?$/i;
const dateTime = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const timeOfDay = /^\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/;

/** A number in plain or scientific notation with a decimal point. An infinity reads as a number too, and is refused later. */
export function readsAsNumber(text: string): boolean {
  return decimalNumber.test(text) || infinity.test(text);
}

/** `2026-01-31`, with `T` or a space also `2026-01-31 23:59[:59[.999]]`, with or without an offset (`Z`, `+02:00`). */
export function readsAsDateTime(text: string): boolean {
  return dateTime.test(text);
}

/** `23:59:59[.999]`. */
export function readsAsTimeOfDay(text: string): boolean {
  return timeOfDay.test(text);
}

/** The number in a text for which `readsAsNumber` holds. */
export function numberIn(text: string): number {
  if (!infinity.test(text)) return Number(text);
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Milliseconds since 1970 in a text for which `readsAsDateTime` holds; NaN where no such day exists. Without an offset, UTC. */
export function dateTimeIn(text: string): number {
  const [, day = '', time = '00:00', offset = 'Z'] = /^(\S{10})(?:[ T]([\d:.]+)(\S+)?)?$/.exec(text) ?? [];
  const zone = /^[+-]\d{2}$/.test(offset) ? `${offset}:00` : offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const value = Date.parse(`${day}T${time.replace(/(\.\d{3})\d+$/, '$1')}${zone}`);
  // Date.parse turns 31 February into March; the day must survive the round trip.
  const midnight = Date.parse(`${day}T00:00Z`);
  return Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day ? Number.NaN : value;
}

/** Milliseconds since midnight in a text for which `readsAsTimeOfDay` holds; NaN where no such time exists. */
export function timeOfDayIn(text: string): number {
  return dateTimeIn(`1970-01-01 ${text}`);
}
