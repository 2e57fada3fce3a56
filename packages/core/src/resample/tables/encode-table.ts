import { asKind } from '../../data/as-kind.ts';
import type { NumericRows } from '../../data/dataset.ts';
import { type Encoder, fitEncoder } from '../../data/encode/index.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { listed } from '../../data/quoted.ts';
import { allRows } from '../../data/select.ts';
import type { BooleanColumn, NumericColumn, Table } from '../../data/table.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { missingValue } from './class-numbers.ts';
import type { ColumnPlan, RolePlan } from './column-roles.ts';

/** How a method for numbers sees a table. */
export interface TableEncoding {
  transform(table: Table): NumericRows;
  /** What numbers of the table encoded rows stand for, by column. */
  decode(rows: Matrix): ReadonlyMap<string, Float64Array>;
  readonly notices: readonly Notice[];
}

/**
 * `standard`: as `fitEncoder` has it, every level on its own: numbers with mean 0 and deviation 1 (a missing one as the
 * median), a 0/1 feature for each category, dates, words, and whether a cell is missing. `none`: numbers as they stand, truth
 * values as 0 and 1, nothing else. Throws `no-features`, and with `none` `missing-value`.
 */
export function encodingOf(table: Table, roles: RolePlan, scale: 'standard' | 'none', method: string): TableEncoding {
  return scale === 'none' ? plainEncoding(roles, method) : standardEncoding(table, roles, method);
}

function encoderOf(table: Table, { schema }: RolePlan, method: string): Encoder {
  try {
    return fitEncoder({ table, rows: allRows(table.rows), schema, options: { minLevelCount: 1 } });
  } catch (error) {
    if (!(error instanceof CounterweightError && error.code === 'no-features')) throw error;
    const message = `${method} compares rows by their columns, and no column that it may look at varies; random-over and random-under need none`;
    throw new CounterweightError('no-features', message);
  }
}

function standardEncoding(table: Table, roles: RolePlan, method: string): TableEncoding {
  const view = (given: Table): Table => ({
    ...given,
    columns: given.columns.map((column, index) => {
      const { role } = roles.columns[index]!;
      return column.kind === 'numeric' && role === 'category' ? asKind(column, 'categorical') : column;
    }),
  });
  const encoder = encoderOf(view(table), roles, method);
  return {
    transform: (given) => encoder.transform(view(given)),
    decode: (rows) => decodeStandard(encoder, rows),
    notices: encoder.notices,
  };
}

function decodeStandard(encoder: Encoder, { rows, columns, data }: Matrix): Map<string, Float64Array> {
  const featureOf = new Map<string, number>();
  encoder.features.forEach(({ column, role }, index) => {
    if (role === 'value') featureOf.set(column, index);
  });
  const decoded = new Map<string, Float64Array>();
  for (const plan of encoder.toJSON().columns) {
    if (plan.type !== 'numeric' || plan.value === null) continue;
    const { scale, centre, deviation } = plan.value;
    const feature = featureOf.get(plan.name)!;
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) values[i] = (data[i * columns + feature]! * deviation + centre) / scale;
    decoded.set(plan.name, values);
  }
  return decoded;
}

function plainEncoding({ columns }: RolePlan, method: string): TableEncoding {
  const isPlain = ({ column, role }: ColumnPlan) =>
    role === 'number' || (role === 'category' && column.kind === 'boolean');
  const taken = columns.flatMap((plan, index) => (plan.seen && isPlain(plan) ? [index] : []));
  const passed = columns.filter((plan) => plan.seen && !isPlain(plan)).map(({ column }) => column.name);
  if (taken.length === 0) {
    throw new CounterweightError(
      'no-features',
      `${method} needs columns of numbers, there are none that it may look at`,
    );
  }
  return {
    transform: (table) => {
      const data = new Float64Array(table.rows * taken.length);
      taken.forEach((index, j) => {
        const { name, values } = table.columns[index] as NumericColumn | BooleanColumn;
        const missing = table.columns[index]!.kind === 'boolean' ? values.indexOf(-1) : values.findIndex(Number.isNaN);
        if (missing >= 0) throw missingValue(method, name, missing);
        for (let i = 0; i < table.rows; i++) data[i * taken.length + j] = values[i]!;
      });
      return matrix(data, table.rows, taken.length);
    },
    decode: ({ rows, columns: width, data }) => {
      const named = taken.map((index, j): [string, Float64Array] => {
        return [columns[index]!.column.name, Float64Array.from({ length: rows }, (_, i) => data[i * width + j]!)];
      });
      return new Map(named.filter((_, j) => columns[taken[j]!]!.role === 'number'));
    },
    notices: passed.length === 0 ? [] : [notSeen(passed)],
  };
}

function notSeen(names: readonly string[]): Notice {
  return {
    code: 'columns-not-seen',
    severity: 'info',
    message: `distances look at numbers and truth values only, not at ${listed(names, 5)}: scale "standard" takes all columns`,
    numbers: { columns: names.length },
  };
}
