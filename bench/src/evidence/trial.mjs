import * as core from '@counterweight/core';
import { drawRows, logit } from './population.mjs';

export const methods = ['none', 'random-under', 'random-over', 'smote', 'class-weight'];
export const calibrations = ['raw', 'prior-corrected', 'platt', 'isotonic', 'venn-abers'];
export const thresholds = ['half', 'cost', 'tuned'];

/** Costs under which flagging nobody and flagging everybody are equally bad, so that the cost threshold is the share. */
const costsFor = (eventFraction) =>
  core.binaryCosts({ falseNegative: (1 - eventFraction) / eventFraction, falsePositive: 1 });

/** One draw of everything: a logistic regression without penalty a method, its probabilities in five forms, measured. */
export async function oneTrial({ seed, eventFraction, sizes }) {
  const stream = core.randomStream(seed, 'evidence', eventFraction);
  const train = drawRows(sizes.train, eventFraction, stream.child('train'));
  const heldOut = drawRows(sizes.heldOut, eventFraction, stream.child('held out'));
  const test = drawRows(sizes.test, eventFraction, stream.child('test'));
  const outcomes = [];
  for (const method of methods) {
    const { data, seenShares } = await core.treatmentNamed(method).treat(train, seed);
    const model = await core.logisticRegression({ C: Number.POSITIVE_INFINITY }).fit(data);
    const trueShares = Float64Array.from(core.classCounts(train.y));
    const correction = core.priorCorrection({ trueShares, seenShares });
    const scores = { heldOut: await model.predictProba(heldOut.X), test: await model.predictProba(test.X) };
    const forms = await calibrated(scores, heldOut.y, correction);
    const forEach = Object.entries(forms).map(([name, pair]) => [
      name,
      measured(pair, heldOut.y.codes, test.y.codes, eventFraction),
    ]);
    outcomes.push({
      method,
      seenShift: logit(trueShares[1] / sizes.train) - logit(seenShares[1]),
      logOdds: [...model.coefficients.data, model.intercepts[0]],
      ranking: core.rocAucInterval({ scores: positiveColumn(scores.test), truth: test.y.codes }),
      forms: Object.fromEntries(forEach),
    });
  }
  return outcomes;
}

/** Probabilities of the held-out and the test rows: as the model says, corrected, and recalibrated on the held-out rows. */
async function calibrated(scores, y, correction) {
  const both = (apply) => ({ heldOut: apply(scores.heldOut), test: apply(scores.test) });
  const forms = { raw: scores, 'prior-corrected': both(correction.apply) };
  for (const name of calibrations.slice(2)) {
    const calibration = await core.calibratorByName(name).create().fit(scores.heldOut, y);
    forms[name] = both(calibration.apply);
  }
  return forms;
}

export function positiveColumn({ data, rows }) {
  return Float64Array.from({ length: rows }, (_, row) => data[2 * row + 1]);
}

function measured(probabilities, heldOutTruth, truth, eventFraction) {
  const costs = costsFor(eventFraction);
  const scores = positiveColumn(probabilities.test);
  const ranked = core.rankScores({ scores, truth });
  const regression = core.calibrationRegression({ scores, truth });
  const atCost = core.costThreshold(costs);
  const chosen = {
    half: 0.5,
    cost: atCost,
    tuned: core.bestThreshold({
      scores: positiveColumn(probabilities.heldOut),
      truth: heldOutTruth,
      objective: ({ fp, fn }) => -(fn * costs[0][1] + fp * costs[1][0]),
    }).threshold,
  };
  const costAt = (threshold) => {
    const confusion = core.confusionMatrix(truth, core.thresholdDecisions(scores, threshold), 2);
    return core.expectedCost(confusion, costs) / (1 - eventFraction);
  };
  return {
    rocAuc: core.rocAucOfRanked(ranked),
    averagePrecision: core.averagePrecisionOfRanked(ranked),
    brierScore: core.brierScore({ probabilities: probabilities.test, truth, positive: 1 }),
    calibrationInTheLarge: regression.calibrationInTheLarge,
    slope: regression.slope,
    expectedCalibrationError: core.calibrationError({ scores, truth, preset: 'guo' }).expected,
    netBenefit: core.decisionCurve({ scores, truth, thresholds: [atCost] }).standardised[0],
    ...Object.fromEntries(thresholds.map((name) => [`${name}Cost`, costAt(chosen[name])])),
  };
}
