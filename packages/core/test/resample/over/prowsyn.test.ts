import { describe, expect, it } from 'vitest';
import { prowsyn } from '../../../src/resample/over/prowsyn.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { euclidean } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 60],
    ['b', 40],
    ['c', 20],
  ],
  2,
  8,
);

const places = [...data.y.codes.keys()].map((row) => rowAt(data.X, row));

/** Layers by the definition: rows of class b nearest to any row of another class, over and over. */
function layersByHand(nNeighbors: number, levels: number): number[][] {
  let left = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 1);
  const others = [...data.y.codes.keys()].filter((row) => data.y.codes[row] !== 1);
  const layers: number[][] = [];
  for (let level = 1; level < levels; level++) {
    const nearest = new Set(
      others.flatMap((other) => {
        const far = new Map(left.map((row) => [row, euclidean(places[row]!, places[other]!)]));
        return [...left].sort((a, b) => far.get(a)! - far.get(b)!).slice(0, nNeighbors);
      }),
    );
    layers.push([...nearest]);
    left = left.filter((row) => !nearest.has(row));
  }
  return [...layers, left];
}

describe('prowsyn', () => {
  it.each([
    [1, 4, 1],
    [3, 3, 0.5],
    [2, 5, 2],
  ])(
    'with %d neighbours, %d layers and theta %d shares the rows over the layers by their weights',
    async (nNeighbors, levels, theta) => {
      const layers = layersByHand(nNeighbors, levels).filter((layer) => layer.length > 0);
      expect(layers.length).toBeGreaterThan(1);
      const count = 1000;
      const { provenance } = await prowsyn({
        nNeighbors,
        levels,
        theta,
        seed: 1,
        samplingStrategy: { b: 40 + count },
      }).resample(data);
      const total = layers.reduce((sum, _, level) => sum + Math.exp(-theta * level), 0);
      const got = layers.map(() => 0);
      for (let i = 120; i < provenance.source.length; i++) {
        const level = layers.findIndex((layer) => layer.includes(provenance.base[i]!));
        got[level]!++;
        expect(provenance.neighbour[i]).not.toBe(provenance.base[i]);
        if (layers[level]!.length > 1) expect(layers[level]).toContain(provenance.neighbour[i]);
        else expect(data.y.codes[provenance.neighbour[i]!]).toBe(1);
      }
      layers.forEach((_, level) => {
        expect(Math.abs(got[level]! - (count * Math.exp(-theta * level)) / total)).toBeLessThan(1);
      });
    },
  );

  it('takes all pairs of a layer alike', async () => {
    const layer = layersByHand(1, 2)[0]!;
    const { provenance } = await prowsyn({
      nNeighbors: 1,
      levels: 2,
      theta: 50,
      seed: 2,
      samplingStrategy: { b: 40 + 50 * layer.length * (layer.length - 1) },
    }).resample(data);
    const uses = new Map<string, number>();
    for (let i = 120; i < provenance.source.length; i++) {
      const pair = `${provenance.base[i]} ${provenance.neighbour[i]}`;
      uses.set(pair, (uses.get(pair) ?? 0) + 1);
    }
    expect(uses.size).toBe(layer.length * (layer.length - 1));
    for (const count of uses.values()) expect(Math.abs(count - 50)).toBeLessThan(40);
  });

  it('makes one layer of all rows where one is asked for, or where the first takes them all', async () => {
    const X = rowsOf([[0], [1], [2], [3], [4], [10], [11], [12], [13], [14], [15], [16], [17]]);
    const y = labelsOf(Array.from({ length: 13 }, (_, i) => (i < 5 ? 'b' : 'a')));
    for (const options of [{ levels: 1 }, { nNeighbors: 5 }, { nNeighbors: 50 }]) {
      const { provenance } = await prowsyn({ ...options, samplingStrategy: { b: 405 } }).resample({ X, y });
      expect(new Set(provenance.base.subarray(13))).toEqual(new Set([0, 1, 2, 3, 4]));
      expect(new Set(provenance.neighbour.subarray(13))).toEqual(new Set([0, 1, 2, 3, 4]));
    }
  });

  it('refuses options out of range', () => {
    expect(() => prowsyn({ theta: -1 })).toThrow('theta must be a number of at least 0');
    expect(() => prowsyn({ levels: 0 })).toThrow('levels must be a whole number of at least 1');
    expect(() => prowsyn({ nNeighbors: 0 })).toThrow('nNeighbors must be a whole number of at least 1');
  });
});
