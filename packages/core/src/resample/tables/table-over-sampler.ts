import type { Dataset } from '../../data/dataset.ts';
import type { Table } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { rowsByClass } from '../class-counts.ts';
import { checkFlag, checkOptions, checkShapes, checkWhole, checkWord } from '../options.ts';
import { copiesInTurn, emptyBlock, provenanceOfAppended, type SyntheticBlock } from '../over/synthetic-block.ts';
import { neighboursFor, type OnTooFewRows, onTooFewRows } from '../over/too-few-rows.ts';
import { type Compat, planSampling, type SamplingStrategy, type SamplingTarget } from '../sampling-strategy.ts';
import { assembleTable } from './assemble-table.ts';
import { type CellOptions, checkCellOptions } from './cell-options.ts';
import { type ColumnRoleOptions, checkRoleOptions, planRoles, type RolePlan } from './column-roles.ts';
import { mixedGroups } from './mixed-groups.ts';
import type { CellSource } from './new-cells.ts';
import type { ResampledTable, TableResampler } from './table-resampler.ts';

/** What SMOTE-NC and SMOTE-N have in common. */
export interface TableOverOptions extends ColumnRoleOptions, CellOptions {
  /** Default `auto`: every class up to the largest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /** Neighbours of its own class that have a say in a new row. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Default 0. With `compat`, from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
  /** At most so many new rows in all; see `planSampling`. */
  readonly maxNew?: number | undefined;
  /** What happens to a targeted class that has at most `kNeighbors` rows. Default `clamp-k`, with `compat` `error`. */
  readonly onTooFew?: OnTooFewRows | undefined;
  /** Every row of the class is the base of equally many new rows, give or take one. Default true; cannot be with `compat`. */
  readonly evenBase?: boolean | undefined;
  /** The rows of imbalanced-learn 0.14 for the same integer `random_state`, where no neighbours are tied. */
  readonly compat?: Compat | undefined;
}

const tableOverOptions = [
  'samplingStrategy',
  'kNeighbors',
  'seed',
  'maxNew',
  'onTooFew',
  'evenBase',
  'compat',
  'features',
  'ignore',
  'categoricalFeatures',
  'integers',
  'bounds',
] as const;

export interface TableProblem {
  readonly name: string;
  readonly data: Dataset<Table>;
  readonly roles: RolePlan;
  readonly seed: number;
  readonly compat: boolean;
  readonly evenBase: boolean;
  readonly notices: Notice[];
  readonly run: RunOptions;
}

export interface TableTask {
  readonly target: SamplingTarget;
  /** The rows of the class. */
  readonly rows: Int32Array;
  /** Neighbours within the class, at least 1. */
  readonly k: number;
}

/** New rows of a class, and for each column that votes decide the row that each new row takes its cell from. */
export interface VotedBlock {
  readonly block: SyntheticBlock;
  readonly donors: readonly Int32Array[];
}

export interface TableOverParts {
  readonly name: string;
  readonly options: TableOverOptions;
  /** Checks the columns and does what is done once for all classes; gives what makes the rows of one class. */
  begin(problem: TableProblem): Promise<(task: TableTask) => Promise<VotedBlock>>;
}

/** The frame of the over-samplers of tables: checks, the plan, classes too small, progress, the cells of new rows. */
export function tableOverSampler(parts: TableOverParts): TableResampler {
  const { name, options } = parts;
  checkOptions(name, options, tableOverOptions);
  checkWhole('kNeighbors', options.kNeighbors, 1);
  checkWord('onTooFew', options.onTooFew, onTooFewRows);
  checkFlag('evenBase', options.evenBase);
  if (options.compat && options.evenBase) {
    throw new CounterweightError('bad-option', 'evenBase cannot be true with compat: imbalanced-learn draws the bases');
  }
  checkCellOptions(options);
  checkRoleOptions(options);
  return Object.freeze({ name, resample: (data: Dataset<Table>, run: RunOptions = {}) => resample(parts, data, run) });
}

async function resample(parts: TableOverParts, data: Dataset<Table>, run: RunOptions): Promise<ResampledTable> {
  const { name, options } = parts;
  const { samplingStrategy = 'auto', seed = 0, maxNew, compat, kNeighbors = 5, evenBase = true } = options;
  throwIfAborted(run.signal);
  checkShapes(data, 'table');
  const plan = planSampling(samplingStrategy, data.y, { samplingType: 'over-sampling', compat, maxNew });
  const roles = planRoles(data.X, options, compat !== undefined);
  const notices: Notice[] = [...plan.notices, ...roles.notices];
  const members = rowsByClass(data.y, plan.counts);
  const onTooFew = options.onTooFew ?? (compat ? 'error' : 'clamp-k');
  const tasks = plan.targets
    .filter(({ count }) => count > 0)
    .map((target) => {
      return { target, rows: members[target.code]!, k: neighboursFor(target, { kNeighbors, onTooFew }, notices) };
    });
  const problem = { name, data, roles, seed, compat: compat !== undefined, evenBase, notices, run };
  const blockOf = await parts.begin(problem);
  const made: VotedBlock[] = [];
  run.onProgress?.({ task: name, done: 0, total: tasks.length });
  for (const task of tasks) {
    throwIfAborted(run.signal);
    const copies = task.k === 0;
    made.push(copies ? { block: copiesInTurn(task.target.count, task.rows), donors: [] } : await blockOf(task));
    run.onProgress?.({ task: name, done: made.length, total: tasks.length });
  }
  throwIfAborted(run.signal);
  const provenance = provenanceOfAppended(
    data.X.rows,
    made.map(({ block }) => block),
  );
  const cells: CellOptions = { integers: options.integers ?? (compat ? 'ignore' : 'keep'), bounds: options.bounds };
  notices.push(...mixedGroups(data.groups, provenance));
  return assembleTable(data, provenance, sourcesOf(roles, made), cells, notices);
}

function sourcesOf({ columns }: RolePlan, made: readonly VotedBlock[]): CellSource[] {
  let category = 0;
  return columns.map(({ role }): CellSource => {
    if (role === 'number') return { take: 'between' };
    if (role === 'carried') return { take: 'base' };
    const parts = made.flatMap(({ donors }) => (donors.length > 0 ? [donors[category]!] : []));
    category++;
    const rows = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let end = 0;
    for (const part of parts) {
      rows.set(part, end);
      end += part.length;
    }
    return { take: 'row', rows };
  });
}

/** A block of new rows that start from these rows. */
export function blockFrom(bases: Int32Array): SyntheticBlock & { readonly neighbour: Int32Array } {
  const block = emptyBlock(bases.length);
  block.base.set(bases);
  return block;
}
