import { describe, expect, it } from 'vitest';
import { polynomFitSmote } from '../../../src/resample/over/polynom-fit-smote.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { newRows } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 40],
    ['b', 6],
  ],
  3,
  3,
);
const own = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 1);
const make = (topology: 'star' | 'bus' | 'mesh' | `poly_${number}`, count: number, seed = 1) =>
  polynomFitSmote({ topology, seed, samplingStrategy: { b: 6 + count } }).resample(data);

const between = (a: readonly number[], b: readonly number[], part: number) =>
  a.map((value, j) => value + part * (b[j]! - value));
const sorted = (rows: readonly (readonly number[])[]) => [...rows].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);

function expectSameRows(made: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(made.length).toBe(expected.length);
  const wanted = sorted(expected);
  sorted(made).forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(wanted[i]![j]!, 10);
    });
  });
}

/** Least squares by the normal equations in powers of the rank, solved by elimination; fine for low degrees. */
function fitByHand(values: readonly number[], degree: number): (rank: number) => number {
  const size = degree + 1;
  const power = (rank: number, p: number) => (p === 0 ? 1 : rank ** p);
  const system = Array.from({ length: size }, (_, r) => [
    ...Array.from({ length: size }, (_, c) => values.reduce((sum, _value, rank) => sum + power(rank, r + c), 0)),
    values.reduce((sum, value, rank) => sum + value * power(rank, r), 0),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    for (let r = 0; r < size; r++) {
      if (r === pivot) continue;
      const factor = system[r]![pivot]! / system[pivot]![pivot]!;
      system[r] = system[r]!.map((value, c) => value - factor * system[pivot]![c]!);
    }
  }
  return (rank) => system.reduce((sum, line, p) => sum + (line[size]! / line[p]!) * power(rank, p), 0);
}

describe('polynomFitSmote', () => {
  it('star: rows stand at even parts of the ways from each row to the mean', async () => {
    const rows = own.map((row) => rowAt(data.X, row));
    const mean = [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[j]!, 0) / 6);
    const { data: made, provenance } = await make('star', 18);
    expectSameRows(
      newRows(made.X as never, 46),
      rows.flatMap((row) => [0.25, 0.5, 0.75].map((part) => between(row, mean, part))),
    );
    expect([...provenance.base.subarray(46)]).toEqual(own.flatMap((row) => [row, row, row]));
    expect(provenance.neighbour.subarray(46).every((row) => row === -1)).toBe(true);
  });

  it('star: gives exactly the rows asked for, the odd ones to rows drawn', async () => {
    const { provenance } = await make('star', 15);
    const uses = own.map((row) => provenance.base.subarray(46).filter((base) => base === row).length);
    expect([...uses].sort()).toEqual([2, 2, 2, 3, 3, 3]);
    const other = (await make('star', 15, 2)).provenance.base;
    expect(other).not.toEqual(provenance.base);
  });

  it('bus: rows stand at even parts of the ways from each row to the next in the data', async () => {
    const rows = own.map((row) => rowAt(data.X, row));
    const { data: made, provenance } = await make('bus', 10);
    expectSameRows(
      newRows(made.X as never, 46),
      rows.slice(1).flatMap((next, i) => [1 / 3, 2 / 3].map((part) => between(rows[i]!, next, part))),
    );
    expect([...provenance.neighbour.subarray(46)]).toEqual(own.slice(1).flatMap((row) => [row, row]));
  });

  it('mesh: uses all 15 ways between 6 rows, or as many as there are rows to make', async () => {
    const pairsOf = ({ base, neighbour }: { base: Int32Array; neighbour: Int32Array }) =>
      [...base.keys()].slice(46).map((i) => `${base[i]} ${neighbour[i]}`);
    const all = own.flatMap((first, i) => own.slice(i + 1).map((second) => `${first} ${second}`));
    const full = (await make('mesh', 30)).provenance;
    expect(pairsOf(full).sort()).toEqual([...all, ...all].sort());
    expect([...new Set(full.gap.subarray(46))].sort()).toEqual([1 / 3, 2 / 3]);
    const some = (await make('mesh', 9)).provenance;
    expect(new Set(pairsOf(some)).size).toBe(9);
    expect(all).toEqual(expect.arrayContaining(pairsOf(some)));
    expect(some.gap.subarray(46).every((gap) => gap === 0.5)).toBe(true);
    expect(pairsOf((await make('mesh', 9, 2)).provenance)).not.toEqual(pairsOf(some));
  });

  it('mesh: draws every way alike', async () => {
    const uses = new Map<string, number>();
    for (let seed = 0; seed < 1500; seed++) {
      const { base, neighbour } = (await make('mesh', 3, seed)).provenance;
      for (let i = 46; i < 49; i++)
        uses.set(`${base[i]} ${neighbour[i]}`, (uses.get(`${base[i]} ${neighbour[i]}`) ?? 0) + 1);
    }
    // 4500 draws over 15 ways: 300 each, standard deviation about 15.5.
    expect(uses.size).toBe(15);
    for (const count of uses.values()) expect(Math.abs(count - 300)).toBeLessThan(70);
  });

  it.each([1, 2, 3])('poly_%d: rows lie on the least-squares curve of that degree', async (degree) => {
    const ordered = own
      .map((row) => rowAt(data.X, row))
      .sort((a, b) => a.reduce((sum, value) => sum + value) - b.reduce((sum, value) => sum + value));
    const curves = [0, 1, 2].map((j) =>
      fitByHand(
        ordered.map((row) => row[j]!),
        degree,
      ),
    );
    const { data: made, provenance } = await make(`poly_${degree}`, 300);
    const ranks: number[] = [];
    newRows(made.X as never, 46).forEach((row, i) => {
      // The base is the row of the nearest rank, so the rank lies within half of it.
      const nearest = ordered.findIndex((other) => other[0] === rowAt(data.X, provenance.base[46 + i]!)[0]);
      let low = Math.max(0, nearest - 0.5);
      let high = Math.min(5, nearest + 0.5);
      const miss = (rank: number) => Math.max(...curves.map((curve, j) => Math.abs(curve(rank) - row[j]!)));
      const grid = Array.from({ length: 201 }, (_, g) => low + ((high - low) * g) / 200);
      const best = grid.reduce((a, b) => (miss(b) < miss(a) ? b : a));
      [low, high] = [Math.max(low, best - 0.01), Math.min(high, best + 0.01)];
      for (let step = 0; step < 200; step++) {
        const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
        if (miss(a) < miss(b)) high = b;
        else low = a;
      }
      expect(miss((low + high) / 2)).toBeLessThan(1e-9);
      ranks.push((low + high) / 2);
    });
    expect(Math.min(...ranks)).toBeLessThan(0.3);
    expect(Math.max(...ranks)).toBeGreaterThan(4.7);
    expect(ranks.reduce((sum, rank) => sum + rank, 0) / 300).toBeCloseTo(2.5, 0);
  });

  it('poly_N: lowers a degree that the class is too small for, and says so', async () => {
    const { notices, data: made } = await make('poly_9', 20);
    expect(notices.map(({ code, numbers }) => ({ code, numbers }))).toEqual([
      { code: 'degree-lowered', numbers: { rows: 6, asked: 9, used: 5 } },
    ]);
    expect(made.X.rows).toBe(66);
  });

  it('fits high degrees over many rows', async () => {
    const truth = (rank: number) => Math.cos(rank / 60);
    const X = rowsOf([
      ...Array.from({ length: 300 }, (_, rank) => [rank, truth(rank)]),
      ...Array.from({ length: 800 }, (_, i) => [-10 - i, 3]),
    ]);
    const y = labelsOf(Array.from({ length: 1100 }, (_, i) => (i < 300 ? 'b' : 'a')));
    const { data: made } = await polynomFitSmote({ topology: 'poly_15' }).resample({ X, y });
    for (const [rank, value] of newRows(made.X as never, 1100)) expect(value).toBeCloseTo(truth(rank!), 6);
  });

  it('refuses topologies that there are not', () => {
    for (const topology of ['ring', 'poly', 'poly_0', 'poly_21', 'poly_2.5', 7, undefined]) {
      const attempt = () => polynomFitSmote({ topology: topology as never });
      if (topology === undefined) attempt();
      else expect(attempt).toThrow('topology must be star, bus, mesh or poly_1 to poly_20');
    }
  });
});
