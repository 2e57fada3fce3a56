import { columnByName, type Experiment, type Table } from '@counterweight/core';
import { type OutputColumn, writeParquetAtomically } from '../output/index.ts';
import { setTexts } from '../predict/index.ts';
import { bracketColumns } from './predict.ts';

/**
 * Writes the held-out rows as the chosen model sees them: `row` (0-based row of the input, or of the test file), the
 * identifier column if the data has one, `truth`, `prediction`, `p`, the probability of the positive class, with its
 * Venn-Abers bracket `p0` and `p1` (or one `p_CLASS` a class and `width` where there are more than two), and `set`.
 * Brackets and sets of each fifth of the rows come from the other four.
 */
export async function writePredictions(path: string, experiment: Experiment, table: Table): Promise<void> {
  const { pipeline, heldOut, result } = experiment;
  const { classes, positive } = pipeline;
  const labelOf = (codes: Int32Array) => Array.from(codes, (code) => String(classes[code]));
  const columns: OutputColumn[] = [{ name: 'row', values: heldOut.inputRows }];
  const identifier =
    result.validation.split === 'file' ? undefined : result.data.columns.find(({ type }) => type === 'identifier');
  if (identifier) columns.push(identifierColumn(table, identifier.name, heldOut.inputRows));
  columns.push(
    { name: 'truth', values: labelOf(heldOut.truth) },
    { name: 'prediction', values: labelOf(heldOut.decisions) },
  );
  const { data, rows, columns: width } = heldOut.probabilities;
  const shown = positive === null ? classes.map((_, code) => code) : [positive];
  for (const code of shown) {
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) values[i] = data[i * width + code]!;
    columns.push({ name: positive === null ? `p_${classes[code]}` : 'p', values });
  }
  const names = positive === null ? ['width'] : ['p0', 'p1'];
  for (const [i, values] of bracketColumns(heldOut.sureness, positive).entries()) {
    columns.push({ name: names[i]!, values });
  }
  columns.push({ name: 'set', values: setTexts(heldOut.sureness.sets) });
  await writeParquetAtomically(path, columns);
}

function identifierColumn(table: Table, name: string, rows: Int32Array): OutputColumn {
  const column = columnByName(table, name);
  const values = Array.from(rows, (row): string | null => {
    if (column.kind === 'categorical') return column.codes[row]! < 0 ? null : column.dictionary[column.codes[row]!]!;
    return Number.isNaN(column.values[row]) ? null : String(column.values[row]);
  });
  return { name: `id_${name}`, values };
}
