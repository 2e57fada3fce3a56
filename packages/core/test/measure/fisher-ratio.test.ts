import { describe, expect, it } from 'vitest';
import { fisherRatio } from '../../src/measure/fisher-ratio.ts';
import { caseData, labelled, measureCases } from './difficulty-sets.ts';

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
