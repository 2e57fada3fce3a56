/** What JSON cannot say is written as Python's side writes it. */
export function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  if (Number.isNaN(value)) return 'nan';
  return value;
}

export function isEqual(a, b, tolerance = 1e-9) {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => isEqual(one, b[i], tolerance));
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance;
  // Python's minus infinity and the like are words by now; 1 and true are not the same answer.
  return a === b;
}

/** `right`, `wrong`, `no answer`, or `` where there is nothing to be right about. */
export function verdictOn(given, { same, tolerance }, truth) {
  if (given === null) return '';
  if (given.error !== undefined) return 'no answer';
  if (same === 'anything') return '';
  if (same === 'each other') return isEqual(given.answer[0], given.answer[1], tolerance) ? 'right' : 'wrong';
  return isEqual(given.answer, truth, tolerance) ? 'right' : 'wrong';
}
