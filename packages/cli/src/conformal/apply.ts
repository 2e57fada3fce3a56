import { columnByName, type Matrix, type Notice, type RunOptions, type Table } from '@counterweight/core';
import { type Scorer, type ScorerColumn, scoreFile, setTexts } from '../predict/index.ts';
import { categoryCodes } from './categories.ts';
import { judge } from './judge.ts';
import type { SavedConformal } from './model-file.ts';
import { classProbabilities, scoreColumn } from './read-known-rows.ts';

export interface AppliedSets {
  readonly rows: number;
  /** Rows that lack a score: their new cells are empty. */
  readonly rowsWithoutSet: number;
  readonly notices: readonly Notice[];
}

/** Adds `set` and, where the model has p-values, `pvalue_CLASS` to the rows of a file of any length. */
export async function applyConformal(
  saved: SavedConformal,
  files: { readonly input: string; readonly out: string },
  run: Pick<RunOptions, 'signal' | 'onProgress'>,
): Promise<AppliedSets> {
  const { columns, categories, model } = saved;
  const withP = model.pValues !== undefined && !saved.exactCoverage;
  const added: ScorerColumn[] = [
    { name: 'set', type: 'VARCHAR' },
    ...(withP ? model.classes.map((label): ScorerColumn => ({ name: `pvalue_${label}`, type: 'DOUBLE' })) : []),
  ];
  const lacking = new Map<number, number>();
  const scorer: Scorer = {
    columns: added,
    score(table: Table, firstRow: number) {
      const { sets, pValues, lacks } = judgeBatch(saved, table, firstRow);
      lacking.set(
        firstRow,
        lacks.reduce((sum, flag) => sum + flag, 0),
      );
      const texts = setTexts(sets).map((text, row) => (lacks[row] === 1 ? null : text));
      const p = withP ? model.classes.map((_label, code) => pValueColumn(pValues!, code, lacks)) : [];
      return [texts, ...p];
    },
  };
  const schema = [
    ...columns.names.map((name) => ({ name, kind: 'numeric' as const })),
    ...(categories ? [{ name: categories.name, kind: categories.kind }] : []),
  ];
  const { rows, notices } = await scoreFile({ ...files, schema, scorer, ...run });
  const rowsWithoutSet = [...lacking].reduce((sum, [first, count]) => sum + (first < rows ? count : 0), 0);
  return { rows, rowsWithoutSet, notices: [...notices, ...lackingNotice(rowsWithoutSet)] };
}

/** Judges a batch; rows that lack a score are judged by zeros, and marked for their cells to be left empty. */
function judgeBatch(saved: SavedConformal, table: Table, firstRow: number) {
  const { columns, categories, model } = saved;
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  const lacks = new Uint8Array(table.rows);
  const scores = columns.names.map((name) =>
    scoreColumn(columnByName(table, name)).map((value, row) => {
      if (!Number.isNaN(value)) return value;
      lacks[row] = 1;
      return 0;
    }),
  );
  const codes = categories ? categoryCodes(categories, columnByName(table, categories.name), rows) : undefined;
  const probabilities = classProbabilities(columns, scores, rows, firstRow);
  const { sets, pValues } = judge(model, probabilities, saved, { first: firstRow, stream: 'apply', categories: codes });
  return { sets, pValues, lacks };
}

function pValueColumn({ data, columns }: Matrix, code: number, lacks: Uint8Array): Float64Array {
  return Float64Array.from(lacks, (flag, row) => (flag === 1 ? Number.NaN : data[row * columns + code]!));
}

function lackingNotice(rows: number): Notice[] {
  if (rows === 0) return [];
  const message = `${rows} row${rows === 1 ? ' lacks' : 's lack'} a score; the new cells of ${rows === 1 ? 'that row' : 'those rows'} are empty`;
  return [{ code: 'missing-score', severity: 'warning', message, numbers: { rows } }];
}
