import {
  type Calibrator,
  type Classes,
  CounterweightError,
  calibratorByName,
  calibrators,
  priorCalibrator,
  vennAbersCalibrator,
} from '@counterweight/core';
import type { FitRows } from './fit-rows.ts';
import type { FitRequest } from './request.ts';
import { sharesOf } from './shares.ts';

/** The calibrators that a request asks for. Throws `needs-probabilities` for one that the scores do not suit. */
export function calibratorsOf(request: FitRequest, { input, labels, columns, scores }: FitRows): Calibrator[] {
  const names = request.methods === 'all' ? everyMethod(request, input === 'scores') : request.methods;
  const { classes } = labels;
  return names.map((name) => {
    const takesScores = name !== 'prior' && calibratorByName(name).takesScores;
    if (input === 'scores' && !takesScores) throw needsProbabilities(name, columns[0]!, scores.data);
    if (name === 'prior') {
      return priorCalibrator({ seenShares: seenShares(request, classes) });
    }
    if (name === 'venn-abers' && request.multiClass !== undefined && classes.length > 2) {
      return vennAbersCalibrator({ input, multiClass: request.multiClass });
    }
    return calibratorByName(name).create({ input });
  });
}

/** Shares that the learner saw, by `--trained-on`. */
export function seenShares(request: FitRequest, classes: Classes): Float64Array {
  return sharesOf('--trained-on', request.trainedOn ?? [], classes, request.binary);
}

/** All that the scores suit; the prior correction where it is known what the learner saw. */
function everyMethod(request: FitRequest, scoresOnly: boolean): string[] {
  const fitting = calibrators.filter(({ takesScores }) => takesScores || !scoresOnly).map(({ name }) => name);
  return request.trainedOn === undefined || scoresOnly ? fitting : [...fitting, 'prior'];
}

function needsProbabilities(name: string, column: string, values: Float64Array): CounterweightError {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const others = calibrators.filter(({ takesScores }) => takesScores).map((entry) => entry.name);
  const range = `${Number(least.toPrecision(4))} to ${Number(most.toPrecision(4))}`;
  return new CounterweightError(
    'needs-probabilities',
    `${name} needs probabilities, but column "${column}" is taken as plain scores (${range}); methods for such scores are ${others.join(', ')}`,
    { column, method: name },
  );
}
