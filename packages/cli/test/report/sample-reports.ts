import type { Notice } from '@counterweight/core';
import type {
  CalibrationReport,
  ColumnSummary,
  DecisionReport,
  Estimate,
  HeldOut,
  MetricSet,
  ReliabilityCurve,
  RunReport,
  StrategyReport,
} from '../../src/report/run-report.ts';

/** Reports as `run` would write them, from simulated scores, so that curves, counts and calibration belong together. */

/** Reports are never changed, so each is made once. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Park and Miller's generator: any fixed stream will do here. */
function stream(seed: number) {
  let state = seed;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const estimate = (value: number, half: number): Estimate => ({ value, low: value - half, high: value + half });

interface Scored {
  readonly y: boolean[];
  readonly p: number[];
}

/** Two normal classes `gap` apart: the log-odds are linear, so the returned probabilities are the true ones. */
export function simulate(rows: number, prevalence: number, gap: number, seed: number): Scored {
  const { uniform, normal } = stream(seed);
  const y: boolean[] = [];
  const p: number[] = [];
  const prior = Math.log(prevalence / (1 - prevalence));
  for (let i = 0; i < rows; i++) {
    const positive = uniform() < prevalence;
    const x = normal() + (positive ? gap : 0);
    y.push(positive);
    p.push(sigmoid(prior + gap * x - (gap * gap) / 2));
  }
  return { y, p };
}

interface Counts {
  readonly threshold: number;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

const sweeps = new WeakMap<Scored, Counts[]>();

function fullSweep(scored: Scored): Counts[] {
  const known = sweeps.get(scored) ?? sweep(scored);
  sweeps.set(scored, known);
  return known;
}

function sweep({ y, p }: Scored): Counts[] {
  const order = p.map((_, i) => i).sort((a, b) => p[b]! - p[a]!);
  const positives = y.filter(Boolean).length;
  let tp = 0;
  let fp = 0;
  return order.map((i) => {
    if (y[i]) tp += 1;
    else fp += 1;
    return { threshold: p[i]!, tp, fp, fn: positives - tp, tn: y.length - positives - fp };
  });
}

/** Half of the points evenly by rank, half evenly on a log scale of the rank: with a rare class all that matters is at the top. */
function thin<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  const last = points.length - 1;
  const kept = new Set<number>();
  for (let k = 0; k < most / 2; k++) {
    const share = k / (most / 2 - 1);
    kept.add(Math.round(share * last)).add(Math.round(points.length ** share) - 1);
  }
  return [...kept].sort((i, j) => i - j).map((i) => points[i]!);
}

function atThreshold(sweep: readonly Counts[], threshold: number): Counts {
  return sweep.filter((point) => point.threshold >= threshold).at(-1) ?? sweep[0]!;
}

const ratio = (a: number, b: number) => (b === 0 ? null : a / b);

function decisionMetrics({ tp, fp, fn, tn }: Counts, half: number): MetricSet {
  const values: Record<string, number | null> = {
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, tp + fn),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    f2: ratio(5 * tp, 5 * tp + fp + 4 * fn),
    specificity: ratio(tn, tn + fp),
    accuracy: ratio(tp + tn, tp + fp + fn + tn),
    balancedAccuracy: (tp / (tp + fn) + tn / (tn + fp)) / 2,
    matthewsCorrcoef: ratio(tp * tn - fp * fn, Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
    cohenKappa: 0.42,
    geometricMean: Math.sqrt((tp / (tp + fn)) * (tn / (tn + fp))),
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      value === null ? { value: null, low: null, high: null } : estimate(value, half),
    ]),
  );
}

export function reliability({ y, p }: Scored, bins = 10): ReliabilityCurve {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const observed = mean(y.map(Number));
  return {
    brierScore: mean(p.map((value, i) => (value - Number(y[i])) ** 2)),
    logLoss: mean(p.map((value, i) => -Math.log(y[i] ? value : 1 - value))),
    bias: mean(p) - observed,
    bins: Array.from({ length: bins }, (_, b) => {
      const rows = order.slice(Math.round((b * order.length) / bins), Math.round(((b + 1) * order.length) / bins));
      const share = mean(rows.map((i) => Number(y[i])));
      const n = rows.length;
      const z = 1.96;
      const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
      const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
      return {
        predicted: mean(rows.map((i) => p[i]!)),
        observed: share,
        low: Math.max(0, centre - half),
        high: Math.min(1, centre + half),
        rows: n,
      };
    }),
  };
}

/** The probabilities a learner gives that saw the positives `times` as often. */
const inflate = ({ y, p }: Scored, times: number): Scored => ({
  y,
  p: p.map((value) => (times * value) / (times * value + 1 - value)),
});

function heldOutOf(scored: Scored, strategy: string, labels: readonly [string, string], threshold: number): HeldOut {
  const sweep = fullSweep(scored);
  const chosen = atThreshold(sweep, threshold);
  const positives = scored.y.filter(Boolean).length;
  const negatives = scored.y.length - positives;
  const points = thin(sweep, 400);
  return {
    strategy,
    classes: labels,
    confusion: [
      [chosen.tn, chosen.fp],
      [chosen.fn, chosen.tp],
    ],
    threshold,
    classWeights: null,
    curves: [
      {
        class: labels[1],
        rocAuc: { ...estimate(0.79, 0.02), method: 'delong' },
        precisionRecall: points.map(({ tp, fp }) => ({ x: tp / positives, y: tp / (tp + fp) })),
        roc: [{ x: 0, y: 0 }, ...points.map(({ tp, fp }) => ({ x: fp / negatives, y: tp / positives }))],
        bands: bandsOf(points, positives, negatives),
        chosen: {
          recall: chosen.tp / positives,
          precision: chosen.tp / (chosen.tp + chosen.fp),
          falsePositiveRate: chosen.fp / negatives,
        },
        prevalence: positives / scored.y.length,
      },
    ],
    sweep: points,
    calibration: [{ class: labels[1], before: reliability(inflate(scored, 7.5)), after: reliability(scored) }],
    probabilities: [
      {
        class: labels[1],
        own: judgementOf(reliability(inflate(scored, 7.5))),
        calibrated: judgementOf(reliability(scored)),
        vennAbers: judgementOf(reliability(scored)),
      },
    ],
    comparison: {
      id: 'smote/logistic',
      difference: estimate(0.0021, 0.0048),
      rocAuc: { ...estimate(0.0011, 0.0031), pValue: 0.49 },
    },
    vennAbers: {
      curves: [{ class: labels[1], curve: reliability(scored) }],
      width: { rows: scored.y.length, mean: 0.011, median: 0.007, upperDecile: 0.024 },
      outside: 0.42,
      widthByClass: labels.map((label, i) => ({
        class: label,
        rows: i === 0 ? negatives : positives,
        mean: 0.009 + 0.02 * i,
        median: 0.006 + 0.01 * i,
        upperDecile: 0.02 + 0.05 * i,
      })),
    },
    sets: setsOf(labels, [negatives, positives]),
  };
}

const judgementOf = ({ brierScore, logLoss, bias }: ReliabilityCurve): HeldOut['probabilities'][number]['own'] => ({
  brierScore: estimate(brierScore!, 0.0021),
  logLoss: estimate(logLoss!, 0.0057),
  bias: estimate(bias!, 0.0049),
});

/** As wide as a share of so many rows is uncertain. */
function bandsOf(
  points: readonly Counts[],
  positives: number,
  negatives: number,
): NonNullable<HeldOut['curves'][number]['bands']> {
  const band = (x: number, y: number) => ({ x, y, low: Math.max(0, y - 0.03), high: Math.min(1, y + 0.03) });
  return {
    roc: points.map(({ tp, fp }) => band(fp / negatives, tp / positives)),
    precisionRecall: points.map(({ tp, fp }) => band(tp / positives, tp / (tp + fp))),
  };
}

/** The first class is easy, the second mixed with it. */
const difficultyOf = (classes: readonly { label: string; rows: number }[]): RunReport['difficulty'] => {
  const typesOf = (i: number) => ({
    safe: estimate(i === 0 ? 0.9 : 0.3, 0.02),
    borderline: estimate(i === 0 ? 0.07 : 0.4, 0.02),
    rare: estimate(i === 0 ? 0.02 : 0.2, 0.02),
    outlier: estimate(i === 0 ? 0.01 : 0.1, 0.01),
  });
  return {
    k: 5,
    rows: 33908,
    features: 42,
    lookedAt: 5213,
    types: typesOf(0),
    classes: classes.map(({ label, rows }, i) => ({
      label,
      rows,
      lookedAt: Math.min(rows, 3000),
      types: typesOf(i),
      disjuncts:
        rows > 3
          ? { clusters: 4, largest: [rows - 3, 1, 1, 1], largeClusters: 1, largestShare: 0.99, smallShare: 0.01 }
          : null,
    })),
    noiseSuspects: {
      rows: 1,
      wrongLabel: 1,
      perClass: classes.map((_, i) => Number(i === 0)),
      listed: [
        {
          row: 12,
          class: classes[0]!.label,
          surroundedBy: classes[1]!.label,
          surprise: 11.3,
          verdict: 'wrong-label',
        },
      ],
    },
    nearDuplicates: {
      tolerance: 0.012,
      rows: 1,
      exactRows: 1,
      perClass: classes.map((_, i) => Number(i === 1)),
      listed: [{ row: 5, other: 77, distance: 0, class: classes[1]!.label, otherClass: classes[0]!.label }],
    },
  };
};

const setsOf = (labels: readonly string[], rows: readonly number[]): HeldOut['sets'] => ({
  alpha: 0.1,
  byClass: labels.map((label, i) => ({
    class: label,
    calibrationRows: rows[i]!,
    always: false,
    coverage: estimate(0.9 + 0.004 * i, 0.02),
    observed: 0.9 + 0.003 * i,
    meanSize: 1.2 + 0.3 * i,
  })),
  observed: 0.903,
  meanSize: 1.31,
  singletons: 0.69,
  empty: 0,
  full: 0.31,
});

/** Two-sided, of a normal deviate, to about two digits. */
const pValueOf = (z: number) => Math.min(1, Math.exp(-0.717 * Math.abs(z) - 0.416 * z * z));

interface StrategySketch {
  readonly treatment: string;
  readonly score: number;
  readonly difference: number;
  readonly shift: number;
}

function strategyOf(sketch: StrategySketch, scored: Scored, threshold: number, test: boolean): StrategyReport {
  const sweep = fullSweep(scored);
  const { uniform } = stream(17 + Math.round(sketch.score * 1e6));
  const probability: MetricSet = {
    averagePrecision: estimate(sketch.score, 0.021),
    rocAuc: estimate(0.5 + sketch.score / 1.5, 0.008),
    brierScore: estimate(0.0712 + 0.01 * sketch.score, 0.0021),
    logLoss: estimate(0.2411, 0.0057),
  };
  const decisions: DecisionReport[] = [
    { name: 'half', threshold: 0.5 },
    { name: 'tuned', threshold },
  ].map(({ name, threshold: at }) => ({
    name: name as 'half' | 'tuned',
    threshold: at,
    rawThreshold: (sketch.shift * at) / (sketch.shift * at + 1 - at),
    spread:
      name === 'half' ? null : { mean: at, standardDeviation: 0.018, least: at - 0.02, most: at + 0.03, folds: 10 },
    classWeights: null,
    validation: decisionMetrics(atThreshold(sweep, at), 0.018),
    test: test ? decisionMetrics(atThreshold(sweep, at), 0.031) : null,
  }));
  const tuned = decisions[1]!;
  const calibration: CalibrationReport[] = [
    { class: 'yes', before: reliability(inflate(scored, sketch.shift)), after: reliability(scored) },
  ];
  return {
    id: `${sketch.treatment}/logistic`,
    treatment: sketch.treatment,
    learner: 'logistic',
    validation: { ...probability, ...tuned.validation },
    test: test ? { ...probability, averagePrecision: estimate(sketch.score - 0.0123, 0.033), ...tuned.test } : null,
    operatingPoint: 'tuned',
    decisions,
    difference:
      sketch.treatment === 'none'
        ? null
        : { ...estimate(sketch.difference, 0.0061), pValue: pValueOf(sketch.difference / 0.0031) },
    foldScores: Array.from({ length: 10 }, () => sketch.score + (uniform() - 0.5) * 0.05),
    calibration,
    recalibration: {
      decision: sketch.treatment === 'none' ? 'none' : 'prior-correction',
      folds: {
        none: sketch.treatment === 'none' ? 9 : 0,
        priorCorrection: sketch.treatment === 'none' ? 0 : 9,
        recalibrated: 1,
      },
    },
    priorShift: [1, sketch.shift],
  };
}

const COLUMNS: readonly [string, ColumnSummary['type'], number, number | null][] = [
  ['age', 'numeric', 77, 0.5231],
  ['job', 'categorical', 12, 0.6112],
  ['marital', 'categorical', 3, 0.5402],
  ['education', 'categorical', 4, 0.5437],
  ['default', 'boolean', 2, 0.5079],
  ['balance', 'numeric', 7168, 0.5921],
  ['housing', 'boolean', 2, 0.6097],
  ['loan', 'boolean', 2, 0.5471],
  ['contact', 'categorical', 3, 0.6139],
  ['day', 'numeric', 31, 0.5204],
  ['month', 'categorical', 12, 0.6703],
  ['duration', 'numeric', 1573, 0.8071],
  ['campaign', 'numeric', 48, 0.5718],
  ['pdays', 'numeric', 559, 0.5992],
  ['previous', 'numeric', 41, 0.5977],
  ['poutcome', 'categorical', 4, 0.6006],
];

const BANK_NOTICES: readonly Notice[] = [
  {
    code: 'known-after-the-fact',
    severity: 'warning',
    message:
      'column duration alone reaches ROC-AUC 0.807; if it is not known at the time of the prediction, leave it out with --ignore duration',
    column: 'duration',
    numbers: { rocAuc: 0.8071 },
  },
  {
    code: 'duplicate-rows',
    severity: 'info',
    message: '12 rows are exact copies of another row; copies were kept on the same side of the split',
    numbers: { rows: 12 },
  },
  {
    code: 'rare-levels',
    severity: 'info',
    message: '3 levels of job with fewer than 10 rows were grouped',
    column: 'job',
  },
];

const EFFECTS: readonly [string, number][] = [
  ['duration', 1.0871],
  ['poutcome = success', 0.8123],
  ['month = mar', 0.5211],
  ['contact = unknown', -0.4934],
  ['month = jan', -0.3542],
  ['month = oct', 0.3121],
  ['month = jul', -0.2876],
  ['housing = yes', -0.2751],
  ['month = sep', 0.2634],
  ['campaign', -0.2511],
  ['loan = yes', -0.1732],
  ['month = nov', -0.1711],
  ['job = student', 0.1492],
  ['education = tertiary', 0.1377],
  ['balance', 0.0771],
  ['marital = married', -0.0642],
  ['job = retired', 0.0612],
  ['age', 0.0203],
  ['day', 0.0187],
  ['default = yes', -0.0024],
];

/** Binary, five strategies, no costs: the bank marketing set. */
export const binaryReport = once((): RunReport => {
  const scored = simulate(11303, 0.117, 1.6, 42);
  const threshold = 0.2143;
  const sketches: StrategySketch[] = [
    { treatment: 'none', score: 0.5561, difference: 0, shift: 1 },
    { treatment: 'class-weight', score: 0.5602, difference: 0.0041, shift: 7.55 },
    { treatment: 'random-under', score: 0.5512, difference: -0.0049, shift: 7.55 },
    { treatment: 'random-over', score: 0.5598, difference: 0.0037, shift: 7.55 },
    { treatment: 'smote', score: 0.5644, difference: 0.0083, shift: 7.55 },
  ];
  const held = heldOutOf(scored, 'smote/logistic', ['no', 'yes'], threshold);
  const [tn, fp] = held.confusion[0] as [number, number];
  const [fn, tp] = held.confusion[1] as [number, number];
  return {
    format: 'counterweight-report',
    formatVersion: 1,
    versions: { counterweight: '0.1.0' },
    reproduce: { command: 'counterweight run bank.csv --target y --positive yes --metric average-precision', seed: 0 },
    data: {
      source: 'bank.csv',
      rows: 45211,
      rowsDropped: 0,
      target: 'y',
      classes: [
        { label: 'no', rows: 39922, share: 39922 / 45211 },
        { label: 'yes', rows: 5289, share: 5289 / 45211 },
      ],
      positive: 'yes',
      imbalanceRatio: 39922 / 5289,
      columns: COLUMNS.map(([name, type, distinct, aloneAuc]) => ({
        name,
        type,
        missing: name === 'poutcome' ? 36959 : name === 'contact' ? 13020 : 0,
        distinct,
        used: true,
        reason: null,
        aloneAuc,
      })),
      duplicateRows: 12,
    },
    difficulty: difficultyOf([
      { label: 'no', rows: 29941 },
      { label: 'yes', rows: 3967 },
    ]),
    metric: { name: 'averagePrecision', label: 'average precision', greaterIsBetter: true },
    costs: null,
    validation: {
      split: 'stratified',
      splitColumn: null,
      trainRows: 33908,
      testRows: 11303,
      trainClassRows: [29941, 3967],
      testClassRows: [tn + fp, tp + fn],
      folds: 5,
      repeats: 2,
      innerFolds: 3,
    },
    learners: null,
    strategies: sketches.map((sketch) =>
      strategyOf(sketch, scored, threshold, sketch.treatment === 'none' || sketch.treatment === 'smote'),
    ),
    choice: {
      best: 'smote/logistic',
      chosen: 'smote/logistic',
      reason: 'smote/logistic has the highest average precision and its difference to doing nothing is above zero.',
    },
    verdict: {
      kind: 'better',
      sentence:
        'SMOTE is better than doing nothing, by a little: average precision rises from 0.556 to 0.564, a difference of 0.008 (95 % interval 0.002 to 0.014).',
      details: [
        'On the held-out rows, which were used once, SMOTE reaches 0.552 [0.519, 0.585].',
        'Flag a row when its probability is 0.214 or more: the threshold was tuned on out-of-fold scores for F1.',
        'Beware: the column duration alone separates the classes well. If it is not known in time, leave it out.',
      ],
    },
    heldOut: held,
    importance: {
      rows: 5000,
      repeats: 5,
      value: 0.5518,
      columns: [
        { column: 'duration', fall: 0.2471, deviation: 0.0052 },
        { column: 'month', fall: 0.0713, deviation: 0.0031 },
        { column: 'poutcome', fall: 0.0402, deviation: 0.0019 },
        { column: 'balance', fall: -0.0004, deviation: 0.0007 },
      ],
      of: 16,
    },
    coefficients: EFFECTS.map(([feature, effect]) => ({ class: 'yes', feature, effect })),
    notices: BANK_NOTICES,
  };
});

/** Binary, very rare, with costs; the best treatment is none. */
export const rareReport = once((): RunReport => {
  const base = binaryReport();
  const scored = simulate(47000, 0.004, 2.4, 7);
  const threshold = 1 / 41;
  const held = heldOutOf(scored, 'none/logistic', ['ok', 'event'], threshold);
  const plain = reliability(scored);
  const raised = reliability(inflate(scored, 249));
  const [tn, fp] = held.confusion[0] as [number, number];
  const [fn, tp] = held.confusion[1] as [number, number];
  const strategies = base.strategies.map((strategy, i) => ({
    ...strategy,
    operatingPoint: 'cost' as const,
    validation: { ...strategy.validation, expectedCost: estimate(0.0512 + 0.002 * i, 0.0031) },
    test: i === 0 ? { ...strategy.test, expectedCost: estimate(0.0533, 0.0044) } : null,
    difference:
      i === 0 ? null : { value: -0.002 * i, low: -0.002 * i - 0.003, high: -0.002 * i + 0.003, pValue: 0.2 / i },
    foldScores: strategy.foldScores.map((score) => 0.0512 + 0.002 * i + (Number(score) - 0.55) / 20),
    decisions: [
      ...strategy.decisions,
      { ...strategy.decisions[1]!, name: 'cost' as const, threshold, rawThreshold: null },
    ],
    calibration: [{ class: 'event', before: i === 0 ? plain : raised, after: plain }],
    priorShift: [1, i === 0 ? 1 : 249],
  }));
  return {
    ...base,
    reproduce: { command: 'counterweight run sensors.parquet --target state --cost-fn 40 --cost-fp 1', seed: 7 },
    data: {
      ...base.data,
      source: 'sensors.parquet',
      rows: 188000,
      target: 'state',
      classes: [
        { label: 'event', rows: 752, share: 0.004 },
        { label: 'ok', rows: 187248, share: 0.996 },
      ],
      positive: 'event',
      imbalanceRatio: 249,
      duplicateRows: 0,
    },
    difficulty: difficultyOf([
      { label: 'event', rows: 564 },
      { label: 'ok', rows: 140436 },
    ]),
    metric: { name: 'expectedCost', label: 'expected cost per row', greaterIsBetter: false },
    costs: {
      classes: ['ok', 'event'],
      matrix: [
        [0, 40],
        [1, 0],
      ],
      threshold,
    },
    validation: {
      ...base.validation,
      trainRows: 141000,
      testRows: 47000,
      trainClassRows: [140436, 564],
      testClassRows: [tn + fp, tp + fn],
    },
    strategies,
    choice: { best: 'none/logistic', chosen: 'none/logistic', reason: 'Nothing beats doing nothing.' },
    verdict: {
      kind: 'no-difference',
      sentence: 'No difference worth having: doing nothing has the lowest expected cost, 0.051 a row [0.048, 0.054].',
      details: ['The threshold 0.024 follows from the costs: a missed event costs 40 times a false alarm.'],
    },
    heldOut: {
      ...held,
      calibration: [{ class: 'event', before: plain, after: plain }],
      probabilities: held.probabilities.map((one) => ({ ...one, class: 'event' })),
    },
    coefficients: base.coefficients.map((coefficient) => ({ ...coefficient, class: 'event' })),
    notices: [],
  };
});

/** Six classes from 41 % to 0.9 %. */
export const multiClassReport = once((): RunReport => {
  const base = binaryReport();
  const labels = ['DERMASON', 'SIRA', 'SEKER', 'HOROZ', 'CALI', 'BOMBAY'];
  const shares = [0.41, 0.3, 0.16, 0.085, 0.036, 0.009];
  const rows = 13611;
  const testRows = shares.map((share) => Math.round(share * 3400));
  const confusion = labels.map((_, t) =>
    labels.map((_, p) => {
      const n = testRows[t]!;
      const wrong = Math.round((n * (0.04 + 0.03 * t)) / 5);
      return t === p ? n - wrong * 5 : wrong;
    }),
  );
  const perClass = labels.map((label, i) => {
    const scored = simulate(3400, shares[i]!, 2.6 - 0.15 * i, 100 + i);
    return { label, scored, held: heldOutOf(scored, 'class-weight/logistic', ['rest', label], 0.5) };
  });
  const strategies = base.strategies.map((strategy) => ({
    ...strategy,
    decisions: strategy.decisions.map((decision) => ({
      ...decision,
      threshold: null,
      rawThreshold: null,
      spread: null,
      classWeights: decision.name === 'half' ? null : [1, 1.08, 1.21, 1.63, 2.94, 7.1],
    })),
    calibration: perClass.map(({ label, scored }, i) => ({
      class: label,
      before: reliability(inflate(scored, 1 + i)),
      after: reliability(scored),
    })),
    priorShift: strategy.treatment === 'none' ? labels.map(() => 1) : labels.map((_, i) => 1 / (6 * shares[i]!)),
  }));
  return {
    ...base,
    reproduce: { command: 'counterweight run beans.csv --target Class --metric balanced-accuracy', seed: 3 },
    data: {
      ...base.data,
      source: 'beans.csv',
      rows,
      target: 'Class',
      classes: labels.map((label, i) => ({ label, rows: Math.round(rows * shares[i]!), share: shares[i]! })),
      positive: null,
      imbalanceRatio: 45.6,
    },
    difficulty: difficultyOf(labels.map((label, i) => ({ label, rows: Math.round(0.75 * rows * shares[i]!) }))),
    metric: { name: 'balancedAccuracy', label: 'balanced accuracy', greaterIsBetter: true },
    validation: {
      ...base.validation,
      trainRows: 10211,
      testRows: 3400,
      trainClassRows: shares.map((share) => Math.round(10211 * share)),
      testClassRows: testRows,
    },
    strategies,
    choice: {
      best: 'smote/logistic',
      chosen: 'class-weight/logistic',
      reason: 'Class weights are as good and simpler.',
    },
    verdict: {
      kind: 'better',
      sentence: 'Class weights are better than doing nothing: balanced accuracy rises from 0.861 to 0.904.',
      details: ['The gain is in the two rarest classes.'],
    },
    heldOut: {
      strategy: 'class-weight/logistic',
      classes: labels,
      confusion,
      threshold: null,
      classWeights: [1, 1.08, 1.21, 1.63, 2.94, 7.1],
      curves: perClass.map(({ held, label }) => ({ ...held.curves[0]!, class: label, chosen: null })),
      sweep: [],
      calibration: strategies[1]!.calibration,
      probabilities: perClass.map(({ held, label }) => ({ ...held.probabilities[0]!, class: label })),
      comparison: { ...base.heldOut.comparison!, rocAuc: null },
      vennAbers: {
        curves: perClass.map(({ label, scored }) => ({ class: label, curve: reliability(scored) })),
        width: base.heldOut.vennAbers.width,
        outside: null,
        widthByClass: labels.map((label, i) => ({ ...base.heldOut.vennAbers.width, class: label, rows: testRows[i]! })),
      },
      sets: setsOf(labels, testRows),
    },
    coefficients: labels.flatMap((label, c) =>
      EFFECTS.slice(0, 12).map(([feature, effect], i) => ({ class: label, feature, effect: effect * Math.cos(c + i) })),
    ),
    notices: base.notices.slice(1),
  };
});

export const HOSTILE = '</script><img src=x onerror="alert(1)">&amp;\'\u202e\u001b[31m🦄';

/** Everything a data set can do to a page: markup, controls and emoji in every name, no defined metric, 200 columns, 300 notices. */
export const hostileReport = once((): RunReport => {
  const base = binaryReport();
  const nothing: Estimate = { value: null, low: null, high: null };
  const none = (set: MetricSet) => Object.fromEntries(Object.keys(set).map((key) => [key, nothing]));
  const empty: ReliabilityCurve = { brierScore: null, logLoss: null, bias: null, bins: [] };
  const long = `${HOSTILE} ${'a very long name '.repeat(60)}`;
  const labels = [HOSTILE, long];
  return {
    ...base,
    reproduce: { command: `counterweight run '${HOSTILE}.csv' --target '${long}'`, seed: 0 },
    data: {
      ...base.data,
      source: `${HOSTILE}.csv`,
      target: long,
      classes: labels.map((label) => ({ label, rows: 1, share: 0.5 })),
      positive: long,
      columns: Array.from({ length: 200 }, (_, i) => ({
        name: i === 7 ? '' : `${i} ${HOSTILE}`,
        type: 'text' as const,
        missing: i,
        distinct: i,
        used: i % 2 === 0,
        reason: i % 2 === 0 ? null : `text is not used ${HOSTILE}`,
        aloneAuc: null,
      })),
    },
    difficulty: {
      ...difficultyOf(labels.map((label) => ({ label, rows: 1 }))),
      noiseSuspects: { rows: 0, wrongLabel: 0, perClass: [0, 0], listed: [] },
      nearDuplicates: { tolerance: 0, rows: 0, exactRows: 0, perClass: [0, 0], listed: [] },
    },
    learners: {
      compared: [
        { learner: HOSTILE, mean: nothing, difference: null },
        { learner: 'gradient-boosting', mean: nothing, difference: { ...nothing, pValue: null } },
      ],
      chosen: HOSTILE,
      sentence: HOSTILE,
    },
    strategies: base.strategies.map((strategy) => ({
      ...strategy,
      id: `${strategy.treatment}/${HOSTILE}`,
      learner: HOSTILE,
      validation: none(strategy.validation),
      test: strategy.test && none(strategy.test),
      decisions: strategy.decisions.map((decision) => ({
        ...decision,
        threshold: null,
        rawThreshold: null,
        validation: none(decision.validation),
        test: decision.test && none(decision.test),
      })),
      difference: strategy.difference && { ...nothing, pValue: null },
      foldScores: strategy.foldScores.map(() => null),
      calibration: [{ class: long, before: empty, after: empty }],
    })),
    choice: { best: `none/${HOSTILE}`, chosen: `none/${HOSTILE}`, reason: HOSTILE },
    verdict: { kind: 'nothing-compared', sentence: `Nothing could be compared ${HOSTILE}`, details: [HOSTILE] },
    heldOut: {
      strategy: `none/${HOSTILE}`,
      classes: labels,
      confusion: [
        [0, 0],
        [0, 0],
      ],
      threshold: null,
      classWeights: null,
      curves: [
        {
          class: long,
          rocAuc: { ...nothing, method: 'delong' },
          precisionRecall: [],
          roc: [],
          bands: null,
          chosen: null,
          prevalence: 0,
        },
      ],
      sweep: [],
      calibration: [{ class: long, before: empty, after: empty }],
      probabilities: [
        {
          class: long,
          own: { brierScore: nothing, logLoss: nothing, bias: nothing },
          calibrated: { brierScore: nothing, logLoss: nothing, bias: nothing },
          vennAbers: { brierScore: nothing, logLoss: nothing, bias: nothing },
        },
      ],
      comparison: { id: `smote/${HOSTILE}`, difference: nothing, rocAuc: { ...nothing, pValue: null } },
      vennAbers: {
        curves: [{ class: long, curve: empty }],
        width: { rows: 0, mean: null, median: null, upperDecile: null },
        outside: null,
        widthByClass: labels.map((label) => ({ class: label, rows: 0, mean: null, median: null, upperDecile: null })),
      },
      sets: {
        alpha: 0.1,
        byClass: labels.map((label) => ({
          class: label,
          calibrationRows: 0,
          always: true,
          coverage: nothing,
          observed: null,
          meanSize: null,
        })),
        observed: null,
        meanSize: null,
        singletons: null,
        empty: null,
        full: null,
      },
    },
    importance: {
      rows: 3,
      repeats: 1,
      value: 0,
      columns: [HOSTILE, long].map((column) => ({ column, fall: 0, deviation: null })),
      of: 2,
    },
    coefficients: [
      { class: long, feature: `${long} = 1`, effect: 0 },
      { class: long, feature: `${long} = 2`, effect: -1e-9 },
    ],
    notices: Array.from({ length: 300 }, (_, i) => ({
      code: 'odd',
      severity: i % 3 === 0 ? ('warning' as const) : ('info' as const),
      message: `notice ${i} ${HOSTILE}`,
      column: HOSTILE,
      class: HOSTILE,
    })),
  };
});
