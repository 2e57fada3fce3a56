import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import type { SparseMatrix } from '../../src/data/sparse.ts';
import type { Table } from '../../src/data/table.ts';
import { shuffled } from '../../src/experiment/describe-importance.ts';
import { runExperiment } from '../../src/experiment/index.ts';
import { averagePrecision } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { mixedTable } from './small-tables.ts';

const quick = { treatments: [], replicates: 100, folds: 2, repeats: 1, seed: 3 };

describe('importance of columns', () => {
  it.each(['logistic', 'gradient-boosting'])(
    '%s leans on what tells the classes apart, and on nothing else',
    async (learner) => {
      const { result } = await runExperiment(mixedTable(1500, 4), { ...quick, target: 'outcome', learners: [learner] });
      const { columns, rows, repeats, of, value } = result.importance!;
      expect(columns.map(({ column }) => column)).toEqual(['size', 'colour', 'age']);
      expect([rows, repeats, of]).toEqual([result.validation.testRows, 5, 3]);
      expect(columns[0]!.fall).toBeGreaterThan(0.06);
      expect(columns[0]!.fall).toBeGreaterThan(2 * columns[0]!.deviation!);
      expect(Math.abs(columns[2]!.fall)).toBeLessThan(0.05);
      expect(value).toBeCloseTo(result.strategies[0]!.test!['averagePrecision']!.value!, 12);
    },
  );

  it('is the fall of average precision when a whole category is shuffled: by hand', async () => {
    const table = mixedTable(1200, 5);
    const { result, pipeline, heldOut } = await runExperiment(table, {
      ...quick,
      target: 'outcome',
      learners: ['logistic'],
    });
    const scoreOf = async (from: Table) => {
      const { probabilities } = await pipeline.score(from, heldOut.inputRows);
      const scores = probabilities.data.filter((_, at) => at % 2 === 1);
      return averagePrecision({ scores, truth: heldOut.truth, positive: 1 });
    };
    const plain = await scoreOf(table);
    const falls: number[] = [];
    for (let draw = 0; draw < 40; draw++) {
      const order = randomStream(draw, 'by hand').permutation(heldOut.inputRows.length);
      const columns = table.columns.map((column) => {
        if (column.name !== 'colour' || column.kind !== 'categorical') return column;
        const codes = column.codes.slice();
        heldOut.inputRows.forEach((row, i) => {
          codes[row] = column.codes[heldOut.inputRows[order[i]!]!]!;
        });
        return { ...column, codes };
      });
      falls.push(plain - (await scoreOf({ ...table, columns })));
    }
    const mean = falls.reduce((sum, fall) => sum + fall, 0) / falls.length;
    const spread = Math.sqrt(falls.reduce((sum, fall) => sum + (fall - mean) ** 2, 0) / (falls.length - 1));
    const told = result.importance!.columns.find(({ column }) => column === 'colour')!;
    expect(Math.abs(told.fall - mean)).toBeLessThan((3 * spread) / Math.sqrt(5));
    expect(told.deviation!).toBeGreaterThan(spread / 4);
    expect(told.deviation!).toBeLessThan(spread * 3);
  });

  it('counts a loss that rises as a fall', async () => {
    const options = { ...quick, target: 'outcome', learners: ['logistic'], metric: 'brierScore' };
    const { result } = await runExperiment(mixedTable(1500, 4), options);
    expect(result.importance!.columns[0]).toMatchObject({ column: 'size' });
    expect(result.importance!.columns[0]!.fall).toBeGreaterThan(0.005);
  });
});

describe('shuffled', () => {
  it('moves the columns asked for and no others, dense and sparse alike', () => {
    const cells = Float64Array.from({ length: 60 * 5 }, (_, at) => (at % 3 === 0 ? at : 0));
    const dense = matrix(cells, 60, 5);
    const sparse: SparseMatrix = {
      kind: 'csr',
      rows: 60,
      columns: 5,
      offsets: Int32Array.from(
        { length: 61 },
        (_, row) => cells.subarray(0, row * 5).filter((cell) => cell !== 0).length,
      ),
      indices: Int32Array.from(cells.keys())
        .filter((at) => cells[at] !== 0)
        .map((at) => at % 5),
      values: cells.filter((cell) => cell !== 0),
    };
    const order = randomStream(1, 'order').permutation(60);
    const moved = shuffled(dense, 1, 3, order);
    const movedSparse = shuffled(sparse, 1, 3, order) as SparseMatrix;
    for (let row = 0; row < 60; row++) {
      const own = Array.from({ length: 5 }, (_, j) => cells[(j === 1 || j === 2 ? order[row]! : row) * 5 + j]!);
      expect([...(moved as typeof dense).data.subarray(row * 5, row * 5 + 5)]).toEqual(own);
      const spread = new Array(5).fill(0);
      for (let at = movedSparse.offsets[row]!; at < movedSparse.offsets[row + 1]!; at++)
        spread[movedSparse.indices[at]!] = movedSparse.values[at]!;
      expect(spread).toEqual(own);
    }
  });
});
