import { requireOptions } from '../../data/check-option-names.ts';
import { medianInPlace } from '../../data/encode/standardise.ts';
import type { NumericColumn } from '../../data/table.ts';
import { mixedNeighbourIndex } from '../../neighbors/mixed-neighbour-index.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkWord } from '../options.ts';
import { drawPairs, drawPairsAsNumpy } from '../over/pair-draws.ts';
import { type CategoryCodes, categoryCodes, codesOfRows } from './category-codes.ts';
import { classNumbers, missingValue } from './class-numbers.ts';
import type { ColumnPlan } from './column-roles.ts';
import {
  blockFrom,
  type TableOverOptions,
  type TableProblem,
  type TableTask,
  tableOverSampler,
  type VotedBlock,
} from './table-over-sampler.ts';
import type { TableResampler } from './table-resampler.ts';
import { type Ballot, shuffledWinners, winnerOf } from './votes.ts';

export interface SmoteNcOptions extends TableOverOptions {
  /**
   * Missing numbers. `impute` (the default): distances take the median of the class in their place, and the new row's cell
   * follows its parents (see `buildTable`). `error`: `missing-value`; always so with `compat`. A missing category is a category
   * of its own.
   */
  readonly missing?: 'impute' | 'error' | undefined;
  /**
   * `none` (the default, as in the paper): numbers count as they stand. `standard`: divided by their standard deviation within
   * the class, so that every column of numbers weighs the same, and m is 1. Not with `compat`.
   */
  readonly scale?: 'none' | 'standard' | undefined;
}

const name = 'smote-nc';

/**
 * SMOTE-NC, for tables of numbers and categories, without one-hot columns.
 *
 * Two rows of a class are as far apart as the root of the sum of the squared differences of their numbers, plus m^2 for every
 * category that differs; m is the median, over the columns of numbers, of the standard deviation (divisor n) within the class.
 * Numbers of a new row lie on the segment between a row and one of its k nearest of the class. Each category is the one that
 * most of these k have; of several, the row's own, else that of the nearest neighbour that has one of them.
 *
 * Output: all input rows in their order, then the new rows, class after class. Provenance gives the numbers; categories come
 * from several rows. Numbers are taken as they are unless `scale` says otherwise: columns on a larger scale weigh more, also in m. Where more than half of
 * the columns of numbers are constant in a class, m is 0 and categories do not count, with the notice `no-mismatch`.
 *
 * Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: synthetic minority over-sampling technique", JAIR 16 (2002), section 6.1. With
 * `compat`, ties are broken by imbalanced-learn's shuffle, bases are drawn, every class repeats one random sequence, columns
 * of all kinds but dates are used, and integers are left as they come (imbalanced-learn truncates them in integer arrays).
 *
 * Throws what `planSampling` throws, `too-few-rows`, `wrong-columns` (no numbers, or no categories), `no-such-column`,
 * `missing-value`, `distance-overflow`, `shape-mismatch`, and `bad-option` from the factory.
 */
export function smoteNc(options: SmoteNcOptions = {}): TableResampler {
  requireOptions(name, options);
  const { missing = 'impute', scale = 'none', ...common } = options;
  checkWord('missing', missing, ['impute', 'error']);
  checkWord('scale', scale, ['none', 'standard']);
  if (options.compat && scale !== 'none') {
    throw new CounterweightError(
      'bad-option',
      'scale must be none with compat: imbalanced-learn takes numbers as they stand',
    );
  }
  const refuse = missing === 'error' || options.compat !== undefined;
  const standard = scale === 'standard';
  return tableOverSampler({ name, options: common, begin: async (problem) => begin(problem, refuse, standard) });
}

interface Columns {
  readonly numbers: readonly NumericColumn[];
  /** Of all categories, and where among them those are that distances look at. */
  readonly categories: readonly CategoryCodes[];
  readonly seen: readonly number[];
  /** Whether numbers are brought to deviation 1. */
  readonly standard: boolean;
}

function begin(problem: TableProblem, refuseMissing: boolean, standard: boolean) {
  const planned = problem.roles.columns;
  const categorical = planned.filter(({ role }) => role === 'category');
  const isNumber = (plan: ColumnPlan) => plan.role === 'number' && plan.seen;
  const numbers = planned.filter(isNumber).map(({ column }) => column as NumericColumn);
  const seen = categorical.flatMap((plan, index) => (plan.seen ? [index] : []));
  if (numbers.length === 0) throw wrongColumns('numbers', 'smote-n is for categories alone');
  if (seen.length === 0) throw wrongColumns('categories', 'smote is for numbers alone');
  for (const { name: column, values } of refuseMissing ? numbers : []) {
    const row = values.findIndex(Number.isNaN);
    if (row >= 0) throw missingValue(name, column, row);
  }
  const categories = categorical.map(({ column }) => categoryCodes(column));
  return (task: TableTask) => synthesise(problem, task, { numbers, categories, seen, standard });
}

function wrongColumns(what: string, hint: string): CounterweightError {
  return new CounterweightError('wrong-columns', `${name} needs numbers and categories, there are no ${what}: ${hint}`);
}

async function synthesise(problem: TableProblem, task: TableTask, columns: Columns): Promise<VotedBlock> {
  const { seed, compat, evenBase, run } = problem;
  const { target, rows, k } = task;
  const { numeric, deviations } = classNumbers(columns.numbers, rows);
  if (columns.standard) standardise(numeric.data, deviations);
  const mismatch = medianInPlace(deviations);
  if (mismatch === 0 && !compat) problem.notices.push(noMismatch(task));
  const codes = codesOfRows(columns.categories, rows);
  const ballotOf = (voters: Int32Array): Ballot => ({ codes, width: columns.categories.length, voters, k });
  const voters = await nearest();
  const draws = compat
    ? drawPairsAsNumpy(seed, rows.length, k, target.count)
    : drawPairs(classStream(seed, name, rows), rows.length, k, target.count, evenBase);
  const block = blockFrom(draws.base.map((position) => rows[position]!));
  for (let i = 0; i < target.count; i++) {
    block.neighbour[i] = rows[voters[draws.base[i]! * k + draws.rank[i]!]!]!;
  }
  const donors = compat
    ? donorsAsPeer(ballotOf(voters), draws.base, rows, columns, mismatch, seed)
    : donorsOf(ballotOf(voters), draws.base, rows);
  return { block: { ...block, gap: draws.gap }, donors };

  async function nearest(): Promise<Int32Array> {
    const all = columns.seen.length === columns.categories.length;
    const categories = columns.seen.map((index) => columns.categories[index]!);
    const mixed = { numeric, codes: all ? codes : codesOfRows(categories, rows) };
    const index = await mixedNeighbourIndex(
      {
        rows: { kind: 'mixed', rows: rows.length, ...mixed, categories: categories.map(({ count }) => count) },
        metric: 'euclidean-mismatch',
        mismatch,
      },
      run,
    );
    try {
      return (await index.nearest({ k }, { signal: run.signal })).indices;
    } finally {
      index.dispose();
    }
  }
}

/** Divides columns by their deviations, which become 1; constant columns are left out of the median by taking part as 1. */
function standardise(data: Float64Array, deviations: Float64Array): void {
  for (let at = 0; at < data.length; at++) {
    const deviation = deviations[at % deviations.length]!;
    if (deviation > 0) data[at]! /= deviation;
  }
  if (deviations.some((deviation) => deviation > 0)) deviations.fill(1);
}

function donorsOf(ballot: Ballot, bases: Int32Array, rows: Int32Array): Int32Array[] {
  return Array.from({ length: ballot.width }, (_, column) =>
    bases.map((position) => rows[winnerOf(ballot, position, column)]!),
  );
}

/** A row with the winning code for each new row: any row will do, as they differ in nothing else that is taken. */
function donorsAsPeer(
  ballot: Ballot,
  bases: Int32Array,
  rows: Int32Array,
  { categories }: Columns,
  mismatch: number,
  seed: number,
): Int32Array[] {
  const random = numpyRandom(seed);
  const share = mismatch === 0 ? 1 : mismatch / Math.SQRT2;
  return categories.map(({ codes, count, missing }, index) => {
    const holder = new Int32Array(count).fill(-1);
    for (let row = codes.length - 1; row >= 0; row--) holder[codes[row]! < 0 ? missing : codes[row]!] = row;
    const winners = shuffledWinners(ballot, bases, { index, count }, share, random);
    return winners.map((code) => (holder[code]! < 0 ? rows[0]! : holder[code]!));
  });
}

function noMismatch({ target }: TableTask) {
  return {
    code: 'no-mismatch',
    severity: 'warning',
    message:
      `more than half of the columns of numbers are constant in class ${quoted(target.label)}, so categories do not count ` +
      `in its distances; leave such columns out with ignore`,
    class: target.label,
  } as const;
}
