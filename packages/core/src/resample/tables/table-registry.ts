import { requireOptions } from '../../data/check-option-names.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { type Decomposition, decompose } from '../multi-class/decompose.ts';
import { checkFlag, checkWord } from '../options.ts';
import { resamplers, unknownResampler } from '../registry.ts';
import type { ResamplerEntry, ResamplerOptions } from '../registry-entry.ts';
import type { Resampler } from '../resampler.ts';
import type { SamplingStrategy } from '../sampling-strategy.ts';
import { type AdaptedParts, adaptResampler, prepareTable, type TableOptions } from './adapt-resampler.ts';
import { type CellOptions, checkCellOptions } from './cell-options.ts';
import { checkRoleOptions, planRoles } from './column-roles.ts';
import { smoteN } from './smote-n.ts';
import { smoteNc } from './smote-nc.ts';
import type { TableResampler } from './table-resampler.ts';
import { withinGroups } from './within-groups.ts';

export interface TableResamplerEntry extends Omit<ResamplerEntry, 'create'> {
  /** `numbers`: made for numbers; it sees the table through an encoding. `table`: made for tables. */
  readonly takes: 'numbers' | 'table';
  /** Options of the method and those of `TableMethodOptions`, together. */
  create(options?: ResamplerOptions): TableResampler;
}

/** What every method takes besides its own options when it goes over a table. */
export interface TableMethodOptions extends TableOptions {
  /**
   * Whether both parents of a new row must be of one group; for methods that add rows to data with groups. By default they may
   * be of any: the row counts as of its base's group, and a notice says how many have parents of two.
   */
  readonly withinGroups?: boolean | undefined;
  /**
   * What a class is held against, for methods for numbers that make rows class by class: all other rows as one class
   * (`one-vs-rest`), or the larger classes with the rows that these got (`successive`); see `decompose`. By default methods see
   * all classes as they are.
   */
  readonly decompose?: Decomposition | undefined;
}

/** Names of the options that say how a table is seen, and what its new cells may be. */
export const tableOptionNames = [
  'features',
  'ignore',
  'categoricalFeatures',
  'integers',
  'bounds',
  'scale',
  'missing',
] as const;

/** Methods that look at the rows of one class and at nothing else. */
const looksAtClassAlone = new Set(['smote', 'smote-nc']);

const over = { samplingType: 'over-sampling', makes: 'generates', takes: 'table' } as const;
const tableMethods: readonly TableResamplerEntry[] = [
  { name: 'smote-nc', ...over, create: (options) => grouped('smote-nc', options, smoteNc) },
  { name: 'smote-n', ...over, create: (options) => grouped('smote-n', options, smoteN) },
];

/** Every resampling method by name, for tables: those made for tables, and those for numbers by way of an encoding. */
export const tableResamplers: ReadonlyMap<string, TableResamplerEntry> = new Map(
  [...tableMethods, ...[...resamplers.values()].map(adaptedEntry)].map((entry) => [entry.name, Object.freeze(entry)]),
);

/**
 * Makes the method called `name` for tables: `createTableResampler('smote', { kNeighbors: 3, bounds: 'observed' })`.
 *
 * A method for numbers sees the columns as `TableOptions` says. What it chooses is then done to every column: copied rows
 * keep their cells; in a new row a number lies on the way from base to neighbour (or is what the method made), a category or
 * truth value is that of the nearer parent, and identifiers, dates, free text and ignored columns are those of the base. A
 * method that gives new rows no base takes these from the nearest row of the class.
 *
 * Throws `unknown-resampler`, and `bad-option`.
 */
export function createTableResampler(name: string, options?: ResamplerOptions): TableResampler {
  const entry = tableResamplers.get(name);
  if (entry) return entry.create(options);
  throw unknownResampler(name, [...tableResamplers.keys()]);
}

/**
 * Any resampler of numbers as one of tables; see `createTableResampler`. Numbers of new rows are what the resampler made, as its
 * provenance need not say all. Throws `bad-option`.
 */
export function tableResampler(parts: TableOptions & { readonly resampler: Resampler }): TableResampler {
  const { resampler, ...options } = parts;
  if (typeof (resampler as Resampler | undefined)?.resample !== 'function') {
    throw new CounterweightError('bad-option', 'resampler must be a resampler');
  }
  checkTableOptions(options);
  return adaptResampler({ resampler, makes: 'generates', blind: false, literal: false, options });
}

function checkTableOptions(options: TableOptions): void {
  checkWord('scale', options.scale, ['standard', 'none']);
  checkWord('missing', options.missing, ['impute', 'error']);
  checkCellOptions(options);
  checkRoleOptions(options);
}

function adaptedEntry(entry: ResamplerEntry): TableResamplerEntry {
  const create = (options: ResamplerOptions = {}): TableResampler => {
    const { own, table, within, decomposition } = parted(entry.name, options);
    checkTableOptions(table);
    const partsOf = (given: ResamplerOptions): AdaptedParts => {
      const smooths = Boolean(given['shrinkage']);
      const resampler = withTableOptions(entry, () => entry.create(given));
      return {
        resampler,
        makes: smooths ? 'generates' : entry.makes,
        blind: 'selectRows' in resampler && !smooths,
        literal: given['compat'] !== undefined,
        options: table,
      };
    };
    const parts = partsOf(own);
    if (decomposition !== undefined) return adaptResampler(decomposed(entry, decomposition, parts, own, within));
    if (!isWithin(entry, within, own) || parts.makes === 'copies') return adaptResampler(parts);
    const loose: TableOptions = { ...table, integers: 'ignore', bounds: 'none' };
    const { maxNew: _, ...rest } = own;
    return withinGroups({
      ...groupParts(entry.name, own, table),
      begin: (whole) => {
        const prepared = prepareTable(parts, whole);
        const make = (samplingStrategy: SamplingStrategy, seed: number) =>
          adaptResampler({ ...partsOf({ ...rest, samplingStrategy, seed }), options: loose }, prepared);
        return { make, notices: [...prepared.roles.notices, ...prepared.encoding.notices] };
      },
    });
  };
  return { ...entry, takes: 'numbers', create };
}

/** The method class by class. */
function decomposed(
  entry: ResamplerEntry,
  decomposition: unknown,
  parts: AdaptedParts,
  own: ResamplerOptions,
  within: unknown,
): AdaptedParts {
  for (const [name, value] of Object.entries({ compat: own['compat'], withinGroups: within })) {
    if (value === undefined || value === false) continue;
    throw new CounterweightError('bad-option', `decompose cannot be set with ${name}`);
  }
  const { name, samplingType, counts = 'exact', movesRows = false } = entry;
  if (samplingType !== 'over-sampling' || counts !== 'exact' || movesRows || parts.blind) throw indivisible(name);
  const { samplingStrategy, maxNew, seed, ...rest } = own;
  const resampler = decompose({
    create: (options) => entry.create({ ...rest, ...options }),
    decomposition: decomposition as Decomposition,
    samplingStrategy: samplingStrategy as SamplingStrategy | undefined,
    maxNew: maxNew as number | undefined,
    seed: seed as number | undefined,
  });
  // A parent that was itself made is no row of the input, so provenance alone does not give the numbers.
  return { ...parts, resampler, makes: decomposition === 'successive' ? 'generates' : parts.makes };
}

const indivisible = (name: string): CounterweightError =>
  new CounterweightError(
    'bad-option',
    `${name} cannot be decomposed: that is for methods that add rows to a class by looking at the numbers of other classes`,
  );

interface TableKind {
  readonly samplingType: TableResamplerEntry['samplingType'];
  readonly takes?: TableResamplerEntry['takes'];
}

/** An option that the method has not: the error names those for tables too. */
function withTableOptions<R>({ samplingType, takes }: TableKind, create: () => R): R {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof CounterweightError) || error.details['known'] === undefined) throw error;
    const grouping = samplingType === 'over-sampling' ? ['withinGroups'] : [];
    const more =
      takes === 'table' ? grouping : [...tableOptionNames, ...grouping, ...(grouping.length ? ['decompose'] : [])];
    throw new CounterweightError(error.code, `${error.message}; over a table also ${more.join(', ')}`, {
      ...error.details,
      known: [...(error.details['known'] as string[]), ...more],
    });
  }
}

/** A method for tables with the option `withinGroups`. */
function grouped(
  name: string,
  given: ResamplerOptions = {},
  create: (options: ResamplerOptions) => TableResampler,
): TableResampler {
  requireOptions(name, given);
  const { withinGroups: within, decompose: decomposition, ...options } = given;
  if (decomposition !== undefined) throw indivisible(name);
  const plain = withTableOptions({ samplingType: 'over-sampling', takes: 'table' }, () => create(options));
  if (!isWithin({ name, samplingType: 'over-sampling' }, within, options)) return plain;
  return withinGroups({
    ...groupParts(name, options, options as CellOptions),
    begin: (whole) => {
      const { columns, notices } = planRoles(whole, options);
      const named = (wanted: (plan: (typeof columns)[number]) => boolean) =>
        columns.filter(wanted).map(({ column }) => column.name);
      const roles = { features: named(({ seen }) => seen), ignore: named(({ role }) => role === 'carried') };
      const { maxNew: _, ...rest } = options;
      const loose = { ...rest, ...roles, integers: 'ignore', bounds: 'none' };
      return { make: (samplingStrategy, seed) => create({ ...loose, samplingStrategy, seed }), notices };
    },
  });
}

function groupParts(name: string, own: ResamplerOptions, cells: CellOptions) {
  return {
    name,
    samplingStrategy: own['samplingStrategy'] as SamplingStrategy | undefined,
    maxNew: own['maxNew'] as number | undefined,
    seed: (own['seed'] as number | undefined) ?? 0,
    cells: { integers: cells.integers, bounds: cells.bounds },
    classAlone: looksAtClassAlone.has(name),
  };
}

function isWithin(
  { name, samplingType, counts }: Pick<ResamplerEntry, 'name' | 'samplingType' | 'counts'>,
  within: unknown,
  own: ResamplerOptions,
): boolean {
  checkFlag('withinGroups', within);
  if (!within) return false;
  if (own['compat'] !== undefined)
    throw new CounterweightError('bad-option', 'withinGroups cannot be true with compat');
  if (samplingType !== 'over-sampling') {
    throw new CounterweightError(
      'bad-option',
      `${name} makes no rows between two others, which is what withinGroups is for; wholeGroups keeps rows of a group together`,
    );
  }
  if (counts === undefined || counts === 'exact') return true;
  throw new CounterweightError(
    'bad-option',
    `${name} does more than add rows to the classes asked, which is all that withinGroups is for`,
  );
}

interface PartedOptions {
  readonly own: ResamplerOptions;
  readonly table: TableOptions;
  readonly within: unknown;
  readonly decomposition: unknown;
}

function parted(name: string, options: ResamplerOptions): PartedOptions {
  requireOptions(name, options);
  const { withinGroups: within, decompose: decomposition, ...rest } = options;
  const isTable = ([key]: [string, unknown]) => (tableOptionNames as readonly string[]).includes(key);
  const entries = Object.entries(rest);
  return {
    own: Object.fromEntries(entries.filter((entry) => !isTable(entry))),
    table: Object.fromEntries(entries.filter(isTable)),
    within,
    decomposition,
  };
}
