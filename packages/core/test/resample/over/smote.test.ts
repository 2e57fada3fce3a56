import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { type SmoteOptions, smote } from '../../../src/resample/over/smote.ts';
import { columnAt, countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf, toSparse } from '../data.ts';

/** Rows a b b a …: `few` rows of class b at the given positions, the rest a. */
function twoClasses(few: number[][], many: number): Dataset {
  const far = Array.from({ length: many }, (_, i) => few[0]!.map(() => 500 + i * i));
  return { X: rowsOf([...few, ...far]), y: labelsOf([...few.map(() => 'b'), ...far.map(() => 'a')]) };
}

describe('smote', () => {
  it('puts every new row on the segment from a row to one of its k nearest of the same class', async () => {
    const data = gaussianDataset(
      [
        ['a', 60],
        ['b', 14],
        ['c', 9],
      ],
      3,
      6,
    );
    const { data: made, provenance } = await smote({ kNeighbors: 4, seed: 5 }).resample(data);
    const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, j) => value - b[j]!));
    for (let i = 83; i < made.X.rows; i++) {
      const base = provenance.base[i]!;
      const neighbour = provenance.neighbour[i]!;
      expect(data.y.codes[base]).toBe(made.y.codes[i]);
      expect(data.y.codes[neighbour]).toBe(made.y.codes[i]);
      const to = distance(rowAt(data.X, base), rowAt(data.X, neighbour));
      const nearer = [...data.y.codes.keys()].filter((row) => {
        return (
          row !== base &&
          data.y.codes[row] === made.y.codes[i] &&
          distance(rowAt(data.X, base), rowAt(data.X, row)) < to
        );
      });
      expect(nearer.length).toBeLessThan(4);
      expect(provenance.gap[i]).toBeGreaterThanOrEqual(0);
      expect(provenance.gap[i]).toBeLessThan(1);
      const passed = distance(rowAt(data.X, base), rowAt(made.X, i));
      expect(passed / to).toBeCloseTo(provenance.gap[i]!, 9);
    }
    expect(Object.fromEntries(countsByLabel(made.y))).toEqual({ a: 60, b: 60, c: 60 });
  });

  it('uses all neighbours and all gaps alike', async () => {
    const data = gaussianDataset(
      [
        ['a', 50_000],
        ['b', 6],
      ],
      2,
      9,
    );
    const { provenance } = await smote({ kNeighbors: 5, seed: 1, evenBase: false }).resample(data);
    const pairs = new Map<string, number>();
    const tenths = new Array<number>(10).fill(0);
    const made = 49_994;
    for (let i = 50_006; i < 50_006 + made; i++) {
      const pair = `${provenance.base[i]} ${provenance.neighbour[i]}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      tenths[Math.floor(provenance.gap[i]! * 10)]!++;
    }
    const chiSquared = (counts: number[]) => {
      const expected = made / counts.length;
      return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    };
    expect(pairs.size).toBe(30);
    expect(chiSquared([...pairs.values()])).toBeLessThan(58.3); // 29 degrees of freedom, 99.9 %
    expect(chiSquared(tenths)).toBeLessThan(27.9); // 9 degrees of freedom
  });

  it('uses the bases evenly unless asked not to', async () => {
    const data = gaussianDataset(
      [
        ['a', 100],
        ['b', 13],
      ],
      2,
      2,
    );
    const uses = async (options: SmoteOptions) => {
      const { provenance } = await smote({ seed: 3, ...options }).resample(data);
      const counts = new Map<number, number>();
      for (const base of provenance.base.subarray(113)) counts.set(base, (counts.get(base) ?? 0) + 1);
      return [...counts.values()].sort((a, b) => a - b);
    };
    // 87 new rows over 13 bases: six each and nine of them once more.
    expect(await uses({})).toEqual([...new Array(4).fill(6), ...new Array(9).fill(7)]);
    const drawn = await uses({ evenBase: false });
    expect(drawn.at(-1)! - drawn[0]!).toBeGreaterThan(1);
    expect(await uses({ samplingStrategy: { b: 18 } })).toEqual([1, 1, 1, 1, 1]);
  });

  it('gives sparse rows the numbers of dense rows to the last bit, storing the union of cells', async () => {
    const data = gaussianDataset(
      [
        ['a', 80],
        ['b', 21],
        ['c', 12],
      ],
      8,
      7,
    );
    data.X.data.forEach((value, i) => {
      if (Math.abs(value) < 1.2) data.X.data[i] = 0;
    });
    for (const options of [{}, { compat: 'imbalanced-learn' }] as const) {
      const dense = await smote({ ...options, seed: 1 }).resample(data);
      const sparse = await smote({ ...options, seed: 1 }).resample({ ...data, X: toSparse(data.X) });
      expect(sparse.provenance).toEqual(dense.provenance);
      for (let j = 0; j < 8; j++) expect(columnAt(sparse.data.X, j)).toEqual(columnAt(dense.data.X, j));
      if (sparse.data.X.kind !== 'csr') throw new Error('sparse rows became dense');
      expect(sparse.data.X.values.length).toBeLessThan(sparse.data.X.rows * 8);
    }
  });

  it('interpolates the weight and keeps the base row’s group', async () => {
    const data = gaussianDataset(
      [
        ['a', 30],
        ['b', 8],
      ],
      2,
      11,
    );
    const weights = Float64Array.from({ length: 38 }, (_, i) => (i * 7) % 5);
    const groups = Int32Array.from({ length: 38 }, (_, i) => i % 4);
    const { data: made, provenance } = await smote({ seed: 2 }).resample({ ...data, weights, groups });
    for (let i = 38; i < 60; i++) {
      const from = weights[provenance.base[i]!]!;
      const to = weights[provenance.neighbour[i]!]!;
      expect(made.weights![i]).toBe(from + provenance.gap[i]! * (to - from));
      expect(made.weights![i]).toBeGreaterThanOrEqual(0);
      expect(made.groups![i]).toBe(groups[provenance.base[i]!]);
    }
  });

  it('never takes a row as its own neighbour, also among duplicates', async () => {
    const data = twoClasses(
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      40,
    );
    const { data: made, provenance } = await smote({ kNeighbors: 2, seed: 0 }).resample(data);
    for (let i = 44; i < made.X.rows; i++) {
      expect(provenance.neighbour[i]).not.toBe(provenance.base[i]);
      expect(rowAt(made.X, i)).toEqual([1, 1]);
    }
  });

  it('draws for a class alone: other classes, their names and their targets change nothing', async () => {
    const data = gaussianDataset(
      [
        ['a', 40],
        ['b', 10],
        ['c', 15],
      ],
      2,
      12,
    );
    const blockOf = async (label: string, y: Dataset['y'], options: SmoteOptions) => {
      const { data: made, provenance } = await smote({ seed: 6, ...options }).resample({ X: data.X, y });
      const rows = [...made.y.codes.keys()].filter((i) => i >= 65 && y.classes[made.y.codes[i]!] === label);
      return rows.map((i) => [provenance.base[i], provenance.neighbour[i], provenance.gap[i]]);
    };
    const block = await blockOf('c', data.y, {});
    expect(block.length).toBe(25);
    expect(await blockOf('c', data.y, { samplingStrategy: { c: 40 } })).toEqual(block);
    const renamed = labelsOf([...data.y.codes].map((code) => ['zz', 'z', 'c'][code]!));
    expect(await blockOf('c', renamed, {})).toEqual(block);
    const renamedItself = labelsOf([...data.y.codes].map((code) => ['a', 'b', '0'][code]!));
    expect(await blockOf('0', renamedItself, {})).toEqual(block);
  });

  it('names the class and the counts when a class is too small', async () => {
    const data = twoClasses([[0], [1], [3]], 9);
    const strict = smote({ onTooFew: 'error' }).resample(data);
    await expect(strict).rejects.toMatchObject({ code: 'too-few-rows', details: { class: 'b', rows: 3, needed: 6 } });
    await expect(strict).rejects.toThrow('class "b" has 3 rows, 5 neighbours need 6');
    await expect(smote({ compat: 'imbalanced-learn' }).resample(data)).rejects.toMatchObject({ code: 'too-few-rows' });
    const atK = twoClasses([[0], [1], [3], [7], [12]], 9);
    await expect(smote({ onTooFew: 'error' }).resample(atK)).rejects.toMatchObject({ details: { rows: 5, needed: 6 } });
    expect((await smote().resample(atK)).notices).toMatchObject([
      { code: 'k-clamped', numbers: { asked: 5, used: 4 } },
    ]);
    const exactly = twoClasses([[0], [1], [3], [7], [12], [20]], 9);
    expect((await smote({ onTooFew: 'error' }).resample(exactly)).notices).toEqual([]);
  });

  it('clamps k with a notice', async () => {
    const data = twoClasses([[0], [1], [3]], 9);
    const { provenance, notices } = await smote().resample(data);
    expect(notices).toMatchObject([
      { code: 'k-clamped', severity: 'warning', class: 'b', numbers: { rows: 3, asked: 5, used: 2 } },
    ]);
    for (let i = 12; i < 18; i++) expect([0, 1, 2]).toContain(provenance.neighbour[i]);
  });

  it('copies the only row of a class when told to, else stops', async () => {
    const data = twoClasses([[4]], 5);
    await expect(smote().resample(data)).rejects.toThrow(
      'class "b" has 1 row, and at least 2 are needed to make rows between them: set onTooFew to "random"',
    );
    const { data: made, provenance, notices } = await smote({ onTooFew: 'random' }).resample(data);
    expect([...columnAt(made.X, 0).subarray(6)]).toEqual([4, 4, 4, 4]);
    expect([...provenance.source.subarray(6)]).toEqual([0, 0, 0, 0]);
    expect([...provenance.base.subarray(6)]).toEqual([-1, -1, -1, -1]);
    expect(notices).toMatchObject([{ code: 'copied-instead', class: 'b' }]);
  });

  it('does not mind a small class that gets no rows', async () => {
    const data = { X: rowsOf([[0], [1], [2], [4], [7], [9]]), y: labelsOf(['a', 'b', 'b', 'b', 'c', 'c']) };
    const { data: made, notices } = await smote({
      samplingStrategy: { c: 3 },
      kNeighbors: 1,
      onTooFew: 'error',
    }).resample(data);
    expect(Object.fromEntries(countsByLabel(made.y))).toEqual({ a: 1, b: 3, c: 3 });
    expect(notices).toEqual([]);
  });

  it('points at the first cell that is not a finite number', async () => {
    const data = twoClasses(
      [
        [0, 1],
        [1, Number.NaN],
        [3, 3],
      ],
      9,
    );
    const expected = { code: 'not-finite', details: { row: 1, column: '1' } };
    await expect(smote().resample(data)).rejects.toMatchObject(expected);
    for (let cell = 0; cell < 9; cell++) {
      const X = rowsOf([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]);
      X.data[cell] = Number.POSITIVE_INFINITY;
      const details = { row: Math.floor(cell / 3), column: String(cell % 3) };
      await expect(smote().resample({ X, y: labelsOf(['a', 'a', 'b']) })).rejects.toMatchObject({ details });
    }
    const sparse = toSparse(
      rowsOf([
        [0, 1],
        [0, Number.NEGATIVE_INFINITY],
        [3, 0],
        [1, 1],
      ]),
    );
    await expect(smote().resample({ X: sparse, y: labelsOf([0, 0, 1, 1]) })).rejects.toMatchObject(expected);
  });

  it('stops where distances overflow', async () => {
    for (const few of [
      [-1.7e308, 1.7e308],
      [0, 1e200, 3e200, 1],
      [1e160, 2e160],
    ]) {
      const data = twoClasses(
        few.map((value) => [value]),
        9,
      );
      await expect(smote({ kNeighbors: 1 }).resample(data)).rejects.toMatchObject({ code: 'distance-overflow' });
    }
    const large = twoClasses([[1e150], [-1e150]], 9);
    expect([...columnAt((await smote().resample(large)).data.X, 0)].every(Number.isFinite)).toBe(true);
  });

  it('stops on request and reports progress by class', async () => {
    const data = gaussianDataset(
      [
        ['a', 30],
        ['b', 10],
        ['c', 9],
      ],
      2,
      1,
    );
    const events: string[] = [];
    await smote().resample(data, { onProgress: ({ task, done, total }) => events.push(`${task} ${done}/${total}`) });
    expect(events).toEqual(['smote 0/2', 'smote 1/2', 'smote 2/2']);
    const stopped = smote().resample(data, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const half = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 1 && half.abort();
    await expect(smote().resample(data, { signal: half.signal, onProgress })).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('refuses options that make no sense', () => {
    const make = (options: object) => () => smote(options);
    expect(make({ kNeighbors: 0 })).toThrow('kNeighbors must be a whole number of at least 1');
    expect(make({ kNeighbors: 2.5 })).toThrow('got 2.5');
    expect(make({ onTooFew: 'skip' })).toThrow('onTooFew must be one of error, clamp-k, random');
    expect(make({ compat: 'imbalanced-learn', evenBase: true })).toThrow('evenBase cannot be true with compat');
    expect(make({ k_neighbors: 5 })).toThrow('smote has no option "k_neighbors"');
  });
});
