/** What is needed of an Apache Arrow table; those of the package apache-arrow have it. */
export interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type?: unknown }[] };
  getChild(name: string): ArrowVector | null;
}

export interface ArrowVector {
  toArray(): ArrayLike<unknown>;
  /** The value of a row, null where it has none; `toArray` does not always tell. */
  get?(row: number): unknown;
}

/** A resampled table in the form of Arrow's, without its package. */
export interface ColumnTable extends ArrowTable {
  /** Every column as an array: what apache-arrow's `vectorFromArray` takes, with the type of the field. */
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
}

export function isArrowTable(X: unknown): X is ArrowTable {
  const table = X as Partial<ArrowTable> | null;
  return (
    typeof table?.numRows === 'number' && typeof table.getChild === 'function' && Array.isArray(table.schema?.fields)
  );
}

/** Arrow's numbers of the types whose values are points in time, and which come as milliseconds since 1970. */
const dateTypes: readonly unknown[] = [8, 10];

/** Whether a field is of dates or timestamps. */
export function holdsDates({ type }: ArrowTable['schema']['fields'][number]): boolean {
  return dateTypes.includes((type as { typeId?: unknown } | null | undefined)?.typeId);
}

/** The values of a column. */
export function arrowValues(table: ArrowTable, name: string): unknown[] {
  const vector = table.getChild(name);
  if (!vector) return new Array<unknown>(table.numRows).fill(null);
  const values = vector.get ? undefined : vector.toArray();
  return Array.from({ length: table.numRows }, (_, row) => (values ? values[row] : vector.get!(row)));
}

/** A table of the fields of another, with new columns. */
export function columnTable(
  { schema }: ArrowTable,
  columns: Readonly<Record<string, readonly unknown[]>>,
): ColumnTable {
  const lengths = Object.values(columns).map(({ length }) => length);
  return Object.freeze({
    numRows: lengths[0] ?? 0,
    schema,
    columns,
    getChild: (name: string) => {
      const values = Object.hasOwn(columns, name) ? columns[name]! : undefined;
      return values ? { toArray: () => values, get: (row: number) => values[row] } : null;
    },
  });
}
