import type { Notice } from '../runtime/notices.ts';
import type { Stratum } from './evaluate-draws.ts';
import type { PreparedModel } from './evaluate-model.ts';
import type { ModelEvaluation, ScoreEvaluation } from './evaluate-result.ts';

/** Rows of a class below which intervals are wide and their level is rough. */
const fewRows = 10;

/** What is to be known of the rows and of how intervals were made. */
export function rowNotices(
  { positives, negatives, rows }: ScoreEvaluation['data'],
  strata: readonly Stratum[],
  models: readonly PreparedModel[],
): Notice[] {
  const notices: Notice[] = [];
  const fewest = Math.min(positives, negatives);
  if (fewest < fewRows) {
    const one = fewest <= 1;
    notices.push({
      code: 'few-rows',
      severity: 'warning',
      message: one
        ? 'one class has a single row: the bootstrap cannot vary it, so its intervals are left out, and nothing firm can be said'
        : `one class has ${fewest} rows only: intervals are wide and hold their level roughly`,
      numbers: { rows: fewest },
    });
  }
  const merged = models.some(({ floors, summary }) => floors.length < summary.distinct);
  if (merged || strata.some(({ kept }) => kept > 0)) {
    notices.push({
      code: 'bootstrap-thinned',
      severity: 'info',
      message: `${rows} rows: replicates of the bootstrap see groups of neighbouring scores and draw at most 20,000 rows of a class, brought to the spread of all; the values themselves are exact`,
      numbers: { rows },
    });
  }
  return notices;
}

/** What is to be known of one model. */
export function modelNotices(
  { name, scores, deLong, ranking }: ModelEvaluation,
  asked: { readonly costs: boolean; readonly several: boolean },
): Notice[] {
  const notices: Notice[] = [];
  const of = asked.several ? ` of "${name}"` : '';
  if (!scores.probabilities) {
    notices.push({
      code: 'not-probabilities',
      severity: 'warning',
      column: name,
      message: `the scores${of} lie between ${short(scores.lowest)} and ${short(scores.highest)}, so they are no probabilities: Brier score, log loss, calibration, net benefit${asked.costs ? ', the threshold from costs' : ''} and the threshold 0.5 are left out`,
      numbers: { lowest: scores.lowest, highest: scores.highest },
    });
  }
  if (scores.distinct === 1) {
    notices.push({
      code: 'constant-scores',
      severity: 'warning',
      column: name,
      message: `the scores${of} are all ${short(scores.highest)}: they tell no row from another`,
      numbers: { score: scores.highest },
    });
  }
  if (ranking['rocAuc']?.value === 1) {
    notices.push({
      code: 'perfect-ranking',
      severity: 'warning',
      column: name,
      message: `the scores${of} part the classes without a mistake: look for a leak; bootstrap intervals have no width here, the exact one of the ROC-AUC does`,
    });
  }
  if (deLong.high !== null && deLong.high < 0.5) {
    notices.push({
      code: 'worse-than-chance',
      severity: 'warning',
      column: name,
      message: `the scores${of} rank worse than chance: perhaps they speak of the other class (name the class by the option positive)`,
      numbers: { rocAuc: deLong.value ?? 0, high: deLong.high },
    });
  }
  return notices;
}

const short = (value: number) => String(Number(value.toPrecision(4)));
