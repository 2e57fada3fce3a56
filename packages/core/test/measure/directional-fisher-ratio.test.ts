import { describe, expect, it } from 'vitest';
import { directionalFisherRatio } from '../../src/measure/directional-fisher-ratio.ts';
import { caseData, clouds, labelled, measureCases, rowOf } from './difficulty-sets.ts';

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
