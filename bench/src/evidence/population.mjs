import * as core from '@counterweight/core';

export const predictors = 6;
export const oracleRocAuc = 0.75;

/**
 * Where the positive rows lie: both classes are unit Gaussians, their means this far apart in every predictor, so that the
 * true model ranks with `oracleRocAuc` and its log-odds are linear, whatever the event fraction.
 */
export const shift = (Math.SQRT2 * core.normalQuantile(oracleRocAuc)) / Math.sqrt(predictors);

/** Labels by chance, then predictors given the label. */
export function drawRows(rows, eventFraction, stream) {
  const codes = new Int32Array(rows);
  const data = new Float64Array(rows * predictors);
  for (let row = 0; row < rows; row++) {
    codes[row] = Number(stream.uniform() < eventFraction);
    for (let j = 0; j < predictors; j++) data[row * predictors + j] = codes[row] * shift + stream.normal();
  }
  return { X: core.matrix(data, rows, predictors), y: { codes, classes: [0, 1] } };
}

/** Coefficients of the true log-odds, the intercept last. */
export function trueLogOdds(eventFraction) {
  const slopes = new Array(predictors).fill(shift);
  return [...slopes, Math.log(eventFraction / (1 - eventFraction)) - (predictors * shift * shift) / 2];
}

export const logit = (p) => Math.log(p / (1 - p));
