import { accuracy } from './agreement.ts';
import type { Confusion } from './confusion.ts';
import type { UndefinedOption } from './undefined-value.ts';

/** Share of rows predicted wrong: 1 - accuracy. With one label a row it is also the Hamming loss. */
export function zeroOneLoss(confusion: Confusion, options?: UndefinedOption): number {
  const right = accuracy(confusion);
  return Number.isNaN(right) ? accuracy(confusion, options) : 1 - right;
}
