import { CounterweightError } from '../runtime/errors.ts';

/** Throws `bad-option` unless nu is above 0 and at most 1. */
export function checkNu(nu: number): void {
  if (nu > 0 && nu <= 1) return;
  throw new CounterweightError('bad-option', `nu must be above 0 and at most 1, got ${String(nu)}`);
}
