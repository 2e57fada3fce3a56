import type { Dataset } from '../../data/dataset.ts';
import { counted, grouped } from '../../data/quoted.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { quoted, rowsByClass } from '../class-counts.ts';
import { checkFinite, checkFlag, checkOptions, checkShapes, checkWord } from '../options.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import {
  type Compat,
  planSampling,
  type SamplingPlan,
  type SamplingStrategy,
  type SamplingTarget,
} from '../sampling-strategy.ts';
import { assembleAppended, copiesInTurn, type SyntheticBlock } from './synthetic-block.ts';
import { neighboursFor, type OnTooFewRows, onTooFewRows } from './too-few-rows.ts';

/** What the methods that make new rows between neighbours of a class have in common. */
export interface OverSamplerOptions {
  /** Default `auto`: every class up to the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** At most so many new rows in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
  /** What happens to a targeted class that has too few rows. Default `clamp-k`, with `compat` `error`. */
  readonly onTooFew?: OnTooFewRows | undefined;
  /** `imbalanced-learn`: what its version 0.14 makes for the same integer `random_state`, where no neighbours are tied. */
  readonly compat?: Compat | undefined;
}

/** The same for methods that imbalanced-learn has not. */
export type PlainOverOptions = Omit<OverSamplerOptions, 'compat'>;

/** What such a method looks at. */
export interface OverProblem {
  readonly name: string;
  readonly data: Dataset;
  readonly plan: SamplingPlan;
  /** Rows of each class, ascending. */
  readonly members: readonly Int32Array[];
  readonly seed: number;
  readonly compat: boolean;
  readonly onTooFew: OnTooFewRows;
  /** What there is to say; methods add to it. */
  readonly notices: Notice[];
  readonly run: RunOptions;
}

/** One class that is to get rows. */
export interface ClassTask {
  readonly target: SamplingTarget;
  /** The rows of the class. */
  readonly rows: Int32Array;
  /** Neighbours to look at within the class, at least 1. */
  readonly k: number;
}

export interface OverSamplerParts {
  readonly name: string;
  readonly options: OverSamplerOptions & { readonly evenBase?: boolean | undefined };
  /** Options of the method besides those of `OverSamplerOptions`. */
  readonly known: readonly string[];
  /** Neighbours within the class that the method wants. */
  readonly kNeighbors: number;
  /** False for a method that imbalanced-learn has not: the option `compat` is refused. Default true. */
  readonly hasPeer?: boolean | undefined;
  /** What is done once for all classes; gives what makes the rows of one class. */
  begin(problem: OverProblem, tasks: readonly ClassTask[]): Promise<(task: ClassTask) => Promise<SyntheticBlock>>;
  /** Puts the result together where it is more than the input rows and the blocks after them. */
  finish?(problem: OverProblem, blocks: readonly SyntheticBlock[]): Resampled;
}

/** The frame of these methods: checks, the plan, classes too small, progress, the order of the output, counts not reached. */
export function overSampler(parts: OverSamplerParts): Resampler {
  const { name, options, hasPeer = true } = parts;
  const shared = ['samplingStrategy', 'seed', 'maxNew', 'onTooFew', ...(hasPeer ? ['compat'] : [])];
  checkOptions(name, options, [...shared, ...parts.known]);
  checkWord('onTooFew', options.onTooFew, onTooFewRows);
  checkFlag('evenBase', options.evenBase);
  if (options.compat && options.evenBase) {
    throw new CounterweightError('bad-option', 'evenBase cannot be true with compat: imbalanced-learn draws the bases');
  }
  return Object.freeze({
    name,
    samplingType: 'over-sampling',
    resample: (data: Dataset, run: RunOptions = {}) => resample(parts, data, run),
  });
}

async function resample(parts: OverSamplerParts, data: Dataset, run: RunOptions): Promise<Resampled> {
  const { name, options, kNeighbors } = parts;
  const { samplingStrategy = 'auto', seed = 0, maxNew, compat } = options;
  throwIfAborted(run.signal);
  checkShapes(data);
  const plan = planSampling(samplingStrategy, data.y, { samplingType: 'over-sampling', compat, maxNew });
  checkFinite(data.X, name);
  const notices: Notice[] = [...plan.notices];
  const members = rowsByClass(data.y, plan.counts);
  const onTooFew = options.onTooFew ?? (compat ? 'error' : 'clamp-k');
  const tasks = plan.targets
    .filter(({ count }) => count > 0)
    .map((target) => {
      const k = neighboursFor(target, { kNeighbors, onTooFew }, notices);
      return { target, rows: members[target.code]!, k };
    });
  const problem = { name, data, plan, members, seed, compat: compat !== undefined, onTooFew, notices, run };
  const workable = tasks.filter(({ k }) => k > 0);
  run.onProgress?.({ task: name, done: 0, total: tasks.length });
  const blockOf = workable.length > 0 ? await parts.begin(problem, workable) : undefined;
  const blocks: SyntheticBlock[] = [];
  for (const task of tasks) {
    throwIfAborted(run.signal);
    const block = task.k === 0 ? copiesInTurn(task.target.count, task.rows) : await blockOf!(task);
    blocks.push(block);
    if (block.source.length !== task.target.count) notices.push(otherCount(task.target, block.source.length));
    throwIfAborted(run.signal);
    run.onProgress?.({ task: name, done: blocks.length, total: tasks.length });
  }
  return parts.finish ? parts.finish(problem, blocks) : assembleAppended(data, blocks, notices);
}

function otherCount({ label, rows, count }: SamplingTarget, made: number): Notice {
  return {
    code: 'count-not-reached',
    severity: 'warning',
    message: `class ${quoted(label)} got ${counted(made, 'new row')}, ${grouped(count)} ${count === 1 ? 'was' : 'were'} asked`,
    class: label,
    numbers: { rows: rows + made, asked: rows + count },
  };
}
