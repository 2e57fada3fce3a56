import type { ClassLabel } from '../../data/labels.ts';
import { counted } from '../../data/quoted.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { targetsByCode } from '../class-targets.ts';
import type { UnderProblem } from './under-sampler.ts';

/** Rows that a class keeps at least, as a multiple of the smallest class's rows: for all classes, or by label. */
export type MinRatio = number | ReadonlyMap<ClassLabel, number> | Readonly<Record<string, number>>;

export interface RemovalBound {
  /** Names the random streams. */
  readonly method: string;
  readonly minRatio: MinRatio;
  /** Removes further rows at random from targeted classes that stay above the bound. */
  readonly forceMinRatio: boolean;
}

/**
 * Keeps a cleaning method from taking too much: of each class at least `ceil(minRatio · rows of the smallest class)` rows
 * stay (all of a smaller class), rows coming back at random, with the notice `cleaning-bounded`. The idea is that of the
 * `min_ratios` of Imbalance.jl. Takes and gives 1 for each row that goes. Throws `bad-option`, `unknown-class`.
 */
export function boundRemoval(removed: Uint8Array, problem: UnderProblem, bound: RemovalBound): Uint8Array {
  const { plan, members, seed, notices } = problem;
  const ratios = ratiosByCode(bound.minRatio, problem);
  const smallest = plan.counts[problem.minority]!;
  const bounded = removed.slice();
  for (const { code, label } of plan.targets) {
    const ratio = ratios.get(code);
    if (ratio === undefined) continue;
    const rows = members[code]!;
    const asked = Math.ceil(ratio * smallest * (1 - 4 * Number.EPSILON));
    const least = Math.min(rows.length, asked);
    const gone = rows.filter((row) => removed[row] === 1);
    const kept = rows.length - gone.length;
    if (kept === least || (kept > least && !bound.forceMinRatio)) continue;
    const stream = classStream(seed, `${bound.method} bound`, rows);
    const back = kept < least;
    const pool = back ? gone : rows.filter((row) => removed[row] === 0);
    for (const row of draw(pool, Math.abs(least - kept), stream)) bounded[row] = back ? 0 : 1;
    notices.push({
      code: back ? 'cleaning-bounded' : 'cut-to-ratio',
      severity: 'info',
      message: back
        ? `${keeps(label, least, asked)}: ${least - kept} of ${counted(gone.length, 'row')} to be removed came back`
        : `class ${quoted(label)} loses ${counted(kept - least, 'further row')} at random, down to the ${least} that minRatio asks`,
      class: label,
      numbers: { kept: least, cleaned: gone.length },
    });
  }
  return bounded;
}

function keeps(label: ClassLabel, least: number, asked: number): string {
  return least < asked
    ? `class ${quoted(label)} keeps all its rows (${least}), as minRatio asks for ${asked}`
    : `class ${quoted(label)} keeps ${counted(least, 'row')} as minRatio asks`;
}

/** `count` of the rows, without replacement; changes the order of `rows`. */
export function draw(rows: Int32Array, count: number, stream: RandomStream): Int32Array {
  for (let i = 0; i < count; i++) {
    const j = i + stream.integer(rows.length - i);
    const row = rows[j]!;
    rows[j] = rows[i]!;
    rows[i] = row;
  }
  return rows.subarray(0, count);
}

function ratiosByCode(minRatio: MinRatio, { data, plan }: UnderProblem): Map<number, number> {
  const ratios =
    typeof minRatio === 'number'
      ? new Map(plan.targets.map(({ code }) => [code, minRatio]))
      : (targetsByCode(minRatio, data.y, plan.counts, 'minRatio') as Map<number, unknown>);
  for (const [code, ratio] of ratios) {
    if (typeof ratio === 'number' && ratio >= 0 && Number.isFinite(ratio)) continue;
    throw new CounterweightError(
      'bad-option',
      `minRatio of class ${quoted(data.y.classes[code]!)} must be a number of at least 0, got ${String(ratio)}`,
    );
  }
  return ratios as Map<number, number>;
}
