import { describe, expect, it } from 'vitest';
import { summariseNeighbourhoods } from '../../src/experiment/summarise-neighbourhoods.ts';
import { measureDifficulty } from '../../src/measure/measure-difficulty.ts';
import { clouds, find } from '../measure/difficulty-sets.ts';

describe('summariseNeighbourhoods', () => {
  it('says of a small set what the full measure says', async () => {
    const data = clouds([200, 40], 4, 3);
    const summary = await summariseNeighbourhoods(data);
    const { neighbourhood } = await measureDifficulty(data, { find });
    expect(summary).toMatchObject({ k: 5, rows: 240, lookedAt: 240, features: 4 });
    for (const [code, shares] of neighbourhood.types.perClass.entries()) {
      for (const [type, share] of Object.entries(shares!)) {
        expect(summary.classes[code]!.types![type as 'safe'].value).toBe(share);
      }
      expect(summary.classes[code]!.disjuncts!.clusters).toBe(neighbourhood.smallDisjuncts[code]!.sizes.length);
    }
    expect(summary.noiseSuspects.rows).toBe(neighbourhood.noiseSuspects.length);
  });

  it('bounds its work on a large set, keeps the rare class whole and names rows as it is told', async () => {
    const data = clouds([19_700, 300], 20, 1);
    const inputRow = Int32Array.from({ length: 20_000 }, (_, row) => row + 7);
    const summary = await summariseNeighbourhoods({ ...data, inputRow });
    expect(summary.rows).toBe(20_000);
    expect(summary.classes[1]).toMatchObject({ rows: 300, lookedAt: 300 });
    expect(summary.lookedAt).toBeGreaterThanOrEqual(500);
    expect(summary.lookedAt).toBeLessThan(20_000);
    for (const { row } of summary.noiseSuspects.listed) expect(row).toBeGreaterThanOrEqual(7);
  });
});
