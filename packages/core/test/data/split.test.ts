import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCounts } from '../../src/data/label-views.ts';
import { type Labels, subsetLabels } from '../../src/data/labels.ts';
import { trainTestSplit } from '../../src/data/split.ts';
import { codeOf, repeat } from './tables.ts';

const labelled = (codes: readonly number[]): Labels => ({
  classes: ['a', 'b', 'c'].slice(0, Math.max(...codes) + 1),
  codes: Int32Array.from(codes),
});
const counts = (labels: Labels, rows: Int32Array) => [...classCounts(subsetLabels(labels, rows))];
const ascending = (rows: Int32Array) => rows.every((row, i) => i === 0 || row > rows[i - 1]!);

describe('trainTestSplit', () => {
  it('puts every row on one side, with the class shares of the whole to one row', () => {
    const codes = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(codes, fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.nat(), (list, testSize, seed) => {
        const labels = labelled(list);
        const { train, test } = trainTestSplit({ labels, testSize, seed });
        expect(ascending(train) && ascending(test)).toBe(true);
        expect([...train, ...test].sort((a, b) => a - b)).toEqual([...list.keys()]);
        const all = classCounts(labels);
        counts(labels, test).forEach((count, code) => {
          const quota = all[code]! * testSize;
          if (all[code]! >= 2) {
            expect(count).toBeGreaterThanOrEqual(1);
            expect(count).toBeLessThan(all[code]!);
            expect(Math.abs(count - quota)).toBeLessThan(all[code]! > 2 / Math.min(testSize, 1 - testSize) ? 1 : 2);
          } else expect(count).toBe(0);
        });
      }),
    );
  });

  it('gives left-over rows to the largest remainders', () => {
    // Quotas 2.75, 1.5 and 0.75 of 5 test rows: 2, 1, 0 and the two left over to the first and the third.
    const labels = labelled([...repeat(11, () => 0), ...repeat(6, () => 1), ...repeat(3, () => 2)]);
    expect(counts(labels, trainTestSplit({ labels, seed: 0 }).test)).toEqual([3, 1, 1]);
  });

  it('depends on the seed alone', () => {
    const labels = labelled(repeat(100, (i) => (i % 10 === 0 ? 1 : 0)));
    const rows = (seed: number) => [...trainTestSplit({ labels, seed }).test];
    expect(rows(5)).toEqual(rows(5));
    expect(rows(5)).not.toEqual(rows(6));
  });

  it('says so where a class of one row can be on one side only', () => {
    const { notices } = trainTestSplit({ labels: labelled([0, 0, 0, 0, 1]), seed: 0 });
    expect(notices).toMatchObject([{ code: 'class-on-one-side', class: 'b', numbers: { train: 1, test: 0 } }]);
  });

  it('refuses sizes and side arrays that make no sense', () => {
    const labels = labelled([0, 1, 0, 1]);
    for (const testSize of [0, 1, -1, Number.NaN]) {
      expect(codeOf(() => trainTestSplit({ labels, testSize, seed: 0 }))).toBe('bad-option');
    }
    expect(codeOf(() => trainTestSplit({ labels, seed: 0, groups: new Int32Array(3) }))).toBe('bad-option');
    const both = { groups: new Int32Array(4), time: new Float64Array(4) };
    expect(codeOf(() => trainTestSplit({ labels, seed: 0, ...both }))).toBe('bad-option');
  });

  describe('by group', () => {
    it('never divides a group and comes near the shares, with small and large groups on both sides', () => {
      const groups: number[] = [];
      const codes: number[] = [];
      for (let group = 0; group < 300; group++) {
        for (let i = 0; i < 1 + ((group * 37) % 40); i++) {
          groups.push(group);
          codes.push((group * 13 + i * 7) % 29 === 0 ? 1 : 0);
        }
      }
      const labels = labelled(codes);
      const all = classCounts(labels);
      for (const seed of [0, 1, 2]) {
        const { train, test } = trainTestSplit({ labels, seed, groups: Int32Array.from(groups) });
        const inTest = new Set(Array.from(test, (row) => groups[row]));
        expect(Array.from(train, (row) => groups[row]).some((group) => inTest.has(group))).toBe(false);
        counts(labels, test).forEach((count, code) => {
          expect(Math.abs(count / all[code]! - 0.25)).toBeLessThan(0.02);
        });
        expect(inTest.size).toBeGreaterThan(50);
        expect(inTest.size).toBeLessThan(100);
      }
    });

    it('takes a negative code for a group of its own', () => {
      const labels = labelled(repeat(40, (i) => i % 2));
      const { test } = trainTestSplit({ labels, seed: 0, groups: new Int32Array(40).fill(-1) });
      expect(counts(labels, test)).toEqual([5, 5]);
    });

    it('refuses one group, and classes that cannot be on both sides', () => {
      const labels = labelled([0, 0, 0, 1, 1, 1]);
      const split = (groups: number[]) => () => trainTestSplit({ labels, seed: 0, groups: Int32Array.from(groups) });
      expect(codeOf(split([1, 1, 1, 1, 1, 1]))).toBe('too-few-groups');
      expect(codeOf(split([1, 2, 3, 4, 4, 4]))).toBe('too-few-groups');
      expect(split([1, 1, 2, 1, 2, 2])().test.length).toBe(3);
    });
  });

  describe('by time', () => {
    it('tests on the latest rows and keeps equal times together', () => {
      const labels = labelled(repeat(8, (i) => i % 2));
      const time = Float64Array.of(5, 1, 5, 2, 9, 5, 3, 5);
      const { train, test } = trainTestSplit({ labels, seed: 0, time });
      // Two rows are wanted; the cut after time 5 gives one, the cut before it five.
      expect([...test]).toEqual([4]);
      expect(Math.max(...Array.from(train, (row) => time[row]!))).toBe(5);
    });

    it('says which class is missing on one side', () => {
      const labels = labelled([0, 0, 1, 0, 0, 0, 0, 0]);
      const { notices } = trainTestSplit({ labels, seed: 0, time: Float64Array.from(repeat(8, (i) => i)) });
      expect(notices).toMatchObject([{ code: 'class-on-one-side', class: 'b' }]);
    });

    it('refuses one time only and missing times', () => {
      const labels = labelled([0, 1, 0, 1]);
      expect(codeOf(() => trainTestSplit({ labels, seed: 0, time: new Float64Array(4) }))).toBe('too-few-times');
      const time = Float64Array.of(1, Number.NaN, 2, 3);
      expect(codeOf(() => trainTestSplit({ labels, seed: 0, time }))).toBe('missing-time');
    });
  });
});
