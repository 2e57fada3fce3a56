import { describe, expect, it } from 'vitest';
import { linearity } from '../../src/measure/linearity.ts';
import { caseData, clouds, labelled, measureCases, transformed } from './difficulty-sets.ts';

describe('L1, L2, L3', () => {
  it('have the values of the minimum that scipy finds', async () => {
    for (const item of measureCases) {
      const { l1, l2 } = await linearity(caseData(item));
      expect(l1.value).toBeCloseTo(item.l1 as number, 6);
      expect(l2.value).toBeCloseTo(item.l2 as number, 14);
      expect(l2.perClass[1]).toBeCloseTo(item.l2Minority as number, 14);
    }
  });

  it('are 0 for classes that a line separates, and give up a rare class that none does', async () => {
    const apart = labelled(
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [5, 5],
        [6, 5],
      ],
      [0, 0, 0, 1, 1],
    );
    const { l1, l2, l3 } = await linearity(apart);
    expect([l1.value, l2.value, l3.value]).toEqual([0, 0, 0]);
    const ring = [...Array.from({ length: 40 }, (_, i) => [Math.cos(i), Math.sin(i)]), [0, 0], [0.01, 0], [0, 0.01]];
    const inside = await linearity(
      labelled(
        ring,
        ring.map((_, i) => (i < 40 ? 0 : 1)),
      ),
    );
    expect(inside.l2).toEqual({ value: 3 / 43, perClass: [0, 1] });
    expect(inside.l3.perClass).toEqual([0, 1]);
    expect(inside.l1.perClass[1]).toBeGreaterThan(0.5);
  });

  it('stay numbers on constant columns, and do not change when columns are shifted and stretched', async () => {
    const constant = await linearity(labelled([[3], [3], [3]], [0, 0, 1]));
    expect(constant.l1).toEqual({ value: 1, perClass: [0, 1] });
    expect(constant.l2).toEqual({ value: 1 / 3, perClass: [0, 1] });
    const data = clouds([40, 12, 9], 3, 6);
    const moved = transformed(data, (value, f) => value * [2, 0.5, 1024][f]! + [1, -8, 4][f]!);
    const [before, after] = [await linearity(data), await linearity(moved)];
    expect(after.l1.value).toBeCloseTo(before.l1.value, 8);
    expect(after.l2).toEqual(before.l2);
    await expect(linearity(data, { C: 0 })).rejects.toMatchObject({ code: 'bad-option' });
  });
});
