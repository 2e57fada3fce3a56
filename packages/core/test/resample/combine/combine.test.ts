import { describe, expect, it } from 'vitest';
import { combine } from '../../../src/resample/combine/combine.ts';
import { smoteEnn } from '../../../src/resample/combine/smote-enn.ts';
import { smoteTomek } from '../../../src/resample/combine/smote-tomek.ts';
import { createResampler } from '../../../src/resample/registry.ts';
import { replayProvenance, replayRows } from '../../../src/resample/replay.ts';
import { editedNearestNeighbours } from '../../../src/resample/under/edited-nearest-neighbours.ts';
import { tomekLinks } from '../../../src/resample/under/tomek-links.ts';
import { columnAt, countsByLabel, toDense } from '../data.ts';
import { overlappingSet } from '../under/oracles.ts';

const smote = (options: object = {}) => createResampler('smote', { seed: 3, ...options });

describe('combine', () => {
  it('does the one after the other, with provenance over the rows given', async () => {
    const data = {
      ...overlappingSet(4),
      weights: Float64Array.from({ length: 77 }, (_, i) => 1 + i),
      groups: Int32Array.from({ length: 77 }, (_, i) => i % 7),
    };
    const both = await combine({ overSampler: smote(), cleaner: tomekLinks({ samplingStrategy: 'all' }) }).resample(
      data,
    );
    const first = await smote().resample(data);
    const second = await tomekLinks({ samplingStrategy: 'all' }).resample(first.data);
    expect(both.data).toEqual(second.data);
    expect(both.data.X.rows).toBeLessThan(first.data.X.rows);
    expect(replayRows(both.provenance, data.X)).toEqual(both.data.X);
    expect(replayProvenance(both.provenance, data.groups)).toEqual(both.data.groups);
    const kept = new Set(both.provenance.source);
    expect([...both.provenance.dropped]).toEqual([...data.y.codes.keys()].filter((row) => !kept.has(row)));
  });

  it('takes any method that adds rows with any that takes rows away', async () => {
    const data = overlappingSet(4);
    for (const [overSampler, cleaner] of [
      ['random-over', 'condensed-nearest-neighbour'],
      ['smote', 'cluster-centroids'],
      ['smote-enn', 'random-under'],
      ['ccr', 'spider'],
    ] as const) {
      const made = await combine({
        overSampler: createResampler(overSampler),
        cleaner: createResampler(cleaner),
      }).resample(data);
      const { source, base } = made.provenance;
      source.forEach((row, i) => {
        expect(data.y.codes[row >= 0 ? row : base[i]!]).toBe(made.data.y.codes[i]);
      });
      expect(source.length).toBe(made.data.X.rows);
    }
  });

  it('names itself after both, hands on their notices, and refuses what is no resampler', async () => {
    const both = combine({
      overSampler: smote({ kNeighbors: 20 }),
      cleaner: editedNearestNeighbours({ nNeighbors: 200 }),
    });
    expect(both.name).toBe('smote+edited-nearest-neighbours');
    const { notices } = await both.resample(overlappingSet(1));
    expect(notices.slice(0, 2)).toMatchObject([
      { code: 'k-clamped', class: 'c', numbers: { asked: 20 } },
      { code: 'k-clamped', numbers: { asked: 200 } },
    ]);
    const wrong = { overSampler: smote(), cleaner: {} } as unknown as Parameters<typeof combine>[0];
    expect(() => combine(wrong)).toThrow('cleaner must be a resampler');
  });

  it('refuses a method in the other’s place, and takes either place for one that does not say what it does', async () => {
    const of = (overSampler: string, cleaner: string) => () =>
      combine({ overSampler: createResampler(overSampler), cleaner: createResampler(cleaner) });
    expect(of('tomek-links', 'smote')).toThrow(
      'overSampler must add rows and cleaner take rows away: tomek-links and smote are the wrong way round',
    );
    expect(of('near-miss', 'tomek-links')).toThrow('overSampler must add rows, and near-miss takes rows away');
    expect(of('smote', 'random-over')).toThrow('cleaner must take rows away, and random-over adds rows');
    const both = combine({ overSampler: smote(), cleaner: createResampler('tomek-links') });
    expect(() => combine({ overSampler: both, cleaner: both })).toThrow('cleaner must take rows away, and smote+tomek');
    const { resample } = createResampler('tomek-links');
    const own = { name: 'own', resample };
    expect(combine({ overSampler: own, cleaner: own }).name).toBe('own+own');
  });
});

describe('smoteEnn and smoteTomek', () => {
  it('clean all classes and the new rows too', async () => {
    const data = overlappingSet(4);
    const first = await smote({ kNeighbors: 4 }).resample(data);
    const enn = await smoteEnn({ seed: 3, kNeighbors: 4, nNeighbors: 5, kindSel: 'mode' }).resample(data);
    const cleaner = editedNearestNeighbours({ samplingStrategy: 'all', nNeighbors: 5, kindSel: 'mode' });
    expect(enn.data).toEqual((await cleaner.resample(first.data)).data);
    const tomek = await smoteTomek({ seed: 3, kNeighbors: 4 }).resample(data);
    expect(tomek.data).toEqual((await tomekLinks({ samplingStrategy: 'all' }).resample(first.data)).data);
    for (const { provenance } of [enn, tomek]) {
      expect(provenance.dropped.length).toBeGreaterThan(0);
      const made = [...provenance.source.keys()].filter((i) => provenance.source[i] === -1).length;
      expect(made).toBeGreaterThan(0);
      expect(made).toBeLessThan(first.data.X.rows - 77);
    }
  });

  it('bound the cleaning where told', async () => {
    const data = overlappingSet(4);
    const free = await smoteEnn({ seed: 3 }).resample(data);
    expect(Math.min(...countsByLabel(free.data.y).values())).toBeLessThan(36);
    const made = await smoteEnn({ seed: 3, minRatio: 0.9 }).resample(data);
    for (const count of countsByLabel(made.data.y).values()) expect(count).toBeGreaterThanOrEqual(36);
    expect(made.notices.map(({ code }) => code)).toContain('cleaning-bounded');
    expect(toDense(made.data.X).data.every(Number.isFinite)).toBe(true);
    expect(columnAt(made.data.X, 0).length).toBe(made.data.X.rows);
  });

  it('refuse options that neither step has', () => {
    const options: object = { version: 1 };
    expect(() => smoteEnn(options)).toThrow('smote-enn has no option "version"');
    expect(() => smoteTomek(options)).toThrow('smote-tomek has no option "version"');
  });
});
