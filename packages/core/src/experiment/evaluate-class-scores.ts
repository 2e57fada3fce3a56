import type { Labels } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { columnOf } from '../metrics/checks.ts';
import { requireClassProbabilities } from '../metrics/probability-losses.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { bootstrapClasses, type ClassRows, presentClasses } from './evaluate-class-bootstrap.ts';
import { evaluateClassDecisions, mostTunedCells, requireTunable } from './evaluate-class-decisions.ts';
import type { ClassEvaluation, ClassScoreEvaluation } from './evaluate-class-result.ts';
import { mostDraws, stratumOf } from './evaluate-draws.ts';
import { weightNotices, zeroWeightNotices } from './evaluate-input.ts';
import { mostGroups } from './evaluate-model.ts';
import { evaluateScores } from './evaluate-scores.ts';
import { smoothReplicates } from './evaluate-smooth.ts';
import type { CostsByLabel } from './experiment-options.ts';
import { costMatrix } from './settle-task.ts';

/** What is asked of an evaluation of class probabilities. Defaults stand beside each option. */
export interface EvaluateClassScoresOptions {
  /** At least two classes that have rows; others may have none. */
  readonly labels: Labels;
  /** `rows × classes`, in 0 .. 1. */
  readonly probabilities: Matrix;
  readonly weights?: Float64Array | null | undefined;
  readonly costs?: CostsByLabel | undefined;
  /** What class weights are tuned for, default `expectedCost` with costs, else `f1` (macro). */
  readonly metric?: string | undefined;
  readonly seed?: number | undefined;
  /** Default 1,000; those of each class against the rest are fewer with more than five classes. */
  readonly replicates?: number | undefined;
  readonly level?: number | undefined;
}

/** Classes that are each shown against the rest. */
const mostShown = 20;

/**
 * Everything there is to say of one probability column a class: the averages over classes, decisions with a class report,
 * and each class against the rest as `evaluateScores` sees it, each number with its interval.
 *
 * Replicates draw how many rows each class has, and then these. Throws `one-class`, `bad-scores`, `bad-labels`,
 * `bad-weights`, `bad-costs`, `unknown-metric`, `shape-mismatch`, `aborted`.
 */
export async function evaluateClassScores(
  options: EvaluateClassScoresOptions,
  run?: RunOptions,
): Promise<ClassScoreEvaluation> {
  const { seed = 0, replicates = 1000, level = 0.95, labels } = options;
  const { rows, counted, notices } = classRows(options);
  const { classes } = labels;
  const present = presentClasses(rows.truth, classes.length);
  if (present.length < 2) {
    throw new CounterweightError('one-class', 'all rows are of one class; at least two are needed');
  }
  const { matrix, notices: costNotices } = costMatrix(classes, null, options.costs);
  const metric = options.metric ?? (matrix ? 'expectedCost' : 'f1');
  requireTunable(metric, matrix);
  const most = Math.max(500, Math.floor(mostDraws / classes.length));
  const strata = present.map(({ label, rows: members }) => ({
    label,
    stratum: stratumOf(members, rows.weights, counted, most),
  }));
  const metrics = await bootstrapClasses(
    rows,
    { strata, carried: counted ? undefined : rows.weights, seed, replicates, level },
    run,
  );
  const decisions = evaluateClassDecisions(rows, { classes, costs: matrix, metric, counted, seed, replicates, level });
  const sizes = classSizes(rows, classes.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shown = [...present].sort((a, b) => sizes[a.label]! - sizes[b.label]!).slice(0, mostShown);
  const perClass = Math.min(replicates, Math.max(200, Math.floor(5000 / shown.length)));
  const found = [];
  for (const { label } of shown)
    found.push(await oneAgainstRest(rows, labels, label, { seed, level, replicates: perClass }, run));
  return {
    kind: 'multi-class',
    data: {
      rows: rows.truth.length,
      weights: rows.weights === undefined ? 'none' : counted ? 'counts' : 'fractional',
      classes: classes.map((label, code) => ({ label, rows: sizes[code]!, share: sizes[code]! / total })),
    },
    intervals: {
      level,
      replicates,
      smoothReplicates: Math.min(smoothReplicates, perClass),
      draws: { positive: most, negative: most },
      mostGroups,
    },
    costs: matrix && { classes, matrix, threshold: null },
    metrics,
    decisions,
    classes: found.map(({ evaluation }) => evaluation),
    notices: [
      ...notices,
      ...costNotices,
      ...classNotices(sizes, labels, present.length, rows, counted),
      ...found.flatMap(({ warnings }) => warnings),
    ],
  };
}

function classRows({ labels, probabilities, weights: given }: EvaluateClassScoresOptions) {
  const all: ClassRows = { probabilities, truth: labels.codes, weights: given ?? undefined };
  requireClassProbabilities(all);
  if (probabilities.columns !== labels.classes.length) {
    throw new CounterweightError(
      'shape-mismatch',
      `${labels.classes.length} classes need as many columns of probabilities, there are ${probabilities.columns}`,
    );
  }
  const counted = !given || given.every(Number.isInteger);
  const kept = given?.includes(0) ? Int32Array.from(given.keys()).filter((row) => given[row]! > 0) : null;
  const rows = kept ? selected(all, kept) : all;
  return {
    rows: { ...rows, weights: rows.weights?.every((weight) => weight === 1) ? undefined : rows.weights },
    counted,
    notices: [...weightNotices(counted), ...zeroWeightNotices(kept ? given!.length - kept.length : 0)],
  };
}

function selected({ probabilities, truth, weights }: ClassRows, kept: Int32Array): ClassRows {
  const { columns, data } = probabilities;
  const values = new Float64Array(kept.length * columns);
  kept.forEach((row, i) => {
    values.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return {
    probabilities: { kind: 'dense', rows: kept.length, columns, data: values },
    truth: Int32Array.from(kept, (row) => truth[row]!),
    weights: weights && Float64Array.from(kept, (row) => weights[row]!),
  };
}

function classSizes({ truth, weights }: ClassRows, classes: number): Float64Array {
  const sizes = new Float64Array(classes);
  truth.forEach((label, row) => {
    sizes[label] = sizes[label]! + (weights ? weights[row]! : 1);
  });
  return sizes;
}

async function oneAgainstRest(
  { probabilities, truth, weights }: ClassRows,
  { classes }: Labels,
  label: number,
  options: { readonly seed: number; readonly level: number; readonly replicates: number },
  run: RunOptions | undefined,
): Promise<{ evaluation: ClassEvaluation; warnings: readonly Notice[] }> {
  const name = String(classes[label]);
  const found = await evaluateScores(
    {
      ...options,
      labels: { classes: [`not ${name}`, name], codes: truth.map((code) => Number(code === label)) },
      positive: name,
      scores: [{ name, values: columnOf(probabilities, label) }],
      weights,
    },
    run,
  );
  const warnings = found.notices
    .filter(({ code }) => code === 'perfect-ranking' || code === 'worse-than-chance' || code === 'constant-scores')
    .map((notice) => ({ ...notice, class: classes[label]!, message: `class ${name}: ${notice.message}` }));
  return {
    evaluation: {
      ...found.models[0]!,
      class: classes[label]!,
      rows: found.data.positives,
      prevalence: found.data.prevalence,
    },
    warnings,
  };
}

function classNotices(
  sizes: Float64Array,
  { classes }: Labels,
  present: number,
  { probabilities }: ClassRows,
  counted: boolean,
): Notice[] {
  const notices: Notice[] = [];
  const absent = classes.filter((_, code) => sizes[code] === 0);
  if (absent.length > 0) {
    notices.push({
      code: 'absent-class',
      severity: 'warning',
      message: `no row is of class ${absent.slice(0, 5).join(', ')}${absent.length > 5 ? ' …' : ''}: averages leave ${absent.length === 1 ? 'it' : 'them'} out`,
      numbers: { classes: absent.length },
    });
  }
  const few = classes.filter((_, code) => sizes[code]! > 0 && sizes[code]! < 10);
  if (few.length > 0) {
    notices.push({
      code: 'few-rows',
      severity: 'warning',
      message: `fewer than ten rows of class ${few.slice(0, 5).join(', ')}${few.length > 5 ? ` and ${few.length - 5} more` : ''}: their numbers say little, and a class with one row is never varied`,
      numbers: { classes: few.length },
    });
  }
  if (present > mostShown) {
    notices.push({
      code: 'classes-not-shown',
      severity: 'info',
      message: `curves are shown for the ${mostShown} rarest of ${present} classes; the class report has all`,
      numbers: { shown: mostShown, classes: present },
    });
  }
  if (probabilities.data.length > mostTunedCells) {
    notices.push({
      code: 'not-tuned',
      severity: 'info',
      message: `class weights are not tuned on more than ${mostTunedCells} probabilities`,
    });
  }
  if (!counted) {
    notices.push({
      code: 'no-decision-intervals',
      severity: 'info',
      message: 'metrics of decisions have no intervals with weights that are not whole numbers',
    });
  }
  const gap = largestSumGap(probabilities);
  if (gap > 0.001) {
    notices.push({
      code: 'rows-do-not-sum-to-one',
      severity: 'warning',
      message: `the probabilities of a row are up to ${Number(gap.toPrecision(3))} away from a sum of 1; they are taken as they are`,
      numbers: { gap },
    });
  }
  return notices;
}

function largestSumGap({ data, rows, columns }: Matrix): number {
  let gap = 0;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) sum += data[at]!;
    gap = Math.max(gap, Math.abs(sum - 1));
  }
  return gap;
}
