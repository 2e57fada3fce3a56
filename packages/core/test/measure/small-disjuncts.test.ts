import { describe, expect, it } from 'vitest';
import { smallDisjuncts } from '../../src/measure/small-disjuncts.ts';
import { around, labelled } from './difficulty-sets.ts';

const cloud = (centre: number, count: number) => Array.from({ length: count }, (_, i) => [centre + i / 100]);

describe('smallDisjuncts', () => {
  it('are the pieces of a class that others keep apart', async () => {
    const rows = [...cloud(0, 8), ...cloud(10, 20), ...cloud(20, 3), ...cloud(30, 20), [45], ...cloud(50, 9)];
    const data = labelled(
      rows,
      rows.map(([x]) => ((x! >= 10 && x! < 12) || (x! >= 30 && x! < 32) || x! >= 50 ? 0 : 1)),
    );
    const [zero, one] = smallDisjuncts(data.y, await around(data));
    expect(one!.sizes).toEqual([8, 3, 1]);
    expect(one!.largestShare).toBeCloseTo(8 / 12, 15);
    expect(one!.smallShare).toBeCloseTo(4 / 12, 15);
    expect(Array.from(one!.clusterOf)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2]);
    expect(zero!.sizes).toEqual([20, 20, 9]);
  });

  it('join rows if either is a neighbour of the other, and say nothing of a class seen in part', async () => {
    // The far row has its class next to it in order of distance, but is no neighbour of any of them.
    const data = labelled(
      [...cloud(0, 7), [5], ...cloud(100, 7)],
      [...Array<number>(8).fill(1), ...Array<number>(7).fill(0)],
    );
    expect(smallDisjuncts(data.y, await around(data))[1]!.sizes).toEqual([8]);
    const part = await around(data, 5, Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    expect(smallDisjuncts(data.y, part).map((of) => of?.sizes ?? null)).toEqual([null, [8]]);
  });
});
