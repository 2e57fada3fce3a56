import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { Table } from '../../../src/data/table.ts';
import { madeRows } from '../../../src/resample/tables/new-cells.ts';
import { type SmoteNcOptions, smoteNc } from '../../../src/resample/tables/smote-nc.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { boolean, categorical, numeric, repeat, table } from '../../data/tables.ts';
import { countsByLabel, labelsOf, shuffledLabels } from '../data.ts';
import { type Cell, cellsOf } from './tables.ts';

/** Numbers on unlike scales with a few missing, categories in few and many levels, some missing. */
function drawn(seed: number, missing = 0): Dataset<Table> {
  const labels = shuffledLabels(
    [
      ['a', 60],
      ['b', 21],
      ['c', 14],
    ],
    seed,
  );
  const random = randomStream(seed, 'smote-nc');
  const gone = <T>(value: T) => (random.uniform() < missing ? null : value);
  const word = (levels: number) => `w${random.integer(levels)}`;
  return {
    X: table(
      categorical(
        'few',
        labels.map(() => gone(word(3))),
      ),
      numeric(
        'wide',
        labels.map((label) => gone(50 * random.normal() + label.toString().charCodeAt(0))),
      ),
      boolean(
        'flag',
        labels.map(() => gone(random.uniform() < 0.4)),
      ),
      numeric(
        'narrow',
        labels.map(() => gone(random.normal())),
      ),
      categorical(
        'many',
        labels.map(() => gone(word(11))),
      ),
      numeric(
        'middling',
        labels.map(() => gone(7 * random.normal())),
      ),
    ),
    y: labelsOf(labels),
  };
}

const numbers = ['wide', 'narrow', 'middling'];
const isNumber = (name: string) => numbers.includes(name);

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((x, y) => x - y);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};
const deviation = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/** From the definition: the k nearest rows of a class, in order, for each of its rows. */
function nearestOf({ X }: Dataset<Table>, rows: readonly number[], k: number): Map<number, number[]> {
  const columns = X.columns.map((column, j) => ({ name: column.name, cells: cellsOf(X)[j]! }));
  const present = (cells: Cell[]) => rows.map((row) => cells[row]).filter((cell) => cell !== null) as number[];
  const spreads = columns.filter(({ name }) => isNumber(name)).map(({ cells }) => deviation(present(cells)));
  const mismatch = median(spreads);
  const distance = (a: number, b: number) =>
    Math.sqrt(
      columns.reduce((sum, { name, cells }) => {
        if (!isNumber(name)) return sum + (cells[a] === cells[b] ? 0 : mismatch ** 2);
        const fill = median(present(cells));
        return sum + (((cells[a] ?? fill) as number) - ((cells[b] ?? fill) as number)) ** 2;
      }, 0),
    );
  return new Map(
    rows.map((row) => {
      const others = rows.filter((other) => other !== row);
      others.sort((x, y) => distance(row, x) - distance(row, y) || x - y);
      return [row, others.slice(0, k)];
    }),
  );
}

/** The category that most of the voters have; of several the base's own, else that of the nearest voter with one of them. */
function elected(cells: readonly Cell[], base: number, voters: readonly number[]): Cell {
  const votes = new Map<Cell, number>();
  for (const voter of voters) votes.set(cells[voter]!, (votes.get(cells[voter]!) ?? 0) + 1);
  const most = Math.max(...votes.values());
  const tied = [...votes].filter(([, count]) => count === most).map(([cell]) => cell);
  return tied.includes(cells[base]!) ? cells[base]! : tied[0]!;
}

describe('SMOTE-NC', () => {
  it.each([
    [1, 5, 0],
    [2, 3, 0],
    [3, 4, 0.15],
    [4, 1, 0.1],
    [5, 8, 0.3],
  ])('makes rows as its definition says (set %i, k = %i, %f missing)', async (seed, k, missing) => {
    const data = drawn(seed, missing);
    const { data: made, provenance } = await smoteNc({ seed, kNeighbors: k }).resample(data);
    const labels = data.y.codes;
    const before = cellsOf(data.X);
    const after = cellsOf(made.X);
    const used = new Set<string>();
    for (const code of [1, 2]) {
      const rows = [...labels.keys()].filter((row) => labels[row] === code);
      const nearest = nearestOf(data, rows, k);
      const own = [...madeRows(provenance)].filter((i) => made.y.codes[i] === code);
      expect(own.length).toBe(60 - rows.length);
      for (const i of own) {
        const base = provenance.base[i]!;
        const neighbour = provenance.neighbour[i]!;
        const gap = provenance.gap[i]!;
        const voters = nearest.get(base)!;
        expect(voters).toContain(neighbour);
        used.add(`${base} ${voters.indexOf(neighbour)}`);
        data.X.columns.forEach(({ name }, j) => {
          const cells = before[j]!;
          if (!isNumber(name)) expect(after[j]![i]).toBe(elected(cells, base, voters));
          else if (cells[base] === null || cells[neighbour] === null) {
            expect(after[j]![i]).toBe(cells[gap > 0.5 ? neighbour : base]);
          } else {
            const [from, to] = [cells[base] as number, cells[neighbour] as number];
            expect(after[j]![i]).toBe(from + gap * (to - from));
          }
        });
      }
      const uses = rows.map((row) => own.filter((i) => provenance.base[i] === row).length);
      expect(Math.max(...uses) - Math.min(...uses)).toBeLessThanOrEqual(1);
    }
    if (k > 1) expect(new Set([...used].map((pair) => pair.split(' ')[1])).size).toBe(k);
  });

  it('takes the standard deviations of the class that gets rows, not of the rarest or of all rows', async () => {
    // In b the numbers hardly vary, so that colours part its rows; in c they vary so much that colours hardly count.
    const values = [...repeat(8, (i) => 0.01 * i), ...repeat(6, (i) => 100 * i), ...repeat(20, (i) => 1000 + 7 * i)];
    const labels = [...repeat(8, () => 'b'), ...repeat(6, () => 'c'), ...repeat(20, () => 'a')];
    const X = table(
      numeric('value', values),
      categorical(
        'colour',
        values.map((_, i) => (i % 2 === 0 ? 'red' : 'blue')),
      ),
    );
    const { provenance, data } = await smoteNc({ kNeighbors: 1 }).resample({ X, y: labelsOf(labels) });
    const isEven = (row: number) => row % 2 === 0;
    for (const i of madeRows(provenance)) {
      const sameColour = isEven(provenance.base[i]!) === isEven(provenance.neighbour[i]!);
      const label = data.y.classes[data.y.codes[i]!];
      // Deviation in b: 0.0229, so a step of 0.02 to the same colour is nearer than 0.01 to the other (0.025).
      expect(sameColour).toBe(label === 'b');
      if (label === 'c') expect(Math.abs(provenance.base[i]! - provenance.neighbour[i]!)).toBe(1);
    }
  });

  it('never makes a category that no neighbour has, whatever the scale of the numbers', async () => {
    for (const scale of [1e-12, 1, 1e9]) {
      const data = drawn(9);
      const columns = data.X.columns.map((column) =>
        column.kind === 'numeric' ? { ...column, values: column.values.map((value) => value * scale) } : column,
      );
      const scaled = { ...data, X: { ...data.X, columns } };
      const { data: made, provenance } = await smoteNc({ seed: 3, kNeighbors: 3 }).resample(scaled);
      const before = cellsOf(scaled.X)[4]!;
      const after = cellsOf(made.X)[4]!;
      const rowsOf = (code: number) => [...data.y.codes.keys()].filter((row) => data.y.codes[row] === code);
      for (const code of [1, 2]) {
        const nearest = nearestOf(scaled, rowsOf(code), 3);
        for (const i of madeRows(provenance)) {
          if (made.y.codes[i] !== code) continue;
          expect(nearest.get(provenance.base[i]!)!.map((row) => before[row])).toContain(after[i]);
        }
      }
    }
  });

  it('weighs every column of numbers the same where asked, as if each were divided by its deviation in the class', async () => {
    const data = drawn(6);
    const plain = await smoteNc({ seed: 1 }).resample(data);
    const scaled = await smoteNc({ seed: 1, scale: 'standard' }).resample(data);
    expect(scaled.provenance).not.toEqual(plain.provenance);
    const rows = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 2);
    const columns = data.X.columns.map((column) => {
      if (column.kind !== 'numeric') return column;
      const by = deviation(rows.map((row) => column.values[row]!));
      return { ...column, values: column.values.map((value) => value / by) };
    });
    const nearest = nearestOf({ ...data, X: { ...data.X, columns } }, rows, 5);
    const { base, neighbour } = scaled.provenance;
    for (const i of madeRows(scaled.provenance)) {
      if (scaled.data.y.codes[i] === 2) expect(nearest.get(base[i]!)).toContain(neighbour[i]);
    }
    expect(() => smoteNc({ scale: 'standard', compat: 'imbalanced-learn' })).toThrow('scale must be none with compat');
  });

  it('says so where most numbers are constant in a class, and categories then do not count', async () => {
    const labels = [...repeat(12, () => 'many'), ...repeat(6, () => 'few')];
    const X = table(
      numeric('fixed', [...repeat(12, (i) => i), ...repeat(6, () => 5)]),
      numeric('still', [...repeat(12, (i) => -i), ...repeat(6, () => 6)]),
      numeric(
        'moves',
        repeat(18, (i) => i * i),
      ),
      categorical(
        'colour',
        repeat(18, (i) => ['red', 'blue'][i % 2]!),
      ),
    );
    const { notices, provenance } = await smoteNc({ kNeighbors: 1 }).resample({ X, y: labelsOf(labels) });
    expect(notices).toContainEqual(expect.objectContaining({ code: 'no-mismatch', class: 'few' }));
    for (const i of madeRows(provenance)) expect(Math.abs(provenance.base[i]! - provenance.neighbour[i]!)).toBe(1);
  });

  it('refuses missing numbers where asked, naming the column and the row; missing categories are a category', async () => {
    const labels = [...repeat(9, () => 'many'), ...repeat(4, () => 'few')];
    const cells = repeat(13, (i): number | null => (i === 7 ? null : i * 1.5));
    const X = table(
      numeric('age', cells),
      categorical(
        'job',
        repeat(13, (i) => (i < 9 ? 'clerk' : null)),
      ),
    );
    const data = { X, y: labelsOf(labels) };
    const refused: SmoteNcOptions[] = [{ missing: 'error' }, { compat: 'imbalanced-learn', kNeighbors: 2 }];
    for (const options of refused) {
      await expect(smoteNc(options).resample(data)).rejects.toMatchObject({
        code: 'missing-value',
        details: { column: 'age', row: 7 },
      });
    }
    const { data: made, provenance } = await smoteNc().resample(data);
    for (const i of madeRows(provenance)) expect(cellsOf(made.X)[1]![i]).toBeNull();
  });

  it('looks at the columns it is told to, and takes codes as categories where told', async () => {
    const labels = [...repeat(30, () => 'many'), ...repeat(10, () => 'few')];
    const random = randomStream(1, 'codes');
    const X = table(
      numeric(
        'id',
        repeat(40, (i) => i),
      ),
      numeric(
        'zone',
        repeat(40, () => [10, 20, 75][random.integer(3)]!),
      ),
      numeric(
        'value',
        repeat(40, () => random.normal()),
      ),
      categorical(
        'note',
        repeat(40, (i) => `n${i % 4}`),
      ),
    );
    const data = { X, y: labelsOf(labels) };
    const plain = await smoteNc({ categoricalFeatures: ['zone'], ignore: ['note'] }).resample(data);
    expect(plain.notices.map(({ code }) => code)).toContain('identifier-column');
    const cells = cellsOf(plain.data.X);
    for (const i of madeRows(plain.provenance)) {
      const base = plain.provenance.base[i]!;
      expect(cells[0]![i]).toBe(base);
      expect([10, 20, 75]).toContain(cells[1]![i]);
      expect(cells[3]![i]).toBe(`n${base % 4}`);
    }
    const told = await smoteNc({ features: ['id', 'note'] }).resample(data);
    expect(told.notices.map(({ code }) => code)).not.toContain('identifier-column');
    for (const i of madeRows(told.provenance)) {
      const { base, neighbour, gap } = told.provenance;
      const id = base[i]! + gap[i]! * (neighbour[i]! - base[i]!);
      expect(Math.abs((cellsOf(told.data.X)[0]![i] as number) - id)).toBeLessThanOrEqual(0.5);
    }
  });

  it('deals with classes too small as every over-sampler does', async () => {
    const labels = [...repeat(9, () => 'a'), ...repeat(3, () => 'b'), 'c'];
    const X = table(
      numeric(
        'value',
        repeat(13, (i) => i * i),
      ),
      categorical(
        'word',
        repeat(13, (i) => `w${i % 2}`),
      ),
    );
    const data = { X, y: labelsOf(labels) };
    await expect(smoteNc().resample(data)).rejects.toMatchObject({ code: 'too-few-rows', details: { class: 'c' } });
    const { notices, data: made } = await smoteNc({ onTooFew: 'random' }).resample(data);
    expect(notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['k-clamped', 'copied-instead']));
    expect(new Set(countsByLabel(made.y).values())).toEqual(new Set([9]));
  });

  it('refuses tables of numbers alone or of categories alone, and says what to use', async () => {
    const y = labelsOf(['a', 'a', 'a', 'b', 'b']);
    const numbersOnly = table(numeric('x', [1.5, 2, 3, 4, 5]));
    const words = table(categorical('w', ['p', 'q', 'p', 'q', 'p']));
    await expect(smoteNc().resample({ X: numbersOnly, y })).rejects.toThrow('there are no categories: smote is');
    await expect(smoteNc().resample({ X: words, y })).rejects.toThrow('there are no numbers: smote-n is');
    expect(() => smoteNc({ evenBase: true, compat: 'imbalanced-learn' })).toThrow('evenBase cannot be true');
    expect(() => smoteNc({ neighbours: 3 } as SmoteNcOptions)).toThrow('smote-nc has no option "neighbours"');
  });

  it('names the column and the row of a number too large to square', async () => {
    const X = table(numeric('x', [1, 2, 1e200, 4, 5, 6]), categorical('w', ['p', 'q', 'p', 'q', 'p', 'q']));
    const y = labelsOf(['a', 'b', 'b', 'a', 'a', 'a']);
    await expect(smoteNc().resample({ X, y })).rejects.toMatchObject({
      code: 'distance-overflow',
      details: { column: 'x', row: 2 },
    });
  });
});
