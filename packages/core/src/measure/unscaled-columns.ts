import type { Notice } from '../runtime/notices.ts';
import { type DifficultyInput, denseValues } from './difficulty-input.ts';

/** Beyond this ratio of standard deviations the narrower of two columns hardly counts in a distance. */
const MOST_RATIO = 100;

/** The notice `unscaled-columns` if columns differ so much in spread that distances hear only the widest of them. */
export function unscaledColumns({ X }: DifficultyInput): readonly Notice[] {
  const values = denseValues(X);
  let narrow = Number.POSITIVE_INFINITY;
  let wide = 0;
  for (let f = 0; f < X.columns; f++) {
    const spread = spreadOf(values, X.columns, f);
    if (spread === 0) continue;
    narrow = Math.min(narrow, spread);
    wide = Math.max(wide, spread);
  }
  if (wide <= MOST_RATIO * narrow) return [];
  const ratio = Math.min(wide / narrow, Number.MAX_VALUE);
  const message =
    `the widest column has ${ratio.toPrecision(2)} times the standard deviation of the narrowest, so distances hardly ` +
    'depend on the latter; standardise the columns first unless they share a unit';
  return [{ code: 'unscaled-columns', severity: 'warning', message, numbers: { ratio } }];
}

/** Standard deviation; 0 for columns of at most two values, whose spread says how common the rarer one is. */
function spreadOf(values: Float64Array, columns: number, f: number): number {
  const first = values[f]!;
  let second = first;
  let more = false;
  let sum = 0;
  let squares = 0;
  const rows = values.length / columns;
  for (let at = f; at < values.length; at += columns) {
    const value = values[at]!;
    if (value !== first) {
      if (second === first) second = value;
      else if (value !== second) more = true;
    }
    sum += value - first;
    squares += (value - first) ** 2;
  }
  return more ? Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2)) : 0;
}
