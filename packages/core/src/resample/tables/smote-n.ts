import { requireOptions } from '../../data/check-option-names.ts';
import { matrix } from '../../data/matrix.ts';
import { listed } from '../../data/quoted.ts';
import { allRows } from '../../data/select.ts';
import { mixedNeighbourIndex } from '../../neighbors/mixed-neighbour-index.ts';
import type { MixedRows } from '../../neighbors/mixed-rows.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { classStream } from '../class-stream.ts';
import { drawPairs } from '../over/pair-draws.ts';
import { categoryCodes, codesOfRows } from './category-codes.ts';
import { mixedGroupsNotice } from './mixed-groups.ts';
import {
  blockFrom,
  type TableOverOptions,
  type TableProblem,
  type TableTask,
  tableOverSampler,
  type VotedBlock,
} from './table-over-sampler.ts';
import type { TableResampler } from './table-resampler.ts';
import { type Ballot, smallestWinnerOf, winnerOf } from './votes.ts';

export type SmoteNOptions = TableOverOptions;

const name = 'smote-n';

/**
 * SMOTE-N, for tables of categories.
 *
 * Rows of a class are compared by the value difference metric over all rows: for each column the squared sum over classes of
 * |P(class | a) - P(class | b)|. Each category of a new row is the one that most of a row and its k nearest of the class have; of
 * several, the row's own, else that of the nearest that has one of them. So all new rows of one base are equal, and often equal to
 * a row that is there. A missing cell is a category of its own. Numbers are categories only where `categoricalFeatures` says so.
 *
 * Output: all input rows in their order, then the new rows, class after class. Provenance names the base; there is no one
 * neighbour. Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: synthetic minority over-sampling technique", JAIR 16 (2002), section 6.2.
 * With `compat`, bases are drawn, every class repeats one random sequence, and ties go to the category that sorts first.
 *
 * Throws what `planSampling` throws, `too-few-rows`, `wrong-columns` (numbers, or no categories), `no-such-column`,
 * `shape-mismatch`, and `bad-option` from the factory.
 */
export function smoteN(options: SmoteNOptions = {}): TableResampler {
  requireOptions(name, options);
  return tableOverSampler({ name, options, begin });
}

async function begin(problem: TableProblem) {
  const { roles, data, run } = problem;
  const numbers = roles.columns.filter(({ role, seen }) => role === 'number' && seen);
  if (numbers.length > 0) {
    const names = numbers.map(({ column }) => column.name);
    throw wrongColumns(
      `there are numbers in ${listed(names, 5)}: name them in categoricalFeatures or ignore, or use smote-nc`,
    );
  }
  const categorical = roles.columns.filter(({ role }) => role === 'category');
  const seen = categorical.flatMap(({ seen: isSeen }, index) => (isSeen ? [index] : []));
  if (seen.length === 0) throw wrongColumns('there are none');
  const all = categorical.map(({ column }) => categoryCodes(column));
  const compared = seen.map((index) => all[index]!);
  const rows: MixedRows = {
    kind: 'mixed',
    rows: data.X.rows,
    numeric: matrix(new Float64Array(0), data.X.rows, 0),
    codes: codesOfRows(compared, allRows(data.X.rows)),
    categories: compared.map(({ count }) => count),
  };
  const nearest = async (task: TableTask) => {
    const index = await mixedNeighbourIndex({ rows, metric: 'vdm', labels: data.y.codes }, run);
    try {
      const request = { queries: task.rows, k: task.k, within: task.rows };
      return (await index.nearest(request, { signal: run.signal })).indices;
    } finally {
      index.dispose();
    }
  };
  return async (task: TableTask): Promise<VotedBlock> => {
    const bases = basesOf(problem, task);
    const voters = withThemselves(await nearest(task), task);
    const ballot: Ballot = { codes: codesOfRows(all, task.rows), width: all.length, voters, k: task.k + 1 };
    const mixed = mixedVotes(data.groups, bases, ballot, task.rows);
    if (mixed > 0) problem.notices.push(mixedGroupsNotice(mixed, bases.length));
    const winner = problem.compat ? smallestWinnerOf : winnerOf;
    const donors = all.map((_, column) => bases.map((position) => task.rows[winner(ballot, position, column)]!));
    return { block: blockFrom(bases.map((position) => task.rows[position]!)), donors };
  };
}

function wrongColumns(message: string): CounterweightError {
  return new CounterweightError('wrong-columns', `${name} needs columns of categories, and ${message}`);
}

function basesOf({ compat, seed, evenBase }: TableProblem, { rows, target }: TableTask): Int32Array {
  if (compat) return numpyRandom(seed).choice(rows.length, target.count, true);
  return drawPairs(classStream(seed, name, rows), rows.length, 1, target.count, evenBase).base;
}

/** Positions in the class of each row itself and of its neighbours, which come as rows of the table. */
function withThemselves(neighbours: Int32Array, { rows, k }: TableTask): Int32Array {
  const positionOf = new Map(Array.from(rows, (row, position) => [row, position]));
  const voters = new Int32Array(rows.length * (k + 1));
  for (let i = 0; i < rows.length; i++) {
    voters[i * (k + 1)] = i;
    for (let n = 0; n < k; n++) voters[i * (k + 1) + 1 + n] = positionOf.get(neighbours[i * k + n]!)!;
  }
  return voters;
}

/** New rows whose voters are of several groups. */
function mixedVotes(
  groups: Int32Array | undefined,
  bases: Int32Array,
  { voters, k }: Ballot,
  rows: Int32Array,
): number {
  if (!groups) return 0;
  const groupOf = (position: number) => groups[rows[position]!];
  return bases.reduce((count, base) => {
    const own = voters.subarray(base * k, (base + 1) * k);
    return count + Number(own.some((voter) => groupOf(voter) !== groupOf(base)));
  }, 0);
}
