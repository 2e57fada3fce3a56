import { describe, expect, it } from 'vitest';
import { coveringSpheres, sphereRadii } from '../../src/measure/covering-spheres.ts';
import { pairGeometry } from '../../src/measure/geometry.ts';
import { caseData, clouds, distanceOf, labelled, measureCases, tied } from './difficulty-sets.ts';

const hard = [...measureCases.map(caseData), tied(50, 1), tied(60, 2, 3), clouds([40, 10, 5], 3, 3)];

describe('T1', () => {
  it('equals problexity, which drops spheres whose centre a larger one holds', async () => {
    for (const item of measureCases) {
      const data = caseData(item);
      expect((await coveringSpheres(data, await pairGeometry(data))).value).toBeCloseTo(item.t1 as number, 14);
    }
  });

  it('grows spheres until they touch those of their nearest enemies', async () => {
    const data = labelled([[0], [1], [3], [4], [7]], [0, 0, 0, 1, 1]);
    const geometry = await pairGeometry(data);
    expect(Array.from(sphereRadii(geometry))).toEqual([3.5, 2.5, 0.5, 0.5, 3.5]);
    // Spheres at 0 (to 3.5) and 7 (from 3.5) cover all centres but 3 is inside 3.5: two spheres.
    expect(await coveringSpheres(data, geometry)).toEqual({ value: 2 / 5, perClass: [1 / 3, 1 / 2] });
    expect((await coveringSpheres(data, geometry, { absorb: 'contained' })).value).toBe(2 / 5);
  });

  it('lets every sphere touch that of its nearest enemy, and ends on ties and duplicates', async () => {
    for (const data of hard) {
      const geometry = await pairGeometry(data);
      const radii = sphereRadii(geometry);
      for (const [row, enemy] of geometry.nearestEnemy.entries()) {
        expect(radii[row]).toBeGreaterThanOrEqual(0);
        expect(radii[row]! + radii[enemy]!).toBeCloseTo(distanceOf(data.X, row, enemy), 12);
      }
      for (const absorb of ['centre', 'contained'] as const) {
        const { value } = await coveringSpheres(data, geometry, { absorb });
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
  });
});
