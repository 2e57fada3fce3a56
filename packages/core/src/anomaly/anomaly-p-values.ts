import { CounterweightError } from '../runtime/errors.ts';
import { requireScoreList } from './check-use.ts';

/**
 * Conformal p-values of scores: (1 + number of calibration scores at least as large) / (n + 1), in the order of `scores`.
 *
 * Where the calibration rows were not fitted and a new row is drawn as they were, P(p <= a) <= a for every a, whatever the detector
 * (Laxhammar and Falkman 2010; Bates et al., Annals of Statistics 51, 2023). Throws `bad-scores`, `too-few-rows`.
 */
export function anomalyPValues(calibrationScores: Float64Array, scores: Float64Array): Float64Array {
  const sorted = sortedScores(calibrationScores);
  requireScoreList('scores', scores);
  const n = sorted.length;
  return scores.map((score, row) => {
    if (Number.isNaN(score)) throw badScore('scores', row, score);
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < score) low = middle + 1;
      else high = middle;
    }
    return (1 + n - low) / (n + 1);
  });
}

/** Ascending copy. Throws `bad-scores`, `too-few-rows`. */
export function sortedScores(calibrationScores: Float64Array): Float64Array {
  requireScoreList('calibration scores', calibrationScores);
  if (calibrationScores.length === 0) {
    throw new CounterweightError('too-few-rows', 'a conformal p-value needs at least one calibration score');
  }
  const wrong = calibrationScores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0) throw badScore('calibration scores', wrong, calibrationScores[wrong]!);
  return calibrationScores.slice().sort();
}

function badScore(what: string, row: number, score: number): CounterweightError {
  return new CounterweightError('bad-scores', `${what}: row ${row} is ${score}`, { row });
}
