import { describe, expect, it } from 'vitest';
import {
  borderlineFraction,
  intraInterRatio,
  localSetCardinality,
  nearestNeighbourError,
} from '../../src/measure/border-measures.ts';
import { pairGeometry } from '../../src/measure/geometry.ts';
import { neighbourDisagreement } from '../../src/measure/neighbour-disagreement.ts';
import { around, caseData, clouds, labelled, measureCases, tied } from './difficulty-sets.ts';

const hard = [...measureCases.map(caseData), tied(50, 1), tied(60, 2, 3), clouds([40, 10, 5], 3, 3)];

describe('N1, N2, N3, LSC', () => {
  it('equal scipy and scikit-learn by their definitions, LSC problexity', async () => {
    for (const item of measureCases) {
      const data = caseData(item);
      const geometry = await pairGeometry(data);
      expect(borderlineFraction(data.y, geometry).value).toBeCloseTo(item.n1 as number, 14);
      expect(intraInterRatio(data.y, geometry).value).toBeCloseTo(item.n2 as number, 12);
      expect(nearestNeighbourError(data.y, geometry).value).toBeCloseTo(item.n3 as number, 14);
      expect(localSetCardinality(data.y, geometry).value).toBeCloseTo(item.lsc as number, 13);
    }
  });

  it('are worked by hand on a line', async () => {
    // 0 1 . 3 | 4 . . 7: classes 0 0 0 1 1
    const data = labelled([[0], [1], [3], [4], [7]], [0, 0, 0, 1, 1]);
    const geometry = await pairGeometry(data);
    expect(borderlineFraction(data.y, geometry)).toEqual({ value: 2 / 5, perClass: [1 / 3, 1 / 2] });
    // to friends 1 + 1 + 2 and 3 + 3, to enemies 4 + 3 + 1 and 1 + 4
    expect(intraInterRatio(data.y, geometry)).toEqual({ value: 10 / 23, perClass: [4 / 12, 6 / 11] });
    expect(nearestNeighbourError(data.y, geometry)).toEqual({ value: 2 / 5, perClass: [1 / 3, 1 / 2] });
    // local sets: 0 sees {0, 1, 3}; 1 sees {1, 0, 3}; 3 itself; 4 itself; 7 {7, 4}
    expect(localSetCardinality(data.y, geometry)).toEqual({ value: 1 - 10 / 25, perClass: [1 - 7 / 9, 1 - 3 / 4] });
  });

  it('stay numbers on duplicates, single rows and identical rows', async () => {
    const same = labelled(
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [0, 0, 1, 1],
    );
    const geometry = await pairGeometry(same);
    expect(intraInterRatio(same.y, geometry)).toEqual({ value: 0.5, perClass: [0.5, 0.5] });
    expect(localSetCardinality(same.y, geometry).value).toBe(1);
    // Row 0 joins all others to it, so all but row 1 stand at the border.
    expect(borderlineFraction(same.y, geometry).value).toBe(3 / 4);
    const single = labelled([[0], [1], [5]], [0, 0, 1]);
    expect(intraInterRatio(single.y, await pairGeometry(single))).toEqual({ value: 2 / 11, perClass: [2 / 11, null] });
  });

  it('N3 agrees with the neighbour search', async () => {
    for (const data of hard) {
      const { nearestNeighbourError: searched } = neighbourDisagreement(data.y, await around(data));
      expect(nearestNeighbourError(data.y, await pairGeometry(data))).toEqual(searched);
    }
  });
});
