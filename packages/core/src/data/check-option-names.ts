import { CounterweightError } from '../runtime/errors.ts';
import { described } from './described.ts';
import { nearestName } from './nearest-name.ts';

/** Throws `bad-option` unless the options are an object, for makers that read some before their names are checked. */
export function requireOptions(maker: string, options: unknown): asserts options is object {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
  throw new CounterweightError('bad-option', `the options of ${maker} must be an object, got ${described(options)}`);
}

/**
 * Throws `bad-option` unless the options are an object, and for a name that `maker` has not, with the one that was probably
 * meant: a misspelt option must not pass for its default.
 */
export function checkOptionNames(maker: string, options: unknown, known: readonly string[]): asserts options is object {
  requireOptions(maker, options);
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    const near = nearestName(option, known);
    const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
    const has = known.length === 0 ? 'none' : known.join(', ');
    throw new CounterweightError('bad-option', `${maker} has no option "${option}"${meant}; it has ${has}`, {
      option,
      known,
    });
  }
}
