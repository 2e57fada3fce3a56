import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { matrix } from '../../../src/data/matrix.ts';
import type { Table } from '../../../src/data/table.ts';
import { decompose } from '../../../src/resample/multi-class/decompose.ts';
import { createResampler } from '../../../src/resample/registry.ts';
import { createTableResampler, tableResamplers } from '../../../src/resample/tables/table-registry.ts';
import { numeric, table } from '../../data/tables.ts';
import { columnAt, countsByLabel } from '../data.ts';
import { overlappingSet } from '../under/oracles.ts';
import { cellsOf } from './tables.ts';

const bare = overlappingSet(4);
const columns = Array.from({ length: bare.X.columns }, (_, j) => columnAt(bare.X, j));
const data: Dataset<Table> = {
  X: table(...columns.map((values, j) => numeric(`x${j}`, [...values]))),
  y: bare.y,
};

describe('a method over a table, class by class', () => {
  it.each(['one-vs-rest', 'successive'] as const)('%s: makes the rows of decompose', async (decomposition) => {
    const options = { samplingStrategy: 'median', seed: 5 } as const;
    const made = await createTableResampler('borderline-smote', {
      ...options,
      decompose: decomposition,
      kNeighbors: 3,
      scale: 'none',
      integers: 'ignore',
    }).resample(data);
    const create = (given: object) => createResampler('borderline-smote', { ...given, kNeighbors: 3 });
    const expected = await decompose({ create, decomposition, ...options }).resample(bare);
    expect(made.provenance).toEqual(expected.provenance);
    const cells = cellsOf(made.data.X).map((column) => column.map(Number));
    const flat = Float64Array.from({ length: expected.data.X.rows * cells.length }, (_, i) => {
      return cells[i % cells.length]![Math.floor(i / cells.length)]!;
    });
    const difference = flat.map((value, i) =>
      Math.abs(value - (expected.data.X as ReturnType<typeof matrix>).data[i]!),
    );
    expect(Math.max(...difference)).toBeLessThan(1e-12);
    expect(made.data.X.rows).toBeGreaterThan(77);
  });

  it('goes with every method that adds rows by looking at numbers, to the count asked; others refuse', async () => {
    const outcome = new Map<string, string>();
    for (const { name } of tableResamplers.values()) {
      try {
        const { data: made } = await createTableResampler(name, { decompose: 'successive', seed: 1 }).resample(data);
        expect(new Set(countsByLabel(made.y).values())).toEqual(new Set([40]));
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-option' });
        expect((error as Error).message).toMatch(/^\S+ (cannot be decomposed|does more than add rows)/);
        outcome.set(name, (error as Error).message.split(' ')[0]!);
      }
    }
    const refused = [...tableResamplers.values()]
      .filter(({ samplingType, counts = 'exact', movesRows, takes, name }) => {
        const adds = samplingType === 'over-sampling' && counts === 'exact' && !movesRows;
        return !adds || takes === 'table' || ['random-over', 'rose'].includes(name);
      })
      .map(({ name }) => name);
    expect([...outcome.keys()]).toEqual(refused);
  });

  it('refuses what cannot go with it', () => {
    const bad = (options: object) => () => createTableResampler('smote', { decompose: 'successive', ...options });
    expect(bad({ compat: 'imbalanced-learn' })).toThrow('decompose cannot be set with compat');
    expect(bad({ withinGroups: true })).toThrow('decompose cannot be set with withinGroups');
    expect(bad({ decompose: 'ovo' })).toThrow('decomposition must be one of one-vs-rest, successive, got ovo');
  });
});

describe('options that a method over a table has not', () => {
  it('are refused, naming those that there are, for the method and for tables', () => {
    const of = (name: string, options: object) => () => createTableResampler(name, { ...options });
    expect(of('tomek-links', { k: 3 })).toThrow(
      /^tomek-links has no option "k"; it has samplingStrategy, .*wholeGroups.*; over a table also features, ignore, categoricalFeatures, integers, bounds, scale, missing$/,
    );
    expect(of('smote-nc', { k: 3 })).toThrow(
      /^smote-nc has no option "k"; it has .*, features, .*; over a table also withinGroups$/,
    );
    expect(of('tomek-links', { withinGroups: true })).toThrow(
      'tomek-links makes no rows between two others, which is what withinGroups is for; wholeGroups keeps rows of a group together',
    );
  });
});
