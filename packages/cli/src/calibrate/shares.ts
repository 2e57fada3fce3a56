import { type Classes, CounterweightError } from '@counterweight/core';

/**
 * Class shares as the command line writes them: `0.01`, the share of the second of two classes, or `a=0.7,b=0.2,c=0.1` with every
 * class. Shares by class may have any scale. Throws `bad-option`.
 */
export function sharesOf(flag: string, parts: readonly string[], classes: Classes, binary: boolean): Float64Array {
  if (binary && parts.length === 1 && !parts[0]!.includes('=')) {
    const share = Number(parts[0]);
    if (!(share > 0 && share < 1)) {
      throw new CounterweightError(
        'bad-option',
        `${flag} is the share of class ${classes[1]}, a number above 0 and below 1, not ${parts[0]}`,
      );
    }
    return Float64Array.of(1 - share, share);
  }
  const shares = new Float64Array(classes.length).fill(Number.NaN);
  for (const part of parts) {
    const at = part.lastIndexOf('=');
    const code = classes.findIndex((label) => String(label) === part.slice(0, at).trim());
    const share = Number(part.slice(at + 1));
    if (at < 1 || code < 0) {
      throw new CounterweightError(
        'bad-option',
        `${flag} names each class with its share, such as ${classes
          .map((label) => `${label}=${(1 / classes.length).toPrecision(2)}`)
          .slice(0, 3)
          .join(',')}; "${part}" is not of that form or names no class`,
      );
    }
    if (part.slice(at + 1).trim() === '' || !(share > 0 && share < Number.POSITIVE_INFINITY)) {
      throw new CounterweightError(
        'bad-option',
        `${flag}: the share of class ${classes[code]} must be a number above 0`,
        {
          class: classes[code]!,
        },
      );
    }
    shares[code] = share;
  }
  const lacking = shares.findIndex((share) => Number.isNaN(share));
  if (lacking >= 0) {
    throw new CounterweightError('bad-option', `${flag} leaves out the class ${classes[lacking]}`, {
      class: classes[lacking]!,
    });
  }
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
