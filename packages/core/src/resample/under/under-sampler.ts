import type { Dataset } from '../../data/dataset.ts';
import type { Labels } from '../../data/labels.ts';
import { sortedOrder } from '../../data/sorted-order.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { assemble, droppedRows, provenanceOfCopies } from '../assemble.ts';
import { quoted, rowsByClass } from '../class-counts.ts';
import { checkFinite, checkOptions, checkShapes, checkWord } from '../options.ts';
import type { DataRowSelector, RowSelection } from '../row-selector.ts';
import { type Compat, planSampling, type SamplingPlan, type SamplingStrategy } from '../sampling-strategy.ts';
import { minorityCode } from './minority.ts';
import { checkWholeGroups, cleanByGroups, fillWithGroups, type Groups, groupsOf } from './whole-groups.ts';

export interface UnderSamplerOptions {
  readonly samplingStrategy?: SamplingStrategy | undefined;
  readonly seed?: number | undefined;
  readonly onTooFew?: OnTooFew | undefined;
  readonly wholeGroups?: boolean | undefined;
  readonly compat?: Compat | undefined;
}

/**
 * What happens where fewer rows are there than neighbours are asked for. `error`: `too-few-rows`. `clamp-k`: all there are
 * are looked at, with a notice. `random`: as `clamp-k`, and where a method finds fewer rows than asked to keep, rows drawn
 * at random make up the number, with a notice.
 */
export type OnTooFew = 'error' | 'clamp-k' | 'random';

/** What a method that takes rows away looks at. */
export interface UnderProblem {
  readonly data: Dataset;
  readonly plan: SamplingPlan;
  /** Rows of each class, ascending. */
  readonly members: readonly Int32Array[];
  /** 1 for each class that may lose rows. */
  readonly targeted: Uint8Array;
  /** Code of the class that the others are held against. */
  readonly minority: number;
  readonly seed: number;
  readonly compat: boolean;
  readonly onTooFew: OnTooFew;
  /** What there is to say; methods add to it. */
  readonly notices: Notice[];
  readonly run: RunOptions;
}

/**
 * What a method decided: which rows go (1 in `removed`), the others staying in input order or, class by class, in label
 * order; or the rows that stay, in the order of the output.
 */
export type Choice =
  | { readonly removed: Uint8Array; readonly order?: 'input' | 'class' }
  | { readonly source: Int32Array };

export interface UnderSamplerParts {
  readonly name: string;
  readonly samplingType: 'under-sampling' | 'clean-sampling';
  readonly options: UnderSamplerOptions;
  /** Options of the method besides those of `UnderSamplerOptions`. */
  readonly known: readonly string[];
  choose(problem: UnderProblem): Promise<Choice>;
}

/** The frame of every method that takes rows away: checks, the plan, the order of the output, provenance and notices. */
export function underSampler(parts: UnderSamplerParts): DataRowSelector {
  const { name, options } = parts;
  checkOptions(name, options, ['samplingStrategy', 'seed', 'onTooFew', 'wholeGroups', 'compat', ...parts.known]);
  checkWord('onTooFew', options.onTooFew, ['error', 'clamp-k', 'random']);
  checkWholeGroups(options.wholeGroups, { compat: options.compat });
  const select = async (data: Dataset, run: RunOptions = {}): Promise<RowSelection> => {
    throwIfAborted(run.signal);
    const problem = poseProblem(parts, data, run);
    const groups = options.wholeGroups ? groupsOf(data, name) : undefined;
    run.onProgress?.({ task: name, done: 0, total: 1 });
    const chosen = await parts.choose(problem);
    const source = orderOf(groups ? byGroups(parts, problem, groups, chosen) : chosen, problem);
    throwIfAborted(run.signal);
    run.onProgress?.({ task: name, done: 1, total: 1 });
    const dropped = droppedRows(source, data.X.rows);
    return Object.freeze({ source, dropped, notices: [...problem.notices, ...outcome(parts, problem, dropped)] });
  };
  return Object.freeze({
    name,
    samplingType: parts.samplingType,
    select,
    resample: async (data: Dataset, run: RunOptions = {}) => {
      const { source, dropped, notices } = await select(data, run);
      return assemble(data, provenanceOfCopies(source, dropped), notices);
    },
  });
}

/** Checks the data and works the strategy out. Throws what `planSampling` throws, `shape-mismatch`, `not-finite`. */
export function poseProblem(
  { name, options, samplingType }: Pick<UnderSamplerParts, 'name' | 'options' | 'samplingType'>,
  data: Dataset,
  run: RunOptions,
): UnderProblem {
  const { samplingStrategy = 'auto', seed = 0, compat } = options;
  checkShapes(data);
  const plan = planSampling(samplingStrategy, data.y, { samplingType, compat });
  checkFinite(data.X, name);
  const targeted = new Uint8Array(plan.counts.length);
  for (const { code } of plan.targets) targeted[code] = 1;
  return {
    data,
    plan,
    members: rowsByClass(data.y, plan.counts),
    targeted,
    minority: minorityCode(data.y, plan.counts, compat),
    seed,
    compat: compat !== undefined,
    onTooFew: options.onTooFew ?? (compat ? 'error' : 'clamp-k'),
    notices: [...plan.notices],
    run,
  };
}

/** A choice of rows as one of groups: under-sampling takes those first of which the method keeps the largest share. */
function byGroups({ samplingType }: UnderSamplerParts, problem: UnderProblem, groups: Groups, choice: Choice): Choice {
  const { data, plan, notices } = problem;
  const decided = 'removed' in choice ? choice.removed : new Uint8Array(data.X.rows).fill(1);
  if ('source' in choice) for (const row of choice.source) decided[row] = 0;
  const grouped = { labels: data.y, plan, groups };
  const found =
    samplingType === 'clean-sampling'
      ? cleanByGroups(grouped, decided)
      : fillWithGroups(grouped, sortedOrder(shareRemoved(groups, decided)));
  // What the method said of single rows does not hold for groups.
  const left = notices.filter(({ code }) => code !== 'fewer-than-asked' && code !== 'filled-at-random');
  notices.splice(0, notices.length, ...left, ...found.notices);
  return { removed: found.removed };
}

/** Of each group the share of its rows that the method removes. */
function shareRemoved({ count, starts, rows }: Groups, removed: Uint8Array): Float64Array {
  return Float64Array.from({ length: count }, (_, group) => {
    let gone = 0;
    for (let i = starts[group]!; i < starts[group + 1]!; i++) gone += removed[rows[i]!]!;
    return gone / (starts[group + 1]! - starts[group]!);
  });
}

function orderOf(choice: Choice, { members }: UnderProblem): Int32Array {
  if ('source' in choice) return choice.source;
  const { removed, order = 'input' } = choice;
  const kept = removed.reduce((total, gone) => total - gone, removed.length);
  const source = new Int32Array(kept);
  let to = 0;
  if (order === 'input') {
    for (let row = 0; row < removed.length; row++) if (removed[row] === 0) source[to++] = row;
    return source;
  }
  for (const rows of members) {
    for (let i = 0; i < rows.length; i++) if (removed[rows[i]!] === 0) source[to++] = rows[i]!;
  }
  return source;
}

function outcome({ name, samplingType }: UnderSamplerParts, problem: UnderProblem, dropped: Int32Array): Notice[] {
  const bounded = problem.notices.some(({ code }) => code === 'cleaning-bounded' || code === 'groups-kept-whole');
  if (dropped.length === 0 && samplingType === 'clean-sampling') {
    // What stays for the sake of a bound or a group was found before.
    if (bounded) return [];
    return [{ code: 'nothing-removed', severity: 'info', message: `${name} found no row to remove` }];
  }
  return emptiedClasses(problem.data.y, problem.plan, dropped);
}

/** A notice for each class that lost all its rows. */
export function emptiedClasses(labels: Labels, plan: SamplingPlan, dropped: Int32Array): Notice[] {
  const left = plan.counts.slice();
  for (let i = 0; i < dropped.length; i++) left[labels.codes[dropped[i]!]!]!--;
  return plan.targets
    .filter(({ code, rows }) => rows > 0 && left[code] === 0)
    .map(({ label, rows }) => ({
      code: 'class-emptied',
      severity: 'warning',
      message: `class ${quoted(label)} loses all its rows (${rows})`,
      class: label,
      numbers: { rows },
    }));
}
