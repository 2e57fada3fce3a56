import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { quoted } from '../class-counts.ts';
import type { Compat, SamplingTarget } from '../sampling-strategy.ts';

/**
 * What happens to a targeted class that has at most `kNeighbors` rows. `error`: `too-few-rows`. `clamp-k` (the default): all
 * its other rows are neighbours, with a notice; a class of one row is still an error. `random`: as `clamp-k`, but the class of
 * one row gets copies, with a notice. With `compat` the default is `error`.
 */
export type OnTooFewRows = 'error' | 'clamp-k' | 'random';

export const onTooFewRows: readonly OnTooFewRows[] = ['error', 'clamp-k', 'random'];

export interface NeighbourDemand {
  readonly kNeighbors: number;
  readonly compat?: Compat | undefined;
  readonly onTooFew?: OnTooFewRows | undefined;
}

/** Neighbours to look at within a class, 0 where its rows are to be copied instead; adds a notice or throws `too-few-rows`. */
export function neighboursFor(target: SamplingTarget, demand: NeighbourDemand, notices: Notice[]): number {
  const { kNeighbors, compat, onTooFew = compat ? 'error' : 'clamp-k' } = demand;
  const { label, rows } = target;
  if (rows > kNeighbors) return kNeighbors;
  if (onTooFew === 'error' || (onTooFew === 'clamp-k' && rows === 1)) {
    const needed = onTooFew === 'error' ? kNeighbors + 1 : 2;
    const message =
      rows === 1
        ? `class ${quoted(label)} has 1 row, and at least ${needed} are needed to make rows between them: set onTooFew to "random" to copy the row`
        : `class ${quoted(label)} has ${rows} rows, ${kNeighbors} neighbours need ${needed}: lower kNeighbors or set onTooFew to "clamp-k"`;
    throw new CounterweightError('too-few-rows', message, { class: label, rows, needed });
  }
  const k = rows - 1;
  notices.push({
    code: k === 0 ? 'copied-instead' : 'k-clamped',
    severity: 'warning',
    message:
      k === 0
        ? `class ${quoted(label)} has one row, which was copied ${target.count} times: there is no neighbour to move it towards`
        : `class ${quoted(label)} has ${rows} rows, so ${k} ${k === 1 ? 'neighbour was' : 'neighbours were'} used instead of ${kNeighbors}`,
    class: label,
    numbers: { rows, asked: kNeighbors, used: k },
  });
  return k;
}

export interface RowDemand {
  readonly data: { readonly X: { readonly rows: number } };
  readonly onTooFew: OnTooFewRows;
  readonly notices: Notice[];
}

/** Neighbours to look at among all other rows; adds the notice `k-clamped` or throws `too-few-rows`. */
export function clampAmongAll(problem: RowDemand, asked: number, option: string): number {
  const { data, onTooFew, notices } = problem;
  const others = data.X.rows - 1;
  if (others >= asked) return asked;
  if (onTooFew === 'error') {
    throw new CounterweightError(
      'too-few-rows',
      `the data have ${data.X.rows} rows, ${asked} neighbours need ${asked + 1}: lower ${option} or set onTooFew to "clamp-k"`,
      { rows: data.X.rows, needed: asked + 1 },
    );
  }
  notices.push({
    code: 'k-clamped',
    severity: 'warning',
    message: `the data have ${data.X.rows} rows, so ${option} is ${others} instead of ${asked}`,
    numbers: { rows: data.X.rows, asked, used: others },
  });
  return others;
}
