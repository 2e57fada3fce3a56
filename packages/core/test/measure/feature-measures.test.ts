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

describe('F1', () => {
  it('equals problexity once its ratio is halved', () => {
    for (const item of measureCases) expect(fisherRatio(caseData(item)).value).toBeCloseTo(item.f1 as number, 12);
  });

  it('is worked by hand: means 1 and 4, scatter 2 + 2 within, 9 between', () => {
    const data = labelled([[0], [2], [3], [5]], [0, 0, 1, 1]);
    // sum n_c (mean_c - 2.5)^2 = 2 * 2.25 * 2 = 9, sum (x - mean_c)^2 = 4
    expect(fisherRatio(data)).toEqual({ value: 4 / 13, perClass: [4 / 13, 4 / 13] });
  });

  it('is 0 for a column that is constant in each class, 1 if means agree, and sets each of three classes against the rest', () => {
    expect(
      fisherRatio(
        labelled(
          [
            [7, 1],
            [7, 4],
            [8, 2],
          ],
          [0, 0, 1],
        ),
      ).value,
    ).toBe(0);
    expect(fisherRatio(labelled([[0.1], [0.1], [0.1]], [0, 0, 1])).value).toBe(1);
    const three = labelled([[0], [1], [5], [6], [0.5], [0.7]], [0, 0, 1, 1, 2, 2]);
    const versus = labelled([[0], [1], [5], [6], [0.5], [0.7]], [0, 0, 1, 1, 0, 0]);
    expect(fisherRatio(three).perClass[1]).toBeCloseTo(fisherRatio(versus).value, 14);
    // Three classes at once: within 0.5 + 0.5 + 0.02, between around 2.2
    const between = 2 * (0.5 - 2.2) ** 2 + 2 * (5.5 - 2.2) ** 2 + 2 * (0.6 - 2.2) ** 2;
    expect(fisherRatio(three).value).toBeCloseTo(1 / (1 + between / 1.02), 12);
  });
});

describe('F1v', () => {
  it('equals problexity', () => {
    for (const item of measureCases) {
      expect(directionalFisherRatio(caseData(item)).value).toBeCloseTo(item.f1v as number, 10);
    }
  });

  it('does not change when columns are mixed by a regular matrix, or repeated', () => {
    const data = clouds([40, 15], 3, 5);
    const mixed = labelled(
      Array.from(data.y.codes, (_, row) => {
        const [a, b, c] = rowOf(data.X, row) as [number, number, number];
        return [a + 1000 * b, b - c, c / 50 + a, a + 1000 * b];
      }),
      Array.from(data.y.codes),
    );
    expect(directionalFisherRatio(mixed).value).toBeCloseTo(directionalFisherRatio(data).value, 9);
  });

  it('is 0 where the means differ in a direction without scatter', () => {
    // x - y is 0 in one class and 1 in the other; a pseudo-inverse would miss it.
    const rows = [0.3, 1.1, 2.6, 3.9].flatMap((t) => [
      [t, t],
      [t, t - 1],
    ]);
    expect(
      directionalFisherRatio(
        labelled(
          rows,
          rows.map((_, i) => i % 2),
        ),
      ).value,
    ).toBe(0);
    expect(
      directionalFisherRatio(
        labelled(
          [
            [1, 0],
            [1, 1],
            [2, 0],
            [2, 1],
          ],
          [0, 0, 1, 1],
        ),
      ).value,
    ).toBe(0);
    expect(
      directionalFisherRatio(
        labelled(
          [
            [1, 3],
            [1, 3],
            [1, 3],
          ],
          [0, 1, 1],
        ),
      ).value,
    ).toBe(1);
    // A single row a class has no scatter at all.
    expect(directionalFisherRatio(labelled([[1], [2]], [0, 1])).value).toBe(0);
  });
});

describe('F2', () => {
  it('equals problexity', () => {
    for (const item of measureCases) expect(overlapVolume(caseData(item)).value).toBeCloseTo(item.f2 as number, 13);
  });

  it('measures the shared box by both boxes together, and by each class its own', () => {
    // [0, 4] x [0, 2] and [3, 5] x [1, 5]: overlap 1 x 1, together 5 x 5.
    const data = labelled(
      [
        [0, 0],
        [4, 2],
        [3, 1],
        [5, 5],
      ],
      [0, 0, 1, 1],
    );
    expect(overlapVolume(data)).toEqual({ value: expect.closeTo(1 / 25, 15), perClass: [1 / 8, 1 / 8] });
    const apart = labelled(
      [
        [0, 0],
        [4, 2],
        [5, 1],
        [6, 5],
      ],
      [0, 0, 1, 1],
    );
    expect(overlapVolume(apart)).toEqual({ value: 0, perClass: [0, 0] });
    // A constant column says nothing; a class of one row inside the other's box shares all its ground.
    const inside = labelled(
      [
        [0, 0, 9],
        [4, 2, 9],
        [3, 1, 9],
      ],
      [0, 0, 1],
    );
    expect(overlapVolume(inside)).toEqual({ value: 0, perClass: [0, 1] });
  });
});

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

describe('all of them', () => {
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
