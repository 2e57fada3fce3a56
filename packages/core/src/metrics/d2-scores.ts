import { matrix } from '../data/matrix.ts';
import { brierScore } from './brier-score.ts';
import { logLoss } from './log-loss.ts';
import type { ClassScoredRows } from './one-vs-rest.ts';
import { requireClassProbabilities } from './probability-losses.ts';
import { ratio, type UndefinedOption } from './undefined-value.ts';

/**
 * Share of the log loss explained: 1 - loss / loss of always giving the class shares of these very rows. 1 is perfect,
 * 0 no better than the shares, negative worse. Undefined where all rows are of one class. Throws as `logLoss`.
 */
export function d2LogLoss(rows: ClassScoredRows & UndefinedOption): number {
  const shares = constantPrediction(rows);
  return explained(logLoss(rows), logLoss({ ...rows, probabilities: shares }), shares.data, rows);
}

/**
 * Share of the Brier score explained, also Brier skill score, as in `d2LogLoss`. Binary or over all classes it is the
 * same for two classes. Throws as `brierScore`.
 */
export function d2Brier(rows: ClassScoredRows & UndefinedOption): number {
  const shares = constantPrediction(rows);
  const loss = brierScore({ ...rows, positive: null });
  return explained(loss, brierScore({ ...rows, positive: null, probabilities: shares }), shares.data, rows);
}

function explained(loss: number, constantLoss: number, shares: Float64Array, options: UndefinedOption): number {
  const oneClass = shares.length === 0 || shares.includes(1) || Number.isNaN(constantLoss);
  return oneClass ? ratio(0, 0, options) : 1 - loss / constantLoss;
}

function constantPrediction(rows: ClassScoredRows) {
  requireClassProbabilities(rows);
  const { probabilities, truth, weights } = rows;
  const { columns } = probabilities;
  const shares = new Float64Array(columns);
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights ? weights[row]! : 1;
    shares[truth[row]!] = shares[truth[row]!]! + weight;
    total += weight;
  }
  for (let label = 0; label < columns; label++) shares[label] = total === 0 ? 0 : shares[label]! / total;
  const data = new Float64Array(truth.length * columns);
  for (let start = 0; start < data.length; start += columns) data.set(shares, start);
  return matrix(data, truth.length, columns);
}
