import type { Labels } from '../../data/labels.ts';
import type { Notice } from '../../runtime/notices.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { randomStream } from '../../runtime/random.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { assemble, droppedRows, provenanceOfCopies } from '../assemble.ts';
import { quoted, rowsByClass } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkFlag, checkOptions, checkShapes } from '../options.ts';
import type { RowSelection, RowSelector } from '../row-selector.ts';
import { type Compat, planSampling, type SamplingPlan, type SamplingStrategy } from '../sampling-strategy.ts';
import { emptiedClasses } from './under-sampler.ts';
import { checkWholeGroups, fillWithGroups, groupsOf } from './whole-groups.ts';

export interface RandomUnderOptions {
  /** Default `auto`: every class down to the smallest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** Draw the kept rows with replacement, so that a row may be kept twice. Default false. */
  readonly replacement?: boolean | undefined;
  /**
   * Rows of one group stay or go together, for data with groups. Groups are drawn; a group with a row of a class that loses
   * none stays; a notice says where the counts are not met. Not with `replacement`.
   * Not with `compat`. Default false.
   */
  readonly wholeGroups?: boolean | undefined;
  /** `imbalanced-learn`: the rows of its RandomUnderSampler 0.14 for the same integer `random_state`, in its order. */
  readonly compat?: Compat | undefined;
}

const name = 'random-under';

/**
 * Random under-sampling: of the targeted classes a random subset stays.
 *
 * Output: the kept rows in their input order. With `compat` they come class after class, those of a targeted class in the
 * order drawn, from one stream through all classes. Features may be anything, NaN included.
 * Throws what `planSampling` throws, `shape-mismatch`, and `bad-option` from the factory itself.
 */
export function randomUnder(options: RandomUnderOptions = {}): RowSelector {
  checkOptions(name, options, ['samplingStrategy', 'seed', 'replacement', 'wholeGroups', 'compat']);
  checkFlag('replacement', options.replacement);
  const { replacement, compat } = options;
  checkWholeGroups(options.wholeGroups, { compat, replacement });
  const selectRows = (labels: Labels, groups?: Int32Array) => select(labels, groups, options);
  return Object.freeze({
    name,
    samplingType: 'under-sampling',
    selectRows,
    resample: async (data, { signal } = {}) => {
      throwIfAborted(signal);
      checkShapes(data);
      const { source, dropped, notices } = selectRows(data.y, data.groups);
      return assemble(data, provenanceOfCopies(source, dropped), notices);
    },
  } satisfies RowSelector);
}

function select(labels: Labels, groups: Int32Array | undefined, options: RandomUnderOptions): RowSelection {
  const { samplingStrategy = 'auto', seed = 0, replacement = false, compat } = options;
  const plan = planSampling(samplingStrategy, labels, { samplingType: 'under-sampling', compat });
  if (options.wholeGroups) return selectGroups(labels, groups, plan, seed);
  const source = compat
    ? selectAsNumpy(labels, plan, seed, replacement)
    : selectInOrder(labels, plan, seed, replacement);
  return Object.freeze({
    source,
    dropped: droppedRows(source, labels.codes.length),
    notices: [...plan.notices, ...emptied(plan)],
  });
}

function selectGroups(labels: Labels, given: Int32Array | undefined, plan: SamplingPlan, seed: number): RowSelection {
  const groups = groupsOf({ y: labels, ...(given && { groups: given }) }, name);
  const order = randomStream(seed, name, 'groups').permutation(groups.count);
  const { removed, notices } = fillWithGroups({ labels, plan, groups }, order);
  const rows = Int32Array.from(removed.keys());
  const dropped = rows.filter((row) => removed[row] === 1);
  return Object.freeze({
    source: rows.filter((row) => removed[row] === 0),
    dropped,
    notices: [...plan.notices, ...emptiedClasses(labels, plan, dropped), ...notices],
  });
}

function selectInOrder(labels: Labels, plan: SamplingPlan, seed: number, replacement: boolean): Int32Array {
  const members = rowsByClass(labels, plan.counts);
  const copies = new Int32Array(labels.codes.length).fill(1);
  let total = labels.codes.length;
  for (const { code, rows, count } of plan.targets) {
    const own = members[code]!;
    const stream = classStream(seed, name, own);
    for (const row of own) copies[row] = 0;
    for (let i = 0; i < count; i++) {
      // Without replacement: the head of a Fisher-Yates shuffle, drawn no further than needed.
      const j = replacement ? stream.integer(rows) : i + stream.integer(rows - i);
      const row = own[j]!;
      copies[row]!++;
      if (!replacement) own[j] = own[i]!;
    }
    total += count - rows;
  }
  const source = new Int32Array(total);
  for (let row = 0, to = 0; row < copies.length; row++) {
    for (let copy = 0; copy < copies[row]!; copy++) source[to++] = row;
  }
  return source;
}

function selectAsNumpy(labels: Labels, plan: SamplingPlan, seed: number, replacement: boolean): Int32Array {
  const stream = numpyRandom(seed);
  const asked = new Map(plan.targets.map(({ code, count }) => [code, count]));
  const blocks = rowsByClass(labels, plan.counts).map((own, code) => {
    const count = asked.get(code);
    return count === undefined ? own : stream.choice(own.length, count, replacement).map((local) => own[local]!);
  });
  const source = new Int32Array(blocks.reduce((total, block) => total + block.length, 0));
  let end = 0;
  for (const block of blocks) {
    source.set(block, end);
    end += block.length;
  }
  return source;
}

function emptied({ targets }: SamplingPlan): Notice[] {
  return targets
    .filter(({ count }) => count === 0)
    .map(({ label, rows }) => ({
      code: 'class-emptied',
      severity: 'warning',
      message: `class ${quoted(label)} loses all its rows (${rows}), as asked`,
      class: label,
      numbers: { rows },
    }));
}
