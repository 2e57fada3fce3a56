import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { asKind } from './as-kind.ts';
import { byCodeUnit } from './by-code-unit.ts';
import { listed, quoted } from './quoted.ts';
import type { Column, Table } from './table.ts';

/**
 * The rows of `first`, then those of `second` (called `name` in messages), with the columns of `first`, matched by name. Dictionaries are united.
 * Columns that only `second` has are left out with the notice `extra-columns`. Throws `missing-column` for a column that
 * `second` lacks and `retyped-column` for one whose cells cannot be read as the kind that `first` has (see `asKind`).
 */
export function concatenateTables(
  first: Table,
  second: Table,
  name = 'the second table',
): { table: Table; notices: readonly Notice[] } {
  const others = new Map(second.columns.map((column) => [column.name, column]));
  const columns = first.columns.map((column) => {
    const other = others.get(column.name);
    if (!other) {
      throw new CounterweightError('missing-column', `${name} has no column ${quoted(column.name)}`, {
        column: column.name,
      });
    }
    others.delete(column.name);
    return joinColumns(column, asKind(other, column.kind));
  });
  const extra = [...others.keys()];
  const notices: Notice[] = [];
  if (extra.length > 0) {
    notices.push({
      code: 'extra-columns',
      severity: 'info',
      message: `columns of ${name} that the first has not were left out: ${listed(extra)}`,
      numbers: { columns: extra.length },
    });
  }
  return { table: Object.freeze({ kind: 'table', rows: first.rows + second.rows, columns }), notices };
}

function joinColumns(a: Column, b: Column): Column {
  if (a.kind === 'categorical' && b.kind === 'categorical') {
    const dictionary = [...new Set([...a.dictionary, ...b.dictionary])].sort(byCodeUnit);
    const codeOf = new Map(dictionary.map((value, code) => [value, code]));
    const codes = new Int32Array(a.codes.length + b.codes.length);
    recode(a.codes, a.dictionary, codeOf, codes, 0);
    recode(b.codes, b.dictionary, codeOf, codes, a.codes.length);
    return Object.freeze({ kind: 'categorical', name: a.name, codes, dictionary });
  }
  if (a.kind === 'boolean' && b.kind === 'boolean') {
    const values = new Int8Array(a.values.length + b.values.length);
    values.set(a.values);
    values.set(b.values, a.values.length);
    return Object.freeze({ ...a, values });
  }
  const [head, tail] = [a as { values: Float64Array }, b as { values: Float64Array }];
  const values = new Float64Array(head.values.length + tail.values.length);
  values.set(head.values);
  values.set(tail.values, head.values.length);
  return Object.freeze({ ...a, values }) as Column;
}

function recode(
  codes: Int32Array,
  dictionary: readonly string[],
  codeOf: ReadonlyMap<string, number>,
  out: Int32Array,
  at: number,
): void {
  const map = Int32Array.from(dictionary, (value) => codeOf.get(value)!);
  for (let i = 0; i < codes.length; i++) out[at + i] = codes[i]! < 0 ? -1 : map[codes[i]!]!;
}
