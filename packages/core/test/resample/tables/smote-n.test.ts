import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { Table } from '../../../src/data/table.ts';
import { madeRows } from '../../../src/resample/tables/new-cells.ts';
import { smoteN } from '../../../src/resample/tables/smote-n.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { boolean, categorical, numeric, repeat, table } from '../../data/tables.ts';
import { labelsOf, shuffledLabels } from '../data.ts';
import { type Cell, cellsOf } from './tables.ts';

function drawn(seed: number, missing: number): Dataset<Table> {
  const labels = shuffledLabels(
    [
      ['a', 40],
      ['b', 17],
      ['c', 9],
    ],
    seed,
  );
  const random = randomStream(seed, 'smote-n');
  const word = (levels: number) => (random.uniform() < missing ? null : `w${random.integer(levels)}`);
  return {
    X: table(
      categorical(
        'first',
        labels.map(() => word(8)),
      ),
      categorical(
        'second',
        labels.map(() => word(5)),
      ),
      boolean(
        'third',
        labels.map(() => random.uniform() < 0.5),
      ),
      categorical(
        'fourth',
        labels.map(() => word(9)),
      ),
    ),
    y: labelsOf(labels),
  };
}

/** The value difference metric of all rows: the sum over columns of (the sum over classes of |P(c | u) - P(c | v)|)^2. */
function differences({ X, y }: Dataset<Table>): (a: number, b: number) => number {
  const columns = cellsOf(X);
  const share = (cells: Cell[], value: Cell, code: number) => {
    const rows = [...cells.keys()].filter((row) => cells[row] === value);
    return rows.filter((row) => y.codes[row] === code).length / rows.length;
  };
  return (a, b) =>
    columns.reduce((sum, cells) => {
      const gaps = y.classes.map((_, code) => Math.abs(share(cells, cells[a]!, code) - share(cells, cells[b]!, code)));
      return sum + gaps.reduce((total, gap) => total + gap, 0) ** 2;
    }, 0);
}

describe('SMOTE-N', () => {
  it.each([
    [1, 5, 0],
    [2, 3, 0.2],
    [3, 1, 0.1],
  ])('makes rows as its definition says (set %i, k = %i, %f missing)', async (seed, k, missing) => {
    const data = drawn(seed, missing);
    const distance = differences(data);
    const { data: made, provenance } = await smoteN({ seed, kNeighbors: k }).resample(data);
    const before = cellsOf(data.X);
    const after = cellsOf(made.X);
    expect(madeRows(provenance).length).toBe(23 + 31);
    for (const i of madeRows(provenance)) {
      const base = provenance.base[i]!;
      expect([provenance.neighbour[i], provenance.gap[i]]).toEqual([-1, Number.NaN]);
      expect(made.y.codes[i]).toBe(data.y.codes[base]);
      const others = [...data.y.codes.keys()].filter((row) => row !== base && data.y.codes[row] === data.y.codes[base]);
      const apart = new Map(others.map((row) => [row, distance(base, row)]));
      // Sums of shares that are equal on paper may differ in the last bit.
      others.sort((x, y) => (Math.abs(apart.get(x)! - apart.get(y)!) < 1e-12 ? x - y : apart.get(x)! - apart.get(y)!));
      const within = apart.get(others[k - 1]!)!;
      const isTied = others.length > k && Math.abs(apart.get(others[k]!)! - within) < 1e-12;
      if (isTied) continue;
      const voters = [base, ...others.slice(0, k)];
      before.forEach((cells, j) => {
        const count = (value: Cell) => voters.filter((row) => cells[row] === value).length;
        const most = Math.max(...voters.map((row) => count(cells[row]!)));
        expect(count(after[j]![i]!)).toBe(most);
        if (count(cells[base]!) === most) expect(after[j]![i]).toBe(cells[base]);
      });
    }
  });

  it('finds the nearest by how categories part the classes, not by how many differ', async () => {
    // Both codes occur in both classes in equal shares, so they tell nothing: the nearest of an s are the other s, though each
    // shares both codes with two t.
    const few = [0, 1, 2, 3].flatMap((i) => ['s', 't', 't'].map((signal) => [signal, `n${i}`, `m${i}`]));
    const many = [0, 1, 2, 3].flatMap((i) => repeat(15, (j) => [j === 0 ? 's' : 'u', `n${i}`, `m${i}`]));
    const rows = [...few, ...many];
    const columns = ['signal', 'code', 'mark'].map((name, j) =>
      categorical(
        name,
        rows.map((row) => row[j]!),
      ),
    );
    const y = labelsOf(rows.map((_, i) => (i < few.length ? 'few' : 'many')));
    const { data, provenance } = await smoteN({ kNeighbors: 2 }).resample({ X: table(...columns), y });
    const signals = cellsOf(data.X)[0]!;
    for (const i of madeRows(provenance)) expect(signals[i]).toBe(signals[provenance.base[i]!]);
  });

  it('refuses numbers, unless they are said to be categories', async () => {
    const X = table(numeric('grade', [1, 2, 1, 2.5, 1]), categorical('word', ['p', 'q', 'p', 'q', 'p']));
    const data = { X, y: labelsOf(['a', 'a', 'a', 'b', 'b']) };
    await expect(smoteN().resample(data)).rejects.toThrow('there are numbers in "grade": name them');
    const { data: made } = await smoteN({ categoricalFeatures: ['grade'] }).resample(data);
    expect([1, 2.5]).toContain(cellsOf(made.X)[0]![5]);
    await expect(smoteN({ ignore: ['grade', 'word'] }).resample(data)).rejects.toMatchObject({ code: 'wrong-columns' });
  });
});
