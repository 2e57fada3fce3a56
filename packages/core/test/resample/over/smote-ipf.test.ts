import { describe, expect, it } from 'vitest';
import { iterativePartitioningFilter } from '../../../src/resample/over/iterative-partitioning-filter.ts';
import { smote } from '../../../src/resample/over/smote.ts';
import { smoteIpf } from '../../../src/resample/over/smote-ipf.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { gaussianDataset, labelsOf, rowsOf } from '../data.ts';

/** Classes far apart, with rows 2 and 9 of the first called by the other's name. */
const data = (() => {
  const { X, y } = gaussianDataset(
    [
      ['a', 80],
      ['b', 20],
    ],
    2,
    6,
  );
  const cells = X.data.map((value, i) => value + 20 * y.codes[Math.floor(i / 2)]!);
  const many = [...y.codes.keys()].filter((row) => y.codes[row] === 0);
  const wrong = [many[2]!, many[9]!];
  const labels = [...y.codes].map((code, row) => (code === 1 || wrong.includes(row) ? 'b' : 'a'));
  return { X: { ...X, data: cells }, y: labelsOf(labels), wrong };
})();

describe('smoteIpf', () => {
  it('is SMOTE and then the filter, told as one', async () => {
    const first = await smote({ seed: 3, kNeighbors: 4 }).resample(data);
    const second = await iterativePartitioningFilter({ samplingStrategy: 'all', seed: 3 }).resample(first.data);
    const both = await smoteIpf({ seed: 3, kNeighbors: 4 }).resample(data);
    expect(both.data).toEqual(second.data);
    const kept = [...second.provenance.source];
    expect([...both.provenance.base]).toEqual(kept.map((row) => first.provenance.base[row]));
    expect([...both.provenance.gap]).toEqual(kept.map((row) => first.provenance.gap[row]));
  });

  it('removes mislabelled rows and the new rows that start from them', async () => {
    const { provenance, data: made } = await smoteIpf({ seed: 1 }).resample(data);
    for (const row of data.wrong) expect([...provenance.dropped]).toContain(row);
    expect(provenance.dropped.length).toBeLessThan(8);
    for (let i = 0; i < made.X.rows; i++) {
      if (provenance.source[i]! >= 0 || !data.wrong.includes(provenance.base[i]!)) continue;
      // What starts from a mislabelled row may stay only on the far half of its way.
      expect(provenance.gap[i]).toBeGreaterThan(0.3);
    }
  });

  it('keeps the same rows whatever the classes are called, also where 0/1 columns make most votes a tie', async () => {
    const names = ['a', 'b', 'c'];
    for (let seed = 0; seed < 8; seed++) {
      const stream = randomStream(seed, 'bits');
      const codes = Array.from({ length: 60 }, (_, i) => (i < 3 ? i : stream.integer(3)));
      const X = rowsOf(codes.map((code) => [0, 1, 2].map((j) => Number(stream.uniform() < (code === j ? 0.7 : 0.4)))));
      const kept = async (called: readonly string[]) => {
        const y = labelsOf(codes.map((code) => called[code]!));
        const { provenance, data: made } = await smoteIpf({ seed, nPartitions: 4 }).resample({ X, y });
        return called.map((name) =>
          [...made.y.codes.keys()]
            .filter((i) => made.y.classes[made.y.codes[i]!] === name)
            .map((i) => `${provenance.source[i]} ${provenance.base[i]} ${provenance.gap[i]}`),
        );
      };
      const plain = await kept(names);
      expect(plain.flat().length).toBeLessThan(70);
      for (const called of [
        ['c', 'b', 'a'],
        ['b', 'c', 'a'],
      ])
        expect(await kept(called)).toEqual(plain);
    }
  });

  it('keeps to the bound that minRatio sets', async () => {
    const { data: made } = await smoteIpf({ seed: 1, minRatio: 1 }).resample(data);
    expect(made.X.rows).toBe(156);
  });

  it('hands options on and refuses what neither has', () => {
    expect(() => smoteIpf({ kNeighbors: 0 })).toThrow('kNeighbors');
    expect(() => smoteIpf({ nPartitions: 1 })).toThrow('nPartitions');
    expect(() => smoteIpf({ evenBase: true } as never)).toThrow('smote-ipf has no option "evenBase"');
  });
});
