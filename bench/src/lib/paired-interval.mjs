import * as core from '@counterweight/core';

/**
 * Mean of the differences between two contenders over repeated random splits, with its 95 % interval by the corrected t of
 * Nadeau and Bengio, since the splits share rows. `null` for fewer than two differences.
 */
export function pairedInterval(differences, testPerTraining) {
  if (differences.length < 2) return null;
  const { mean, low, high } = core.correctedInterval({ differences, trainRows: 1, testRows: testPerTraining });
  return { mean, low, high };
}
