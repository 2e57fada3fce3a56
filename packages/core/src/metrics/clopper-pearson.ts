import { CounterweightError } from '../runtime/errors.ts';
import { betaQuantile } from './beta-quantile.ts';
import { type Interval, requireLevel } from './intervals.ts';

/**
 * Clopper and Pearson's exact interval of a share (1934): covers at least at its level whatever the share, so it is wider
 * than `wilsonInterval`. NaN without trials. Throws `bad-option` for counts or levels that cannot be.
 */
export function clopperPearsonInterval(successes: number, trials: number, level = 0.95): Interval {
  requireCounts(successes, trials, level);
  if (trials === 0) return { low: Number.NaN, high: Number.NaN };
  const tail = (1 - level) / 2;
  return { low: lowerEnd(successes, trials, tail), high: 1 - lowerEnd(trials - successes, trials, tail) };
}

/** The exact one-sided bound: with this confidence the share is at least so much. 0 without trials. */
export function clopperPearsonLowerBound(successes: number, trials: number, confidence = 0.95): number {
  requireCounts(successes, trials, confidence);
  return lowerEnd(successes, trials, 1 - confidence);
}

function lowerEnd(successes: number, trials: number, tail: number): number {
  if (successes === 0) return 0;
  return successes === trials ? tail ** (1 / trials) : betaQuantile(tail, successes, trials - successes + 1);
}

function requireCounts(successes: number, trials: number, level: number): void {
  requireLevel(level);
  if (!(successes >= 0 && successes <= trials && Number.isFinite(trials))) {
    throw new CounterweightError(
      'bad-option',
      `successes must lie between 0 and trials, got ${successes} of ${trials}`,
    );
  }
}
