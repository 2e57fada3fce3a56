import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { createResampler, resamplers } from '../../../src/resample/registry.ts';
import type { Resampled } from '../../../src/resample/resampler.ts';
import { randomUnder } from '../../../src/resample/under/random-under.ts';
import { countsByLabel, labelsOf, rowsOf } from '../data.ts';
import { overlappingSet } from './oracles.ts';

/** Rows one after the other, `[group, label]` each. */
function grouped(rows: readonly (readonly [number, ClassLabel])[]): Dataset {
  return {
    X: rowsOf(rows.map((_, i) => [i])),
    y: labelsOf(rows.map(([, label]) => label)),
    groups: Int32Array.from(rows, ([group]) => group),
  };
}

const many = (count: number, group: number, label: ClassLabel) =>
  Array.from({ length: count }, (): [number, ClassLabel] => [group, label]);

/** Every group is in the output with all its rows, or with none. */
function expectWhole(data: Dataset, { provenance }: Resampled): void {
  const kept = new Set(provenance.source);
  const stays = new Map<number, boolean>();
  data.groups!.forEach((group, row) => {
    expect(kept.has(row)).toBe(stays.get(group) ?? kept.has(row));
    stays.set(group, kept.has(row));
  });
}

const takesAway = [...resamplers.values()].filter(
  ({ samplingType, name }) => samplingType !== 'over-sampling' && !['cluster-centroids', 'spider'].includes(name),
);

describe('random-under with wholeGroups', () => {
  it('keeps or drops rows of a group together, and says which counts whole groups do not meet', async () => {
    const row = fc.tuple(fc.integer({ min: -3, max: 9 }), fc.constantFrom('a', 'a', 'a', 'b', 'b', 'c'));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 4, maxLength: 60 }), fc.nat(99), async (rows, seed) => {
        const data = grouped(rows);
        fc.pre(data.y.classes.length > 1);
        const made = await randomUnder({ wholeGroups: true, seed }).resample(data);
        expectWhole(data, made);
        const before = [...countsByLabel(data.y).values()];
        const counts = countsByLabel({ ...made.data.y });
        const least = Math.min(...before);
        const said = new Map(made.notices.map(({ class: label, numbers }) => [label, numbers?.['rows']]));
        for (const [label, count] of counts) {
          expect(count).toBeGreaterThan(0);
          expect(said.get(label)).toBe(count === least ? undefined : count);
        }
        expect(made.provenance.source.length + made.provenance.dropped.length).toBe(rows.length);
      }),
      { numRuns: 200 },
    );
  });

  it('meets every count where each row is a group of its own, and draws each row alike', async () => {
    const data = grouped([...many(30, 0, 'a'), ...many(6, 0, 'b')].map(([, label], i) => [i, label]));
    const kept = new Int32Array(36);
    for (let seed = 0; seed < 400; seed++) {
      const { source, notices } = randomUnder({ wholeGroups: true, seed }).selectRows(data.y, data.groups);
      expect([source.length, notices]).toEqual([12, []]);
      for (const row of source) kept[row]!++;
    }
    // 80 times each but for chance: 5 standard deviations are 40.
    for (const times of kept.subarray(0, 30)) expect(Math.abs(times - 80)).toBeLessThan(40);
    expect([...kept.subarray(30)]).toEqual(new Array(6).fill(400));
  });

  it('never takes a group apart that has a row of a class that loses none', async () => {
    const data = grouped([...many(5, 1, 'a'), [1, 'b'], ...many(5, 2, 'a'), [2, 'b'], ...many(4, 3, 'a')]);
    const made = await randomUnder({ wholeGroups: true }).resample(data);
    expect([...made.provenance.dropped]).toEqual([12, 13, 14, 15]);
    expect(made.notices).toMatchObject([{ code: 'count-not-reached', class: 'a', numbers: { rows: 10, asked: 2 } }]);
    expect(made.notices[0]!.message).toBe(
      'class "a" keeps 10 rows, 2 were asked: they are in groups with rows of classes that lose none',
    );
  });

  it('takes a few rows too many rather than many too few, and leaves no class without rows', async () => {
    const strategy = { samplingStrategy: { a: 8 }, wholeGroups: true };
    const near = await randomUnder(strategy).resample(grouped([...many(9, 1, 'a'), ...many(9, 2, 'a'), [3, 'b']]));
    expect(countsByLabel(near.data.y).get('a')).toBe(9);
    const one = await randomUnder({ wholeGroups: true }).resample(
      grouped([...many(9, 1, 'a'), ...many(7, 2, 'a'), [3, 'b']]),
    );
    expect(countsByLabel(one.data.y).get('a')).toBe(7);
    const none = await randomUnder({ samplingStrategy: { a: 0 }, wholeGroups: true }).resample(
      grouped([...many(9, 1, 'a'), [3, 'b']]),
    );
    expect([...none.provenance.source]).toEqual([9]);
    expect(none.notices.map(({ code }) => code)).toEqual(['class-emptied']);
  });

  it('needs groups, and refuses what cannot go with them', async () => {
    const { groups: _, ...without } = grouped([
      [1, 'a'],
      [1, 'a'],
      [2, 'b'],
    ]);
    await expect(randomUnder({ wholeGroups: true }).resample(without)).rejects.toMatchObject({ code: 'no-groups' });
    expect(() => randomUnder({ wholeGroups: true }).selectRows(without.y, Int32Array.of(1))).toThrow(
      'but groups for 1',
    );
    const bad = (options: object) => () => randomUnder({ wholeGroups: true, ...options });
    expect(bad({ replacement: true })).toThrow('wholeGroups cannot be true with replacement');
    expect(bad({ compat: 'imbalanced-learn' })).toThrow('wholeGroups cannot be true with compat');
    expect(() => randomUnder({ wholeGroups: 'yes' as never })).toThrow('wholeGroups must be true or false, got yes');
  });
});

describe.each(takesAway)('$name with wholeGroups', ({ name, samplingType }) => {
  const data = { ...overlappingSet(3), groups: Int32Array.from({ length: 77 }, (_, i) => (i * 7) % 40) };

  it('keeps or drops rows of a group together, the same rows whatever the classes are called', async () => {
    const made = await createResampler(name, { wholeGroups: true, seed: 2 }).resample(data);
    expectWhole(data, made);
    expect([...made.provenance.source]).toEqual([...made.provenance.source].sort((a, b) => a - b));
    const called = ['z', 'y', 'x'];
    const y = labelsOf([...data.y.codes].map((code) => called[code]!));
    const renamed = await createResampler(name, { wholeGroups: true, seed: 2 }).resample({ ...data, y });
    expect(renamed.provenance).toEqual(made.provenance);
  });

  it('does what it does without where every row is a group of its own', async () => {
    const alone = { ...data, groups: Int32Array.from({ length: 77 }, (_, i) => 100 - i) };
    const made = await createResampler(name, { wholeGroups: true, seed: 2 }).resample(alone);
    expectWhole(alone, made);
    if (name === 'random-under') return;
    const plain = await createResampler(name, { seed: 2 }).resample(alone);
    expect(made.provenance).toEqual(plain.provenance);
  });

  it.runIf(samplingType === 'clean-sampling')('drops a group of which more than half would go', async () => {
    const plain = await createResampler(name, { seed: 2 }).resample(data);
    const made = await createResampler(name, { seed: 2, wholeGroups: true }).resample(data);
    const gone = new Set(plain.provenance.dropped);
    const minority = data.y.classes.indexOf('c');
    const rows = (group: number) => [...data.groups.keys()].filter((row) => data.groups[row] === group);
    const expected = [...data.groups.keys()].filter((row) => {
      const own = rows(data.groups[row]!);
      return (
        2 * own.filter((other) => gone.has(other)).length > own.length &&
        own.every((other) => data.y.codes[other] !== minority)
      );
    });
    expect([...made.provenance.dropped]).toEqual(expected);
    const told = made.notices.find(({ code }) => code === 'groups-kept-whole');
    if (told) expect(made.notices.map(({ code }) => code)).not.toContain('nothing-removed');
    const back = plain.provenance.dropped.filter((row) => !expected.includes(row)).length;
    expect(told?.numbers?.['back'] ?? 0).toBe(back);
    expect(() => createResampler(name, { wholeGroups: true, minRatio: 1 })).toThrow('cannot be true with minRatio');
  });
});
