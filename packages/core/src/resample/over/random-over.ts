import type { Labels } from '../../data/labels.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { assemble, provenanceOfCopies } from '../assemble.ts';
import { rowsByClass } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkOptions, checkShapes } from '../options.ts';
import type { RowSelection, RowSelector } from '../row-selector.ts';
import { type Compat, planSampling, type SamplingStrategy } from '../sampling-strategy.ts';

export interface RandomOverOptions {
  /** Default `auto`: every class up to the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** At most so many new rows in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
  /** `imbalanced-learn`: the rows of its RandomOverSampler 0.14 for the same integer `random_state`, in its order. */
  readonly compat?: Compat | undefined;
}

const name = 'random-over';

/**
 * Random over-sampling: rows of the targeted classes are drawn with replacement and appended.
 *
 * Output: all input rows in their order, then the copies, class after class. Features may be anything, NaN included.
 * Each class draws from its own stream; imbalanced-learn, and `compat`, runs one stream through all classes.
 * Throws what `planSampling` throws, `shape-mismatch`, and `bad-option` from the factory itself.
 */
export function randomOver(options: RandomOverOptions = {}): RowSelector {
  checkOptions(name, options, ['samplingStrategy', 'seed', 'maxNew', 'compat']);
  const selectRows = (labels: Labels) => select(labels, options);
  return Object.freeze({
    name,
    selectRows,
    resample: async (data, { signal } = {}) => {
      throwIfAborted(signal);
      checkShapes(data);
      const { source, dropped, notices } = selectRows(data.y);
      return assemble(data, provenanceOfCopies(source, dropped), notices);
    },
  } satisfies RowSelector);
}

function select(
  labels: Labels,
  { samplingStrategy = 'auto', seed = 0, maxNew, compat }: RandomOverOptions,
): RowSelection {
  const plan = planSampling(samplingStrategy, labels, { samplingType: 'over-sampling', compat, maxNew });
  const members = rowsByClass(labels, plan.counts);
  const rows = labels.codes.length;
  const source = new Int32Array(plan.targets.reduce((total, { count }) => total + count, rows));
  for (let row = 0; row < rows; row++) source[row] = row;
  const numpy = compat && numpyRandom(seed);
  let end = rows;
  for (const { code, count } of plan.targets) {
    const own = members[code]!;
    const stream = numpy ? undefined : classStream(seed, name, own);
    const draw = numpy ? () => numpy.randint(0, own.length) : () => stream!.integer(own.length);
    for (let i = 0; i < count; i++) source[end++] = own[draw()]!;
  }
  return Object.freeze({ source, dropped: new Int32Array(0), notices: plan.notices });
}
