import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stratifiedFolds } from '../../src/data/folds.ts';
import { classCounts } from '../../src/data/label-views.ts';
import { type Labels, subsetLabels } from '../../src/data/labels.ts';
import { codeOf, repeat } from './tables.ts';

const labelled = (codes: readonly number[]): Labels => ({ classes: ['a', 'b', 'c'], codes: Int32Array.from(codes) });
const counts = (labels: Labels, rows: Int32Array) => [...classCounts(subsetLabels(labels, rows))];

describe('stratifiedFolds', () => {
  it('validates every row once a repeat, with class counts and sizes that differ by at most one', () => {
    const codes = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 150, size: 'max' });
    fc.assert(
      fc.property(codes, fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 3 }), (list, k, repeats) => {
        const labels = labelled([...list, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
        const { folds, notices } = stratifiedFolds({ labels, folds: k, repeats, seed: 3 });
        expect(notices).toEqual([]);
        expect(folds.map(({ repeat, fold }) => [repeat, fold])).toEqual(repeatPairs(repeats, k));
        for (let r = 0; r < repeats; r++) {
          const parts = folds.slice(r * k, (r + 1) * k);
          const validated = parts.flatMap(({ validate }) => [...validate]);
          expect(validated.sort((a, b) => a - b)).toEqual([...labels.codes.keys()]);
          for (const { train, validate } of parts) {
            expect([...train, ...validate].sort((a, b) => a - b)).toEqual([...labels.codes.keys()]);
            expect([...train]).toEqual([...train].sort((a, b) => a - b));
          }
          for (const spread of [
            ...[0, 1].map((code) => parts.map(({ validate }) => counts(labels, validate)[code]!)),
            parts.map(({ validate }) => validate.length),
          ]) {
            expect(Math.max(...spread) - Math.min(...spread)).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it('makes fewer folds where a class has fewer rows, and says why', () => {
    const labels = labelled([...repeat(50, () => 0), 1, 1, 1]);
    const { folds, notices } = stratifiedFolds({ labels, folds: 5, seed: 0 });
    expect(folds).toHaveLength(3);
    expect(folds.every(({ validate }) => counts(labels, validate)[1] === 1)).toBe(true);
    expect(notices).toMatchObject([{ code: 'fewer-folds', class: 'b', numbers: { folds: 3, wanted: 5 } }]);
  });

  it('refuses a class of one row, and names it', () => {
    expect(() => stratifiedFolds({ labels: labelled([0, 0, 0, 1]), folds: 5, seed: 0 })).toThrow(/class "b" has 1 row/);
    expect(codeOf(() => stratifiedFolds({ labels: labelled([]), folds: 5, seed: 0 }))).toBe('too-few-rows');
    expect(codeOf(() => stratifiedFolds({ labels: labelled([0, 1]), folds: 1, seed: 0 }))).toBe('bad-option');
    expect(codeOf(() => stratifiedFolds({ labels: labelled([0, 1]), folds: 2, repeats: 0, seed: 0 }))).toBe(
      'bad-option',
    );
  });

  it('divides repeats differently, and the same seed the same', () => {
    const labels = labelled(repeat(60, (i) => i % 2));
    const rows = (seed: number) =>
      stratifiedFolds({ labels, folds: 3, repeats: 2, seed }).folds.map((f) => [...f.validate]);
    expect(rows(1)).toEqual(rows(1));
    expect(rows(1)[0]).not.toEqual(rows(2)[0]);
    expect(rows(1)[0]).not.toEqual(rows(1)[3]);
  });

  it('keeps the first repeat when more are asked for', () => {
    const labels = labelled(repeat(60, (i) => i % 2));
    const first = stratifiedFolds({ labels, folds: 3, repeats: 1, seed: 1 }).folds;
    expect(stratifiedFolds({ labels, folds: 3, repeats: 4, seed: 1 }).folds.slice(0, 3)).toEqual(first);
  });

  describe('with groups', () => {
    it('keeps groups whole and shares even', () => {
      const groups: number[] = [];
      const codes: number[] = [];
      for (let group = 0; group < 120; group++) {
        for (let i = 0; i < 1 + (group % 9); i++) {
          groups.push(1000 - group);
          codes.push((group + i) % 11 === 0 ? 1 : 0);
        }
      }
      const labels = labelled(codes);
      const { folds, notices } = stratifiedFolds({ labels, folds: 5, seed: 0, groups: Int32Array.from(groups) });
      expect(notices).toEqual([]);
      for (const { train, validate } of folds) {
        const inside = new Set(Array.from(validate, (row) => groups[row]));
        expect(Array.from(train, (row) => groups[row]).some((group) => inside.has(group))).toBe(false);
        counts(labels, validate).forEach((count, code) => {
          const even = classCounts(labels)[code]! / 5;
          expect(Math.abs(count - even)).toBeLessThanOrEqual(Math.max(2, 0.1 * even));
        });
      }
    });

    it('makes fewer folds where a class is in fewer groups', () => {
      const labels = labelled(repeat(40, (i) => (i < 4 ? 1 : 0)));
      const groups = Int32Array.from(repeat(40, (i) => (i < 4 ? i % 2 : i)));
      const { folds, notices } = stratifiedFolds({ labels, folds: 4, seed: 0, groups });
      expect(folds).toHaveLength(2);
      expect(folds.every(({ validate }) => counts(labels, validate)[1] === 2)).toBe(true);
      expect(notices).toMatchObject([{ code: 'fewer-folds' }]);
      const one = Int32Array.from(repeat(40, (i) => (i < 4 ? 0 : i)));
      expect(codeOf(() => stratifiedFolds({ labels, folds: 4, seed: 0, groups: one }))).toBe('too-few-groups');
    });
  });
});

function repeatPairs(repeats: number, folds: number): number[][] {
  return repeat(repeats * folds, (i) => [Math.floor(i / folds), i % folds]);
}
