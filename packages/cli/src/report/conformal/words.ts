import type { NumberFormat } from '../format.ts';
import type { ConformalDocument, JudgedBy, RiskReport } from './document.ts';

const JUDGED_BY: Readonly<Record<JudgedBy, string>> = {
  'own-rows': 'its own rows',
  'all-rows': 'all rows',
  category: 'rows of the category',
  'class-and-category': 'its rows in the category',
  cluster: 'a cluster of classes',
  mixture: 'its own and all rows',
  'similar-classes': 'classes as frequent',
  'every-set': 'nothing: in every set',
};

/** What bounds the sets of a class, for a table. */
export const judgedByText = (by: JudgedBy): string => JUDGED_BY[by];

/** What is promised, in one sentence. */
export function guaranteeSentence(settings: ConformalDocument['settings']): string {
  const { alpha, guarantee, smoothed, exactCoverage, by, tooFew } = settings;
  const percent = Number((100 * alpha).toPrecision(6));
  const rate = smoothed || exactCoverage ? `exactly ${percent} %` : `at most ${percent} %`;
  const like = 'if new rows are like the calibration rows';
  const pooled = tooFew === 'pooled' ? ', but for classes judged by all rows' : '';
  switch (guarantee) {
    case 'marginal':
      return `Promised: ${rate} of all sets miss the true class, ${like}; nothing for a single class.`;
    case 'class':
      return `Promised: ${rate} of the sets of each class miss it, ${like}${pooled}.`;
    case 'category':
      return `Promised: ${rate} of the sets within each category of ${by} miss the true class, ${like}${pooled}.`;
    case 'class-and-category':
      return `Promised: ${rate} of the sets of each class within each category of ${by} miss it, ${like}${pooled}.`;
    default:
      return `Aimed at: ${percent} % of sets missing the true class; no rate is proved for this method.`;
  }
}

const LOSSES: Readonly<Record<RiskReport['loss'], string>> = {
  miscoverage: 'sets that miss the true class',
  'false-negative': 'missed among the rows of the class',
  'false-positive': 'flagged among the other rows',
  'false-discovery': 'wrong among the flagged rows',
};

/** The threshold that keeps a rate, what it promises and what it costs. */
export function riskSentence(risk: RiskReport, format: NumberFormat): string {
  const { loss, level, guarantee, delta, positive, threshold, rows, price } = risk;
  const promise =
    guarantee === 'expectation'
      ? `at most ${format.percent(level)} ${LOSSES[loss]}, on average over calibration sets`
      : `at most ${format.percent(level)} ${LOSSES[loss]}, with confidence ${format.percent(1 - (delta ?? 0))}`;
  if (threshold === null) return `No threshold keeps ${promise}: ${format.count(rows)} rows do not suffice.`;
  const act =
    positive === null
      ? `Take every label with a probability of at least ${format.probability(threshold)}`
      : `Flag ${positive} from a probability of ${format.probability(threshold)}`;
  const cost =
    positive === null ? `${format.number(price, 2)} labels a set` : `${format.percent(price)} of rows are flagged`;
  return `${act}: ${promise} (from ${format.count(rows)} rows; ${format.percent(risk.risk)} in them). ${cost[0]!.toUpperCase()}${cost.slice(1)}.`;
}
