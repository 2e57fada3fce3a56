import { byCodeUnit } from '../../data/by-code-unit.ts';
import type { Dataset, NumericRows } from '../../data/dataset.ts';
import type { ClassLabel, Labels } from '../../data/labels.ts';
import { matrix } from '../../data/matrix.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { randomStream } from '../../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { rowsByClass } from '../class-counts.ts';
import { denseRows } from '../dense-rows.ts';
import { checkOptions, checkShapes, checkWord } from '../options.ts';
import { assembleAppended, emptyBlock, type SyntheticBlock } from '../over/synthetic-block.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import { planSampling, type SamplingStrategy, type SamplingTarget } from '../sampling-strategy.ts';

export type Decomposition = 'one-vs-rest' | 'successive';

export interface DecomposeOptions {
  /**
   * Makes the over-sampler for one class: `(options) => borderlineSmote({ ...options, kNeighbors: 3 })`. It is told the
   * target of the class (all other rows are one class then) and a seed.
   */
  readonly create: (options: { readonly samplingStrategy: SamplingStrategy; readonly seed: number }) => Resampler;
  /**
   * What a class is held against. `one-vs-rest` (the default): all other rows of the input. `successive`: the classes are taken
   * from the largest to the smallest, and each is held against those before it with the rows that they got.
   */
  readonly decomposition?: Decomposition | undefined;
  /** Which classes get rows, and how many: to the largest class (`auto`), to the `median`, by ratio or count a class. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** At most so many new rows in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

/**
 * Over-samples several classes as two-class problems, for methods whose rows depend on the other classes (borderline rows, rows
 * that are hard to learn, safe levels).
 *
 * Output: all input rows in their order, then the new rows, in the order of the classes. Provenance speaks of the rows of the
 * input: a new row with a parent that is itself new has that parent's base, and no neighbour. With `successive` the largest
 * class, where it is to get rows, is held against all others. Weights are not passed on to the method.
 *
 * Throws what `planSampling` and the method throw, `shape-mismatch`, and `bad-option`, also for a method that does more than
 * add rows.
 */
export function decompose(options: DecomposeOptions): Resampler {
  const { create, decomposition, seed = 0 } = options;
  checkOptions('decompose', { ...options, seed } as { seed: number }, [
    'create',
    'decomposition',
    'samplingStrategy',
    'maxNew',
    'seed',
  ]);
  checkWord('decomposition', decomposition, ['one-vs-rest', 'successive']);
  if (typeof create !== 'function') throw new CounterweightError('bad-option', 'create must make a resampler');
  const name = create({ samplingStrategy: 'auto', seed: 0 }).name;
  return Object.freeze({
    name,
    samplingType: 'over-sampling',
    resample: (data: Dataset, run: RunOptions = {}) => resample(name, options, data, run),
  });
}

async function resample(name: string, options: DecomposeOptions, data: Dataset, run: RunOptions): Promise<Resampled> {
  const { create, decomposition = 'one-vs-rest', samplingStrategy = 'auto', maxNew, seed = 0 } = options;
  throwIfAborted(run.signal);
  checkShapes(data);
  const plan = planSampling(samplingStrategy, data.y, { samplingType: 'over-sampling', maxNew });
  const members = rowsByClass(data.y, plan.counts);
  const targets = plan.targets.filter(({ count }) => count > 0);
  const order = [...members.keys()]
    .filter((code) => members[code]!.length > 0)
    .sort((a, b) => members[b]!.length - members[a]!.length || members[a]![0]! - members[b]![0]!);
  const made = new Map<number, SyntheticBlock & { readonly features: Float64Array }>();
  const notices: Notice[] = [...plan.notices];
  const ranked = [...targets].sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  run.onProgress?.({ task: name, done: 0, total: ranked.length });
  for (const target of ranked) {
    throwIfAborted(run.signal);
    const before = order.slice(0, order.indexOf(target.code));
    const stacks = decomposition === 'successive' && before.length > 0;
    const others = stacks ? before : order.filter((code) => code !== target.code);
    const problem = pose(data, target, members, others, stacks ? made : new Map());
    const classSeed = randomStream(seed, 'decompose', members[target.code]![0]!).integer(4294967296);
    const sampler = create({ samplingStrategy: problem.strategy, seed: classSeed });
    const found = await sampler.resample(problem.data, { signal: run.signal, runtime: run.runtime });
    made.set(target.code, blockOf(found, problem, name));
    notices.push(...found.notices.map((notice) => ({ ...notice, class: target.label })));
    run.onProgress?.({ task: name, done: made.size, total: ranked.length });
  }
  const blocks = targets.map(({ code }) => made.get(code)!);
  return assembleAppended(data, blocks, notices);
}

interface TwoClasses {
  readonly data: Dataset;
  readonly strategy: SamplingStrategy;
  /** Row of the input of each row, or of the base where it was made. */
  readonly origin: Int32Array;
  /** 1 for rows that were made. */
  readonly isMade: Uint8Array;
}

/** The rows of a class and those of others, with the rows that the others got, as two classes. */
function pose(
  { X, y }: Dataset,
  { code, label, rows, count }: SamplingTarget,
  members: readonly Int32Array[],
  others: readonly number[],
  made: ReadonlyMap<number, SyntheticBlock & { readonly features: Float64Array }>,
): TwoClasses {
  const held = new Uint8Array(members.length);
  for (const other of [code, ...others]) held[other] = 1;
  const own = Int32Array.from([...y.codes.keys()].filter((row) => held[y.codes[row]!] === 1));
  const blocks = others.flatMap((other) => (made.has(other) ? [made.get(other)!] : []));
  const total = blocks.reduce((sum, { source }) => sum + source.length, own.length);
  const origin = new Int32Array(total);
  const isMade = new Uint8Array(total);
  origin.set(own);
  let at = own.length;
  for (const { source, base } of blocks) {
    for (let i = 0; i < source.length; i++, at++) {
      origin[at] = source[i]! >= 0 ? source[i]! : base[i]!;
      isMade[at] = source[i]! >= 0 ? 0 : 1;
    }
  }
  const classes = namedApart(label);
  const codes = new Int32Array(total).fill(1 - classes.indexOf(label));
  for (let i = 0; i < own.length; i++) if (y.codes[own[i]!] === code) codes[i] = classes.indexOf(label);
  const labels: Labels = { codes, classes };
  return {
    data: { X: stacked(X, own, blocks), y: labels },
    strategy: new Map([[label, rows + count]]),
    origin,
    isMade,
  };
}

/** The class under its own name, so that what is said of it names it, and all others under one; sorted. */
function namedApart(label: ClassLabel): readonly ClassLabel[] {
  if (typeof label === 'string') return [label, `not ${label}`].sort(byCodeUnit);
  return [label, label < 0 ? label / 2 : 2 * label + 1].sort((a, b) => a - b);
}

function stacked(
  X: NumericRows,
  rows: Int32Array,
  blocks: readonly { readonly features: Float64Array }[],
): NumericRows {
  const first = denseRows(X, rows).data;
  const data = new Float64Array(blocks.reduce((sum, { features }) => sum + features.length, first.length));
  data.set(first);
  let at = first.length;
  for (const { features } of blocks) {
    data.set(features, at);
    at += features.length;
  }
  return matrix(data, data.length / Math.max(1, X.columns), X.columns);
}

/** The new rows of a two-class problem in terms of the rows of the input. */
function blockOf(
  { data, provenance }: Resampled,
  { data: given, origin, isMade }: TwoClasses,
  name: string,
): SyntheticBlock & { readonly features: Float64Array } {
  const first = given.X.rows;
  const keeps = provenance.source.length >= first && provenance.dropped.length === 0;
  if (!keeps || provenance.source.subarray(0, first).some((row, i) => row !== i)) {
    throw new CounterweightError('bad-option', `${name} does more than add rows, so it cannot be decomposed`);
  }
  const fresh = Int32Array.from({ length: provenance.source.length - first }, (_, i) => first + i);
  const block = emptyBlock(fresh.length);
  for (let i = 0; i < fresh.length; i++) {
    const { source, base, neighbour, gap } = provenance;
    const [from, start, end] = [source[fresh[i]!]!, base[fresh[i]!]!, neighbour[fresh[i]!]!];
    if (from >= 0 && !isMade[from]) block.source[i] = origin[from]!;
    else block.base[i] = from >= 0 ? origin[from]! : start >= 0 ? origin[start]! : -1;
    if (from >= 0 || start < 0 || isMade[start] || (end >= 0 && isMade[end])) continue;
    block.neighbour[i] = end < 0 ? -1 : origin[end]!;
    block.gap[i] = gap[fresh[i]!]!;
  }
  return { ...block, features: denseRows(data.X, fresh).data };
}
