import type { Matrix } from '../data/index.ts';
import { expectedCost } from '../decide/index.ts';
import {
  bootstrapDecisions,
  bootstrapDifference,
  bootstrapMetrics,
  type Confusion,
  compareRocAuc,
  confusionMatrix,
  type MetricEstimate,
  type MetricName,
} from '../metrics/index.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { codesOf } from './cross-validate.ts';
import { decide } from './decision.ts';
import type { HeldOutScores } from './describe-held-out.ts';
import type { ExperimentRunOptions } from './experiment-options.ts';
import type { FinalFit } from './fit-final.ts';
import type { PreparedData } from './prepare-data.ts';
import type { DecisionName, Estimate, HeldOut, MetricSet } from './result.ts';
import type { Task } from './settle-task.ts';
import type { TestedStrategy } from './strategy-outcome.ts';

export interface TestWork {
  /** The first is doing nothing. */
  readonly finals: readonly FinalFit[];
  readonly data: PreparedData;
  readonly task: Task;
  readonly seed: number;
  readonly replicates: number;
  /** The best strategy of the comparison. */
  readonly best: string;
}

export interface TestResult {
  readonly byStrategy: ReadonlyMap<string, TestedStrategy>;
  readonly scores: ReadonlyMap<string, HeldOutScores>;
  /** The best strategy against doing nothing, positive = better; null where they are the same. */
  readonly difference: HeldOutComparison | null;
}

/** Scores the held-out rows by every fitted strategy, with bootstrap intervals. The only place where they are used. */
export async function testStrategies(work: TestWork, run: ExperimentRunOptions): Promise<TestResult> {
  const { finals, data, task } = work;
  const truth = codesOf(data.labels, data.split.test);
  const inputRows = data.split.test.map((row) => data.inputRow[row]!);
  const byStrategy = new Map<string, TestedStrategy>();
  const scores = new Map<string, HeldOutScores>();
  const quiet: RunOptions = { signal: run.signal, runtime: run.runtime };
  for (const [index, final] of finals.entries()) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: 'testing on the held-out rows', done: index, total: finals.length + 1 });
    const scored = await final.pipeline.score(data.table, data.split.test, quiet);
    const { raw, probabilities, decisions } = scored;
    const decided = final.decisions.map((decision) => decide(probabilities, decision, task.positive, raw));
    byStrategy.set(final.id, await testOne(final, probabilities, truth, decided, work, quiet));
    scores.set(final.id, { inputRows, truth, raw, probabilities, decisions });
  }
  run.onProgress?.({ task: 'testing on the held-out rows', done: finals.length, total: finals.length + 1 });
  const difference = await heldOutDifference(work, scores, quiet);
  run.onProgress?.({ task: 'testing on the held-out rows', done: finals.length + 1, total: finals.length + 1 });
  return { byStrategy, scores, difference };
}

/** One strategy on the held-out rows, under each of its decisions; the last is the operating point. */
async function testOne(
  final: FinalFit,
  probabilities: Matrix,
  truth: Int32Array,
  decided: readonly Int32Array[],
  { task, seed, replicates }: TestWork,
  run: RunOptions,
): Promise<TestedStrategy> {
  const { positive } = task;
  const shown = hasSingleRow(truth, probabilities.columns) ? withoutEnds : estimatesOf;
  const bootstrap = { seed: testSeed(seed), replicates, shares: 'drawn', others: otherMetrics(task) } as const;
  const operating = decided.at(-1)!;
  const all = shown(
    await bootstrapMetrics({ truth, probabilities, decisions: operating, positive, ...bootstrap }, run),
  );
  const byDecision = new Map<DecisionName, MetricSet>();
  for (const [d, { name }] of final.decisions.entries()) {
    const confusion = confusionMatrix(truth, decided[d]!, probabilities.columns);
    const own = shown(bootstrapDecisions({ confusion, positive, ...bootstrap }));
    // Two draws of one interval would differ in the last digits, which a reader could only wonder at.
    const listed =
      decided[d] === operating ? Object.entries(own).map(([key]) => [key, all[key]!]) : Object.entries(own);
    byDecision.set(name, Object.fromEntries(listed));
  }
  return { all, byDecision };
}

/** A class of one row is drawn as it is in every replicate: its part of an interval would be certainty from nothing. */
function hasSingleRow(truth: Int32Array, classes: number): boolean {
  const counts = new Int32Array(classes);
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]!++;
  return counts.includes(1);
}

function withoutEnds(estimates: Readonly<Record<string, MetricEstimate>>): MetricSet {
  return Object.fromEntries(
    Object.entries(estimates).map(([name, { value }]) => [name, { value: orNull(value), low: null, high: null }]),
  );
}

type HeldOutComparison = NonNullable<HeldOut['comparison']>;

function otherMetrics({ costs }: Task): Record<string, (confusion: Confusion) => number> {
  return costs ? { expectedCost: (confusion) => expectedCost(confusion, costs) } : {};
}

async function heldOutDifference(
  { finals, best, task, seed, replicates }: TestWork,
  scores: ReadonlyMap<string, HeldOutScores>,
  run: RunOptions,
): Promise<TestResult['difference']> {
  const nothing = finals[0]!.id;
  if (best === nothing) return null;
  const side = (id: string) => {
    const { truth, probabilities, decisions } = scores.get(id)!;
    return { truth, probabilities, decisions, positive: task.positive };
  };
  const [first, second] = task.metric.greaterIsBetter ? [best, nothing] : [nothing, best];
  const differences = await bootstrapDifference(
    {
      first: side(first),
      second: side(second),
      seed: testSeed(seed),
      replicates,
      shares: 'drawn',
      others: otherMetrics(task),
    },
    run,
  );
  return {
    id: best,
    difference: estimateOf(differences[task.metric.name as MetricName]!),
    rocAuc: task.positive === null ? null : deLongDifference(scores.get(best)!, scores.get(nothing)!, task.positive),
  };
}

function deLongDifference(first: HeldOutScores, second: HeldOutScores, positive: number): HeldOutComparison['rocAuc'] {
  const { difference, low, high, pValue } = compareRocAuc({
    first: columnOf(first.probabilities, positive),
    second: columnOf(second.probabilities, positive),
    truth: first.truth,
    positive,
  });
  return { ...estimateOf({ value: difference, low, high }), pValue: orNull(pValue) };
}

function columnOf({ data, rows, columns }: Matrix, code: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = data[row * columns + code]!;
  return values;
}

const testSeed = (seed: number): number => randomStream(seed, 'held-out bootstrap').uint32();

function estimatesOf(estimates: Readonly<Record<string, MetricEstimate>>): MetricSet {
  return Object.fromEntries(Object.entries(estimates).map(([name, estimate]) => [name, estimateOf(estimate)]));
}

function estimateOf({ value, low, high }: MetricEstimate): Estimate {
  return { value: orNull(value), low: orNull(low), high: orNull(high) };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
