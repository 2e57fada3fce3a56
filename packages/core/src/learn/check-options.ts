import { CounterweightError } from '../runtime/errors.ts';

/** Throws `bad-option` for a name that the learner does not know: a misspelt option must not pass for its default. */
export function checkOptionNames(learner: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new CounterweightError('bad-option', `${learner} has no option "${name}"; it has ${known.join(', ')}`);
  }
}

/** Throws `bad-option` unless the value is finite and at least `least` (`above`: larger than it). */
export function checkNumber(name: string, value: number, least: number, above = false): void {
  if (Number.isFinite(value) && (above ? value > least : value >= least)) return;
  throw new CounterweightError(
    'bad-option',
    `${name} must be a finite number ${above ? 'above' : 'of at least'} ${least}, got ${String(value)}`,
  );
}
