import { CounterweightError } from '../runtime/errors.ts';

/** Throws `bad-option` unless the value is finite and at least `least` (`above`: larger than it). */
export function checkNumber(name: string, value: number, least: number, above = false): void {
  if (Number.isFinite(value) && (above ? value > least : value >= least)) return;
  throw new CounterweightError(
    'bad-option',
    `${name} must be a finite number ${above ? 'above' : 'of at least'} ${least}, got ${String(value)}`,
  );
}
