import { describe, expect, it } from 'vitest';
import { dimensionality } from '../../src/measure/dimensionality.ts';
import { caseData, labelled, measureCases } from './difficulty-sets.ts';

describe('T2, T3, T4', () => {
  it('equal problexity', () => {
    for (const item of measureCases) {
      const { t2, t3, t4 } = dimensionality(caseData(item));
      expect(t2.value).toBeCloseTo(item.columns / item.rows, 14);
      expect(t3.value).toBeCloseTo(item.t3 as number, 14);
      expect(t4.value).toBeCloseTo(item.t4 as number, 14);
    }
  });

  it('count directions of the data, for each class its own, with more columns than rows as well', () => {
    // Class 0 varies along a line in six columns, class 1 in a plane; one row does not vary.
    const line = [0, 1, 2, 3].map((t) => [t, 2 * t, -t, t, 0, 7]);
    const plane = [
      [0, 0],
      [3, 0],
      [0, 2],
      [1, 1],
    ].map(([a, b]) => [a!, b!, a! - b!, 0, 0, 7]);
    const data = labelled([...line, ...plane, [1, 2, 3, 4, 5, 6]], [0, 0, 0, 0, 1, 1, 1, 1, 2]);
    const { components, t3, t4 } = dimensionality(data);
    expect(components.perClass).toEqual([1, 2, 0]);
    expect(t3.perClass).toEqual([1 / 4, 2 / 4, 0]);
    expect(t4.perClass).toEqual([1 / 6, 2 / 6, 0]);
  });
});
