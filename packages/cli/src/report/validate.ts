import { CounterweightError } from '@counterweight/core';
import * as v from 'valibot';
import type { RunReport } from './run-report.ts';

const finite = v.pipe(v.number(), v.finite());
const nullable = v.nullable(finite);
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
const label = v.union([v.string(), finite]);
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());

const estimateEntries = { value: nullable, low: nullable, high: nullable };
const estimate = v.object(estimateEntries);
const metricSet = v.record(v.string(), estimate);
const decisionName = v.picklist(['half', 'tuned', 'cost']);

const notice = v.object({
  code: v.string(),
  severity: v.picklist(['info', 'warning']),
  message: v.string(),
  column: v.exactOptional(v.string()),
  class: v.exactOptional(label),
  strategies: v.exactOptional(list(v.string())),
  numbers: v.exactOptional(v.record(v.string(), finite)),
});

const data = v.object({
  source: v.string(),
  rows: whole,
  rowsDropped: whole,
  target: v.string(),
  classes: list(v.object({ label, rows: whole, share })),
  positive: v.nullable(label),
  imbalanceRatio: finite,
  columns: list(
    v.object({
      name: v.string(),
      type: v.picklist(['numeric', 'categorical', 'boolean', 'date-time', 'identifier', 'constant', 'text']),
      missing: whole,
      distinct: whole,
      used: v.boolean(),
      reason: v.nullable(v.string()),
      aloneAuc: v.nullable(share),
    }),
  ),
  duplicateRows: whole,
});

const types = v.object({ safe: estimate, borderline: estimate, rare: estimate, outlier: estimate });

const difficulty = v.object({
  k: whole,
  rows: whole,
  features: whole,
  lookedAt: whole,
  types,
  classes: list(
    v.object({
      label,
      rows: whole,
      lookedAt: whole,
      types: v.nullable(types),
      disjuncts: v.nullable(
        v.object({
          clusters: whole,
          largest: list(whole),
          largeClusters: whole,
          largestShare: share,
          smallShare: share,
        }),
      ),
    }),
  ),
  noiseSuspects: v.object({
    rows: whole,
    wrongLabel: whole,
    perClass: list(whole),
    listed: list(
      v.object({
        row: whole,
        class: label,
        surroundedBy: label,
        surprise: finite,
        verdict: v.picklist(['wrong-label', 'wrong-label-or-rare-case']),
      }),
    ),
  }),
  nearDuplicates: v.object({
    tolerance: finite,
    rows: whole,
    exactRows: whole,
    perClass: list(whole),
    listed: list(v.object({ row: whole, other: whole, distance: finite, class: label, otherClass: label })),
  }),
});

const validation = v.object({
  split: v.picklist(['stratified', 'group', 'time', 'file']),
  splitColumn: v.nullable(v.string()),
  trainRows: whole,
  testRows: whole,
  trainClassRows: list(whole),
  testClassRows: list(whole),
  folds: whole,
  repeats: whole,
  innerFolds: whole,
});

const reliabilityCurve = v.object({
  brierScore: nullable,
  logLoss: nullable,
  bias: nullable,
  bins: list(v.object({ predicted: share, observed: share, low: share, high: share, rows: whole })),
});
const calibration = list(v.object({ class: label, before: reliabilityCurve, after: reliabilityCurve }));

const decision = v.object({
  name: decisionName,
  threshold: nullable,
  rawThreshold: nullable,
  spread: v.nullable(
    v.object({ mean: finite, standardDeviation: nullable, least: finite, most: finite, folds: whole }),
  ),
  classWeights: v.nullable(list(finite)),
  validation: metricSet,
  test: v.nullable(metricSet),
});

const learners = v.object({
  compared: list(
    v.object({
      learner: v.string(),
      mean: estimate,
      difference: v.nullable(v.object({ ...estimateEntries, pValue: nullable })),
    }),
  ),
  chosen: v.string(),
  sentence: v.string(),
});

const importance = v.object({
  rows: whole,
  repeats: whole,
  value: finite,
  columns: list(v.object({ column: v.string(), fall: finite, deviation: nullable })),
  of: whole,
});

const strategy = v.object({
  id: v.string(),
  treatment: v.string(),
  learner: v.string(),
  validation: metricSet,
  test: v.nullable(metricSet),
  operatingPoint: decisionName,
  decisions: list(decision),
  difference: v.nullable(v.object({ ...estimateEntries, pValue: nullable })),
  foldScores: list(nullable),
  calibration,
  recalibration: v.object({
    decision: v.picklist(['none', 'prior-correction', 'recalibrated']),
    folds: v.object({ none: whole, priorCorrection: whole, recalibrated: whole }),
  }),
  priorShift: list(finite),
});

const widthEntries = { rows: whole, mean: nullable, median: nullable, upperDecile: nullable };

const points = list(v.object({ x: share, y: share }));
const band = list(v.object({ x: share, y: nullable, low: nullable, high: nullable }));
const judgement = v.object({ brierScore: estimate, logLoss: estimate, bias: estimate });
const heldOut = v.object({
  strategy: v.string(),
  classes: list(label),
  confusion: list(list(whole)),
  threshold: nullable,
  classWeights: v.nullable(list(finite)),
  curves: list(
    v.object({
      class: label,
      rocAuc: v.object({ ...estimateEntries, method: v.picklist(['delong', 'disjoint-pairs', 'trivial']) }),
      precisionRecall: points,
      roc: points,
      bands: v.nullable(v.object({ roc: band, precisionRecall: band })),
      chosen: v.nullable(v.object({ recall: share, precision: share, falsePositiveRate: share })),
      prevalence: share,
    }),
  ),
  sweep: list(v.object({ threshold: finite, tp: whole, fp: whole, fn: whole, tn: whole })),
  calibration,
  probabilities: list(v.object({ class: label, own: judgement, calibrated: judgement, vennAbers: judgement })),
  comparison: v.nullable(
    v.object({
      id: v.string(),
      difference: estimate,
      rocAuc: v.nullable(v.object({ ...estimateEntries, pValue: nullable })),
    }),
  ),
  vennAbers: v.object({
    curves: list(v.object({ class: label, curve: reliabilityCurve })),
    width: v.object(widthEntries),
    widthByClass: list(v.object({ ...widthEntries, class: label })),
    outside: v.nullable(share),
  }),
  sets: v.object({
    alpha: share,
    byClass: list(
      v.object({
        class: label,
        calibrationRows: whole,
        always: v.boolean(),
        coverage: estimate,
        observed: v.nullable(share),
        meanSize: nullable,
      }),
    ),
    observed: v.nullable(share),
    meanSize: nullable,
    singletons: v.nullable(share),
    empty: v.nullable(share),
    full: v.nullable(share),
  }),
});

const schema = v.pipe(
  v.object({
    format: v.literal('counterweight-report'),
    formatVersion: v.literal(1),
    versions: v.object({ counterweight: v.string() }),
    reproduce: v.object({ command: v.string(), seed: finite }),
    data,
    difficulty,
    metric: v.object({ name: v.string(), label: v.string(), greaterIsBetter: v.boolean() }),
    costs: v.nullable(v.object({ classes: list(label), matrix: list(list(finite)), threshold: nullable })),
    validation,
    // Reports of earlier versions have no such key.
    learners: v.optional(v.nullable(learners), null),
    strategies: v.pipe(v.array(strategy), v.minLength(1), v.readonly()),
    choice: v.object({ best: v.string(), chosen: v.string(), reason: v.string() }),
    verdict: v.object({
      kind: v.picklist(['better', 'not-shown', 'no-difference', 'nothing-compared']),
      sentence: v.string(),
      details: list(v.string()),
    }),
    heldOut,
    importance: v.optional(v.nullable(importance), null),
    coefficients: list(v.object({ class: label, feature: v.string(), effect: finite })),
    notices: list(notice),
  }),
  v.forward(
    v.check(
      (report) => report.strategies.some(({ id }) => id === report.choice.chosen),
      'the chosen strategy is not among the strategies',
    ),
    ['choice', 'chosen'],
  ),
  v.forward(
    v.check(
      ({ heldOut: { classes, confusion } }) => isSquare(confusion, classes.length),
      'not one row and one column a class',
    ),
    ['heldOut', 'confusion'],
  ),
);

function isSquare(matrix: readonly (readonly unknown[])[], size: number): boolean {
  return matrix.length === size && matrix.every((row) => row.length === size);
}

type Parsed = v.InferOutput<typeof schema>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Fails to compile as soon as the type of the document and its schema differ. */
const inStep: Same<Parsed, RunReport> = true;

/**
 * Checks that a value read from JSON is a run report and returns it, without the keys that the format does not know.
 *
 * Throws `bad-report` with the path of the first thing that is wrong (`strategies.2.validation.f1.low`) in its message and details.
 */
export function parseRunReport(json: unknown): RunReport {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success && inStep) return result.output;
  const issue = result.issues?.[0];
  const path = (issue && v.getDotPath(issue)) ?? '';
  const where = path === '' ? 'the document' : path;
  throw new CounterweightError(
    'bad-report',
    `not a run report of format 1: ${where}: ${issue?.message ?? 'malformed'}`,
    {
      path,
    },
  );
}
