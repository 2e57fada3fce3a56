import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { selectRows } from '../../../src/data/select.ts';
import type { Column, Table } from '../../../src/data/table.ts';
import { madeRows } from '../../../src/resample/tables/new-cells.ts';
import { smoteN } from '../../../src/resample/tables/smote-n.ts';
import { smoteNc } from '../../../src/resample/tables/smote-nc.ts';
import type { ResampledTable } from '../../../src/resample/tables/table-resampler.ts';
import { boolean, categorical, numeric, table } from '../../data/tables.ts';
import { labelsOf } from '../data.ts';
import { cellsOf } from './tables.ts';

type Cell = string | number | boolean | null;
type Strategy = string | { targets: [ClassLabel, number][] };
interface Case {
  columns: string[];
  cells: Cell[][];
  y: ClassLabel[];
  k: number;
  seed: number;
  strategy: Strategy;
  new: Cell[][];
  newY: ClassLabel[];
}
const fixture = JSON.parse(readFileSync(new URL('../../fixtures/smote-tables.json', import.meta.url), 'utf8')) as {
  nc: Case[];
  n: Omit<Case, 'columns'>[];
};

function column(name: string, cells: Cell[]): Column {
  if (cells.some((cell) => typeof cell === 'boolean')) return boolean(name, cells as boolean[]);
  if (cells.some((cell) => typeof cell === 'number')) return numeric(name, cells as number[]);
  return categorical(name, cells as string[]);
}

const tableOf = (names: string[], cells: Cell[][]): Table => table(...names.map((name, j) => column(name, cells[j]!)));
const strategyOf = (stored: Strategy) => (typeof stored === 'object' ? new Map(stored.targets) : (stored as 'auto'));
const newCells = ({ data, provenance }: ResampledTable) => cellsOf(selectRows(data.X, madeRows(provenance)));
const newLabels = ({ data, provenance }: ResampledTable) =>
  [...madeRows(provenance)].map((row) => data.y.classes[data.y.codes[row]!]);

describe('the rows of imbalanced-learn for the same integer seed', () => {
  it.each(fixture.nc.map((each, i) => [i, each] as const))('SMOTE-NC, set %i, to the last bit', async (_, each) => {
    const data = { X: tableOf(each.columns, each.cells), y: labelsOf(each.y) };
    const samplingStrategy = strategyOf(each.strategy);
    const options = { samplingStrategy, seed: each.seed, kNeighbors: each.k, compat: 'imbalanced-learn' } as const;
    const made = await smoteNc(options).resample(data);
    expect(newLabels(made)).toEqual(each.newY);
    expect(newCells(made)).toEqual(each.new);
  });

  it.each(fixture.n.map((each, i) => [i, each] as const))('SMOTE-N, set %i', async (_, each) => {
    const names = each.cells.map((_, j) => `c${j}`);
    const data = { X: tableOf(names, each.cells), y: labelsOf(each.y) };
    const made = await smoteN({ seed: each.seed, kNeighbors: each.k, compat: 'imbalanced-learn' }).resample(data);
    expect(newLabels(made)).toEqual(each.newY);
    expect(newCells(made)).toEqual(each.new);
  });
});
