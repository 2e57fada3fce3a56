import { describe, expect, it } from 'vitest';
import { overlapVolume } from '../../src/measure/overlap-volume.ts';
import { caseData, labelled, measureCases } from './difficulty-sets.ts';

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
