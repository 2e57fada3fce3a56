import { describe, expect, it } from 'vitest';
import { directionalFisherRatio } from '../../src/measure/directional-fisher-ratio.ts';
import { collectiveFeatureEfficiency, featureEfficiency } from '../../src/measure/feature-efficiency.ts';
import { fisherRatio } from '../../src/measure/fisher-ratio.ts';
import { overlapVolume } from '../../src/measure/overlap-volume.ts';
import {
  caseData,
  clouds,
  type LabelledSet,
  labelled,
  measureCases,
  rowOf,
  tied,
  transformed,
} from './difficulty-sets.ts';

/** Definition by enumeration, one row list and one column at a time. */
function inOverlap(data: LabelledSet, rows: readonly number[], f: number): number[] {
  const of = (code: number) => rows.filter((row) => data.y.codes[row] === code).map((row) => rowOf(data.X, row)[f]!);
  const low = Math.max(Math.min(...of(0)), Math.min(...of(1)));
  const high = Math.min(Math.max(...of(0)), Math.max(...of(1)));
  return rows.filter((row) => rowOf(data.X, row)[f]! >= low && rowOf(data.X, row)[f]! <= high);
}

describe('F3 and F4', () => {
  it('F3 equals problexity', () => {
    for (const item of measureCases) expect(featureEfficiency(caseData(item)).value).toBeCloseTo(item.f3 as number, 14);
  });

  it('F3 is the least in-overlap share over the columns, for each class by its own best column', () => {
    // Column 0 overlaps in [2, 3]: rows 2, 3 | 4. Column 1 in [5, 6]: rows 0, 1, 2 | 4, 5.
    const data = labelled(
      [
        [0, 5],
        [1, 5.5],
        [2, 6],
        [3, 4],
        [2, 5],
        [8, 6],
        [9, 7],
        [9, 8],
      ],
      [0, 0, 0, 0, 1, 1, 1, 1],
    );
    expect(featureEfficiency(data)).toEqual({ value: 3 / 8, perClass: [2 / 4, 1 / 4] });
  });

  it('F4 removes column by column what the best of those left separates', () => {
    for (const data of [...measureCases.map(caseData), tied(40, 2), clouds([20, 9], 4, 8, 1.5)]) {
      let left = Array.from(data.y.codes.keys());
      const unused = new Set(Array.from({ length: data.X.columns }, (_, f) => f));
      const both = () => new Set(left.map((row) => data.y.codes[row])).size === 2;
      while (unused.size > 0 && both()) {
        const stays = [...unused].map((f) => ({ f, rows: inOverlap(data, left, f) }));
        const best = stays.reduce((a, b) => (b.rows.length < a.rows.length ? b : a));
        unused.delete(best.f);
        left = best.rows;
      }
      const { value, perClass } = collectiveFeatureEfficiency(data);
      const total = data.X.rows;
      expect(value).toBe(left.length / total);
      for (const code of [0, 1]) {
        const size = data.y.codes.filter((of) => of === code).length;
        expect(perClass[code]).toBe(left.filter((row) => data.y.codes[row] === code).length / size);
      }
    }
  });

  it('F4 is 0 when two columns do together what neither does alone', () => {
    // Column 0 leaves rows 1, 2 | 3, which column 1 then tells apart, though not all five.
    const data = labelled(
      [
        [0, 5],
        [5, 0],
        [5, 1],
        [4, 4],
        [9, 0.5],
      ],
      [0, 0, 0, 1, 1],
    );
    expect(featureEfficiency(data).value).toBe(3 / 5);
    expect(collectiveFeatureEfficiency(data).value).toBe(0);
  });
});

describe('F1 to F4', () => {
  it('do not change when columns are shifted and stretched, and are means over pairs with three classes', () => {
    const data = clouds([30, 20, 10], 3, 9);
    const moved = transformed(data, (value, f) => value * [2, 0.5, 4096][f]! + [3, -8, 64][f]!);
    for (const measure of [
      fisherRatio,
      directionalFisherRatio,
      overlapVolume,
      featureEfficiency,
      collectiveFeatureEfficiency,
    ]) {
      expect(measure(moved).value).toBeCloseTo(measure(data).value, 9);
    }
    const pair = (a: number, b: number) => {
      const rows = Array.from(data.y.codes.keys()).filter((row) => [a, b].includes(data.y.codes[row]!));
      return labelled(
        rows.map((row) => rowOf(data.X, row)),
        rows.map((row) => (data.y.codes[row] === a ? 0 : 1)),
      );
    };
    for (const measure of [directionalFisherRatio, overlapVolume, featureEfficiency, collectiveFeatureEfficiency]) {
      const [ab, ac, bc] = [measure(pair(0, 1)), measure(pair(0, 2)), measure(pair(1, 2))];
      expect(measure(data).value).toBeCloseTo((ab.value + ac.value + bc.value) / 3, 12);
      expect(measure(data).perClass[2]).toBeCloseTo((ac.perClass[1]! + bc.perClass[1]!) / 2, 12);
    }
  });
});
