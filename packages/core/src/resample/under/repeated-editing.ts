import { subsetLabels } from '../../data/labels.ts';
import { counted } from '../../data/quoted.ts';
import { classCounts, quoted } from '../class-counts.ts';
import { planSampling, type SamplingStrategy } from '../sampling-strategy.ts';
import { editingPass, type KindSel } from './edited-nearest-neighbours.ts';
import { shrinkingNeighbours } from './shrinking-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';

/** Neighbours held beyond those asked for; rows that lose more of theirs over the rounds are searched anew. */
const SPARE = 5;

export interface EditingRounds {
  /** Neighbours of each round, at most; the rounds end with it. */
  readonly neighbours: readonly number[];
  readonly kindSel: KindSel;
  readonly samplingStrategy: SamplingStrategy;
  /** Ends when a round removes nothing. */
  readonly untilSettled: boolean;
  /** Goes on when a class has become smaller than the smallest was. */
  readonly allowMinority: boolean;
}

/**
 * Editing round after round, each on what the last one left. It ends after a round that leaves one of the other classes with
 * fewer rows than the smallest class had, or with none; that round counts. Returns 1 for each row that goes.
 *
 * With `compat` the strategy is worked out anew each round, as imbalanced-learn does: when a class has shrunk to the size
 * of the smallest, the tie may make it the smallest, and the rare class is cleaned. Else the classes are those of the start.
 */
export async function editInRounds(problem: UnderProblem, rounds: EditingRounds): Promise<Uint8Array> {
  const neighbours = shrinkingNeighbours(problem, { most: Math.max(...rounds.neighbours), spare: SPARE });
  try {
    return await goThrough(problem, rounds, editingPass(problem, neighbours, rounds.kindSel));
  } finally {
    neighbours.dispose();
  }
}

async function goThrough(
  problem: UnderProblem,
  rounds: EditingRounds,
  pass: ReturnType<typeof editingPass>,
): Promise<Uint8Array> {
  const { data, compat, run } = problem;
  const gone = new Uint8Array(data.X.rows);
  let left = data.X.rows;
  let settled = !rounds.untilSettled;
  for (const [round, asked] of rounds.neighbours.entries()) {
    run.onProgress?.({ task: 'editing round', done: round, total: rounds.neighbours.length });
    const targeted = compat && round > 0 ? targetsOfRest(problem, gone, rounds.samplingStrategy) : problem.targeted;
    const k = Math.min(asked, left - 1);
    const found = k > 0 ? await pass(k, gone, targeted) : new Int32Array(0);
    for (let i = 0; i < found.length; i++) gone[found[i]!] = 1;
    left -= found.length;
    settled ||= found.length === 0;
    if (rounds.untilSettled && found.length === 0) break;
    if (hasToStop(problem, gone, rounds.allowMinority, round)) return gone;
  }
  if (!settled) {
    problem.notices.push({
      code: 'not-settled',
      severity: 'info',
      message: `stopped after ${rounds.neighbours.length} rounds, the last of which still removed rows`,
      numbers: { rounds: rounds.neighbours.length },
    });
  }
  return gone;
}

function hasToStop(problem: UnderProblem, gone: Uint8Array, allowMinority: boolean, round: number): boolean {
  const { plan, minority, notices, data } = problem;
  const left = plan.counts.slice();
  for (let row = 0; row < gone.length; row++) if (gone[row] === 1) left[data.y.codes[row]!]!--;
  const least = plan.counts[minority]!;
  const code = [...left.keys()].find((each) => {
    const vanished = plan.counts[each]! > 0 && left[each] === 0;
    return vanished || (!allowMinority && each !== minority && plan.counts[each]! > 0 && left[each]! < least);
  });
  if (code === undefined) return false;
  const label = data.y.classes[code]!;
  notices.push({
    code: 'stopped-early',
    severity: 'warning',
    message: `round ${round + 1} was the last, as class ${quoted(label)} was down to ${counted(left[code]!, 'row')} by then and the smallest class had ${least}`,
    class: label,
    numbers: { rounds: round + 1, rows: left[code]!, smallest: least },
  });
  return true;
}

function targetsOfRest({ data }: UnderProblem, gone: Uint8Array, samplingStrategy: SamplingStrategy): Uint8Array {
  const rest = subsetLabels(
    data.y,
    Int32Array.from(data.y.codes.keys()).filter((row) => gone[row] === 0),
  );
  const targeted = new Uint8Array(classCounts(rest).length);
  const plan = planSampling(samplingStrategy, rest, { samplingType: 'clean-sampling', compat: 'imbalanced-learn' });
  for (const { code } of plan.targets) targeted[code] = 1;
  return targeted;
}
