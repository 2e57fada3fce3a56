import { describe, expect, it } from 'vitest';
import { type SmobdOptions, smobd } from '../../../src/resample/over/smobd.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { euclidean, nearestByHand } from './by-hand.ts';

const near = gaussianDataset(
  [
    ['a', 100],
    ['b', 30],
    ['c', 12],
  ],
  2,
  17,
);
/** Two rows of class b far from all others, and from each other. */
const data = (() => {
  const cells = near.X.data.slice();
  const own = [...near.y.codes.keys()].filter((row) => near.y.codes[row] === 1);
  cells.set([30, 30], own[3]! * 2);
  cells.set([-40, 10], own[7]! * 2);
  return { ...near, X: { ...near.X, data: cells } };
})();
const own = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 1);
const apart = (a: number, b: number) => euclidean(rowAt(data.X, a), rowAt(data.X, b));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Weights by the definitions; reachability as the longest edge by which the growing visited part takes a row in. */
function weightsByHand({ eta1 = 0.5, t = 1.8, minSamples = 5, maxEps }: SmobdOptions): Map<number, number> {
  const core = new Map(
    own.map((row) => [row, own.map((other) => apart(row, other)).sort((a, b) => a - b)[minSamples - 1]!]),
  );
  const reach = new Map<number, number>();
  const visited = [own[0]!];
  while (visited.length < own.length) {
    const left = own.filter((row) => !visited.includes(row));
    const reached = left.map((row) => Math.min(...visited.map((from) => Math.max(core.get(from)!, apart(from, row)))));
    const next = reached.indexOf(Math.min(...reached));
    reach.set(left[next]!, reached[next]!);
    visited.push(left[next]!);
  }
  const meanCore = mean([...core.values()]);
  const meanReach = mean([...reach.values()]);
  const ranges = [0, 1].map((j) => {
    const column = [...data.y.codes.keys()].map((row) => rowAt(data.X, row)[j]!);
    return Math.max(...column) - Math.min(...column);
  });
  const radius = maxEps === undefined ? t * meanCore : maxEps * Math.max(...ranges);
  const count = new Map(own.map((row) => [row, own.filter((other) => apart(row, other) <= radius).length]));
  const [mostCore, mostCount] = [Math.max(...core.values()), Math.max(...count.values())];
  const weights = own.map((row) => {
    const noise = core.get(row)! > t * meanCore && (reach.get(row) ?? Number.POSITIVE_INFINITY) > t * meanReach;
    return noise ? 0 : (eta1 * core.get(row)!) / mostCore + ((1 - eta1) * count.get(row)!) / mostCount;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return new Map(own.map((row, i) => [row, weights[i]! / total]));
}

describe('smobd', () => {
  it.each<SmobdOptions>([
    {},
    { eta1: 1, minSamples: 3 },
    { eta1: 0, maxEps: 0.02 },
    { eta1: 0.3, t: 1.1, minSamples: 2, maxEps: 0.05, kNeighbors: 3 },
    { t: 50 },
  ])('gives each row its share by its density, and noise none: %j', async (options) => {
    const weights = weightsByHand(options);
    const count = 3000;
    const { provenance } = await smobd({ ...options, seed: 1, samplingStrategy: { b: 30 + count } }).resample(data);
    const uses = new Map<number, number>();
    for (let i = 142; i < provenance.source.length; i++) {
      const base = provenance.base[i]!;
      uses.set(base, (uses.get(base) ?? 0) + 1);
      expect(nearestByHand(data, base, options.kNeighbors ?? 5, 'same')).toContain(provenance.neighbour[i]);
    }
    for (const row of own) {
      expect(Math.abs((uses.get(row) ?? 0) - count * weights.get(row)!)).toBeLessThan(1 + 1e-9);
    }
    const noise = [...weights.values()].filter((weight) => weight === 0).length;
    if (options.t === 50) expect(noise).toBe(0);
    else expect(noise).toBeGreaterThanOrEqual(2);
  });

  it('uses a class of noise alone evenly, and says so', async () => {
    const X = rowsOf([[0], [1], [2], [3], ...Array.from({ length: 12 }, (_, i) => [20 + i])]);
    const y = labelsOf(Array.from({ length: 16 }, (_, i) => (i < 4 ? 'b' : 'a')));
    const { provenance, notices } = await smobd({ t: 0.01, kNeighbors: 2 }).resample({ X, y });
    expect([...provenance.base.subarray(16)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(notices.map(({ code, numbers }) => [code, numbers?.['rows']])).toEqual([['only-noise', 4]]);
  });

  it('refuses options out of range', () => {
    expect(() => smobd({ eta1: 1.1 })).toThrow('eta1 must be a number from 0 to 1');
    expect(() => smobd({ t: 0 })).toThrow('t must be a number above 0');
    expect(() => smobd({ maxEps: -1 })).toThrow('maxEps must be a number above 0');
    expect(() => smobd({ minSamples: 1 })).toThrow('minSamples must be a whole number of at least 2');
  });
});
