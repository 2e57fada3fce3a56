import { requireLength, requireProbabilities, requireWeights } from './checks.ts';
import { normalCdf } from './distributions.ts';
import type { ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

export interface SpiegelhalterTest {
  readonly z: number;
  /** Two-sided: probabilities too extreme and too timid both count against calibration. */
  readonly pValue: number;
}

/**
 * Spiegelhalter's test (1986) of "every probability is right", z = Σ (y - p)(1 - 2p) / sqrt(Σ (1 - 2p)² p (1 - p)),
 * standard normal if it is; the p-value is 2 (1 - Φ(|z|)).
 *
 * Weights count copies of rows. Undefined where all probabilities are 0, 0.5 or 1. Throws `bad-scores`, `bad-weights`,
 * `shape-mismatch`.
 */
export function spiegelhalterTest(rows: ScoredRows & UndefinedOption): SpiegelhalterTest {
  const { scores, truth, weights, positive = 1 } = rows;
  requireLength('truth', truth.length, scores.length);
  requireProbabilities('scores', scores);
  requireWeights(weights, scores.length);
  let sum = 0;
  let variance = 0;
  for (let row = 0; row < scores.length; row++) {
    const p = scores[row]!;
    const weight = weights ? weights[row]! : 1;
    sum += weight * ((truth[row] === positive ? 1 : 0) - p) * (1 - 2 * p);
    variance += weight * (1 - 2 * p) ** 2 * p * (1 - p);
  }
  if (variance === 0) return { z: undefinedValue(rows), pValue: undefinedValue(rows) };
  const z = sum / Math.sqrt(variance);
  return { z, pValue: 2 * normalCdf(-Math.abs(z)) };
}
