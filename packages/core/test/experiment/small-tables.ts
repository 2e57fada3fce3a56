import type { Column, Table } from '../../src/data/table.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** Rows of two classes that two numeric columns and one category tell apart in part; about one in six is `rare`. */
export function mixedTable(rows: number, seed: number, extra: (rare: boolean, row: number) => number = () => 0): Table {
  const random = randomStream(seed, 'mixed table');
  const size = new Float64Array(rows);
  const age = new Float64Array(rows);
  const colour = new Int32Array(rows);
  const target = new Int32Array(rows);
  const more = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    size[i] = random.normal();
    age[i] = random.uniform() < 0.1 ? Number.NaN : 40 + 10 * random.normal();
    colour[i] = random.integer(3);
    const logit = -2.5 + 1.2 * size[i]! + (colour[i] === 2 ? 1 : 0) + (Number.isNaN(age[i]!) ? 0.5 : 0);
    target[i] = random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    more[i] = extra(target[i] === 1, i);
  }
  const columns: Column[] = [
    { kind: 'numeric', name: 'size', values: size },
    { kind: 'numeric', name: 'age', values: age },
    { kind: 'categorical', name: 'colour', codes: colour, dictionary: ['blue', 'green', 'red'] },
    { kind: 'categorical', name: 'outcome', codes: target, dictionary: ['common', 'rare'] },
  ];
  if (more.some((value) => value !== 0)) columns.push({ kind: 'numeric', name: 'extra', values: more });
  return { kind: 'table', rows, columns };
}

/** Three classes of very different size around three centres. */
export function threeClassTable(rows: number, seed: number): Table {
  const random = randomStream(seed, 'three classes');
  const x = new Float64Array(rows);
  const y = new Float64Array(rows);
  const target = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const u = random.uniform();
    const label = u < 0.7 ? 1 : u < 0.92 ? 2 : 3;
    target[i] = label;
    x[i] = random.normal() + label;
    y[i] = random.normal() + (label === 3 ? 2 : 0);
  }
  return {
    kind: 'table',
    rows,
    columns: [
      { kind: 'numeric', name: 'x', values: x },
      { kind: 'numeric', name: 'y', values: y },
      { kind: 'numeric', name: 'kind', values: target },
    ],
  };
}

/** The same table with the cells of some rows of one column replaced. */
export function withCells(table: Table, name: string, rows: Iterable<number>, cell: (old: number) => number): Table {
  const columns = table.columns.map((column): Column => {
    if (column.name !== name) return column;
    if (column.kind === 'categorical') {
      const codes = column.codes.slice();
      for (const row of rows) codes[row] = cell(codes[row]!);
      return { ...column, codes };
    }
    if (column.kind === 'boolean') return column;
    const values = column.values.slice();
    for (const row of rows) values[row] = cell(values[row]!);
    return { ...column, values };
  });
  return { ...table, columns };
}
