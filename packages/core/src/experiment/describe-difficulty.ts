import type { Labels } from '../data/index.ts';
import type { BayesImbalanceImpact, ClassMeasure, Difficulty } from '../measure/index.ts';
import { normalQuantile } from '../metrics/index.ts';
import { randomStream } from '../runtime/random.ts';
import { describeNeighbourhoods, type LookedAt, lookedAtRows, shareEstimates } from './describe-neighbourhoods.ts';
import type { DifficultySummary, MeasureName, MeasureSummary } from './diagnosis.ts';
import type { Estimate } from './result.ts';

const REPLICATES = 1000;
/** From so many rows on the mean is normal for all that matters. */
const MOST_BOOTSTRAP_ROWS = 5000;

/** All measures as plain data; row i of `y` is row `inputRow[i]` of the input. */
export function describeDifficulty(request: {
  readonly found: Difficulty;
  readonly y: Labels;
  readonly inputRow: Int32Array;
  readonly features: number;
  readonly seed: number;
}): DifficultySummary {
  const { found, y, inputRow, features, seed } = request;
  const { neighbourhood } = found;
  return {
    ...describeNeighbourhoods({ found: neighbourhood, y, inputRow, features }),
    bayesImpact: describeImpact(neighbourhood.bayesImpact, seed),
    measures: [...neighbourhoodMeasures(found, lookedAtRows(y, neighbourhood.rows)), ...otherMeasures(found)],
  };
}

function neighbourhoodMeasures({ neighbourhood, border, rows }: Difficulty, lookedAt: LookedAt): MeasureSummary[] {
  const { disagreement, rValue } = neighbourhood;
  const share = (name: MeasureName, measure: ClassMeasure): MeasureSummary => ({
    name,
    group: 'neighbourhood',
    scale: 'share',
    ...shareEstimates(measure, lookedAt),
    rows: rows.neighbourhood,
  });
  return [
    share('kdn', disagreement.kdn),
    share('commonMisclassification', disagreement.commonMisclassification),
    share('degreeOfOverlap', disagreement.degreeOfOverlap),
    share('n3', border.n3),
    share('rValue', rValue),
    {
      name: 'augmentedRValue',
      group: 'neighbourhood',
      scale: 'share',
      estimate: plain(rValue.augmented),
      perClass: rValue.perClass.map(() => null),
      rows: rows.neighbourhood,
    },
    point('d3', 'neighbourhood', 'count', disagreement.denseEnemies, rows.neighbourhood),
  ];
}

function otherMeasures({ overlap, border, linearity, dimensionality, rows }: Difficulty): MeasureSummary[] {
  const { f1, f1v, f2, f3, f4 } = overlap;
  const { n1, n2, n4, t1, lsc } = border;
  const { l1, l2, l3 } = linearity;
  const { t2, t3, t4 } = dimensionality;
  return [
    ...Object.entries({ n1, n2, n4, t1, lsc }).map(([name, measure]) =>
      point(name as MeasureName, 'border', 'share', measure, rows.border),
    ),
    point('f1', 'overlap', 'share', f1, rows.all),
    ...(f1v ? [point('f1v', 'overlap', 'share', f1v, rows.f1v!)] : []),
    point('f2', 'overlap', 'share', f2, rows.all),
    point('f3', 'overlap', 'share', f3, rows.all),
    point('f4', 'overlap', 'share', f4, rows.f4),
    ...Object.entries({ l1, l2, l3 }).map(([name, measure]) =>
      point(name as MeasureName, 'linearity', 'share', measure, rows.linearity),
    ),
    point('t2', 'dimensionality', 'ratio', t2, rows.all),
    point('t3', 'dimensionality', 'ratio', t3, rows.dimensionality),
    point('t4', 'dimensionality', 'share', t4, rows.dimensionality),
  ];
}

function point(
  name: MeasureName,
  group: MeasureSummary['group'],
  scale: MeasureSummary['scale'],
  measure: ClassMeasure,
  rows: number,
): MeasureSummary {
  return {
    name,
    group,
    scale,
    estimate: plain(measure.value),
    perClass: measure.perClass.map((value) => (value === null ? null : plain(value))),
    rows,
  };
}

const plain = (value: number): Estimate => ({ value, low: null, high: null });

/** BI3 with an interval of 95 %: percentiles of the bootstrap over rows, or the normal one where there are many rows. */
function describeImpact(
  { value, minority, perRow }: BayesImbalanceImpact,
  seed: number,
): DifficultySummary['bayesImpact'] {
  return { class: minority, rows: perRow.length, ...meanEstimate(value, perRow, seed) };
}

function meanEstimate(value: number, values: Float64Array, seed: number): Estimate {
  const count = values.length;
  if (count < 2) return plain(value);
  if (count > MOST_BOOTSTRAP_ROWS) {
    const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
    const half = normalQuantile(0.975) * Math.sqrt(squares / (count - 1) / count);
    return { value, low: value - half, high: value + half };
  }
  const stream = randomStream(seed, 'mean impact');
  const means = new Float64Array(REPLICATES);
  for (let r = 0; r < REPLICATES; r++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[stream.integer(count)]!;
    means[r] = sum / count;
  }
  means.sort();
  return {
    value,
    low: means[Math.round(0.025 * (REPLICATES - 1))]!,
    high: means[Math.round(0.975 * (REPLICATES - 1))]!,
  };
}
