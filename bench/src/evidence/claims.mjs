import { meanOf, median } from '../lib/numbers.mjs';
import { logit, predictors, trueLogOdds } from './population.mjs';

export const deviation = (values) => {
  const centre = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
};

/** Standard errors of a mean that are allowed: some thirty true claims all pass in 99.8 of 100 runs. */
const allowedErrors = 4;

/** SMOTE learns from segments between neighbours, so for it the closed form is only near: this share of the logit. */
const smoteAllowance = 0.03;

/** What must hold of one method at one event fraction; `untreated` are the same repetitions without treatment. */
export function claimsOf({ method, eventFraction, outcomes, untreated, probe }) {
  const before = outcomes.map(({ forms }) => forms.raw.calibrationInTheLarge);
  const after = outcomes.map(({ forms }) => forms['prior-corrected'].calibrationInTheLarge);
  const truth = logit(eventFraction);
  const inherent = fewRows(outcomes, eventFraction, probe) + (method === 'smote' ? smoteAllowance * -truth : 0);
  const near = (values) => inherent + (allowedErrors * deviation(values)) / Math.sqrt(values.length);
  const corrected = { what: 'CITL after correction = 0', found: meanOf(after), expected: 0, tolerance: near(after) };
  if (method === 'none') return judged([corrected]);
  const [low, high] = ['low', 'high'].map((end) => median(untreated.map(({ ranking }) => ranking[end])));
  const moves = outcomes.map(({ seenShift }, i) => Math.abs(before[i] - after[i] - seenShift));
  return judged([
    { what: 'CITL before = logit(prevalence)', found: meanOf(before), expected: truth, tolerance: near(before) },
    corrected,
    { what: 'the correction moves CITL by exactly that', found: Math.max(...moves), expected: 0, tolerance: 1e-9 },
    {
      what: 'ROC-AUC in the interval of none',
      found: median(outcomes.map(({ ranking }) => ranking.value)),
      expected: (low + high) / 2,
      tolerance: (high - low) / 2,
    },
  ]);
}

const judged = (claims) =>
  claims.map((one) => ({ ...one, holds: Math.abs(one.found - one.expected) <= one.tolerance }));

/**
 * The closed form is that of many rows. Log-odds that err by e move calibration in the large by a term of the size
 * E[|v'| e²] / 2 E[v], where v = p(1 - p) and v' is its derivative in the log-odds; told from the fitted coefficients.
 */
function fewRows(outcomes, eventFraction, { data, rows }) {
  const truth = trueLogOdds(eventFraction);
  const errors = outcomes.map(({ logOdds, seenShift }) =>
    logOdds.map((value, j) => value + (j === predictors ? seenShift : 0) - truth[j]),
  );
  let curved = 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const x = data.subarray(row * predictors, (row + 1) * predictors);
    const p = 1 / (1 + Math.exp(-logOddsAt(truth, x)));
    curved += p * (1 - p) * Math.abs(1 - 2 * p) * meanOf(errors.map((one) => logOddsAt(one, x) ** 2));
    total += p * (1 - p);
  }
  return curved / (2 * total);
}

const logOddsAt = (coefficients, x) => x.reduce((sum, value, j) => sum + coefficients[j] * value, coefficients.at(-1));
