import { describe, expect, it } from 'vitest';
import { neighbourDisagreement } from '../../src/measure/neighbour-disagreement.ts';
import { rValue } from '../../src/measure/r-value.ts';
import { around, caseData, impactToy, labelled, measureCases } from './difficulty-sets.ts';

describe('neighbourDisagreement and rValue', () => {
  it('count enemies as scikit-learn finds them', async () => {
    for (const item of measureCases) {
      const data = caseData(item);
      const lists = await around(data);
      const { perRow, kdn, commonMisclassification, degreeOfOverlap, nearestNeighbourError, denseEnemies } =
        neighbourDisagreement(data.y, lists);
      const mean = (of: (enemies: number) => number, rows = item.y.map(() => true)) => {
        const kept = item.enemies.filter((_, row) => rows[row]);
        return kept.reduce((sum, enemies) => sum + of(enemies), 0) / kept.length;
      };
      const minority = item.y.map((code) => code === 1);
      expect(Array.from(perRow, (share) => Math.round(5 * share))).toEqual(item.enemies);
      expect(kdn.value).toBeCloseTo(
        mean((enemies) => enemies / 5),
        14,
      );
      expect(kdn.perClass[1]).toBeCloseTo(
        mean((enemies) => enemies / 5, minority),
        14,
      );
      const often = (enemies: number) => (enemies > 2 ? 1 : 0);
      expect(commonMisclassification.value).toBeCloseTo(mean(often), 14);
      expect(denseEnemies.perClass[1]).toBeCloseTo(mean(often, minority) * minority.filter(Boolean).length, 12);
      expect(degreeOfOverlap.value).toBeCloseTo(
        mean((enemies) => (enemies > 0 ? 1 : 0)),
        14,
      );
      expect(nearestNeighbourError.value).toBeCloseTo(item.n3 as number, 14);
      const r = rValue(data.y, lists);
      expect(r.value).toBeCloseTo(mean(often), 14);
      const ratio = minority.filter((is) => !is).length / minority.filter(Boolean).length;
      expect(r.augmented).toBeCloseTo((r.perClass[0]! + ratio * r.perClass[1]!) / (ratio + 1), 14);
      expect(rValue(data.y, lists, { theta: 4 }).value).toBeCloseTo(
        mean((enemies) => (enemies > 4 ? 1 : 0)),
        14,
      );
    }
  });

  it('give the kDN of the golden toy', async () => {
    const { perRow } = neighbourDisagreement(impactToy.y, await around(impactToy));
    expect(Array.from(perRow)).toEqual([0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2, 0.2, 0.6, 1, 0.2, 0.2]);
  });

  it('clamp k with a notice, and refuse a theta that no row can exceed', async () => {
    const data = labelled([[0], [1], [3]], [0, 1, 1]);
    const lists = await around(data, 5);
    expect(lists.k).toBe(2);
    expect(lists.notices).toMatchObject([{ code: 'k-clamped', numbers: { asked: 5, k: 2 } }]);
    expect(() => rValue(data.y, lists, { theta: 2 })).toThrow(expect.objectContaining({ code: 'bad-option' }));
    await expect(around(data, 0)).rejects.toMatchObject({ code: 'bad-option' });
  });
});
