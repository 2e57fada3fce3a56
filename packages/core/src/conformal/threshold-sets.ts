import type { Matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';
import { type CalibrationScores, randomnessFor, requireClassProbabilities, visitScores } from './calibration-scores.ts';
import { type PredictionSets, predictionSets } from './prediction-sets.ts';
import type { ConformalSetOptions } from './predictor.ts';

/** The labels whose score is at most the threshold of their class. */
export function setsByThreshold(
  calibration: CalibrationScores,
  thresholds: Float64Array,
  probabilities: Matrix,
  options: ConformalSetOptions,
  notices: readonly Notice[],
): PredictionSets {
  const { classes, score, seed } = calibration;
  requireClassProbabilities(probabilities, classes);
  const u = randomnessFor(score, probabilities, seed, options.u);
  const columns = classes.length;
  const members = new Uint8Array(probabilities.rows * columns);
  visitScores(score, probabilities, u, (scores, begin, end) => {
    for (let row = begin, from = 0; row < end; row++) {
      for (let label = 0; label < columns; label++, from++) {
        if (scores[from]! <= thresholds[label]!) members[row * columns + label] = 1;
      }
    }
  });
  return predictionSets(members, classes, options.alpha, notices);
}
