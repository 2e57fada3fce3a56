import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { optics } from '../../../src/resample/over/optics.ts';

interface Case {
  readonly rows: readonly (readonly number[])[];
  readonly minSamples: number;
  readonly core: readonly number[];
  /** Null for the row that the order starts with. */
  readonly reachability: readonly (number | null)[];
}

/** What scikit-learn gives; fixtures/optics.py made them. */
const cases: readonly Case[] = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../fixtures/optics.json', import.meta.url)), 'utf8'),
);

describe('optics', () => {
  it('gives the core distances and reachabilities of scikit-learn', async () => {
    expect(cases.length).toBe(9);
    for (const { rows, minSamples, core, reachability } of cases) {
      const X = matrix(Float64Array.from(rows.flat()), rows.length, rows[0]!.length);
      const found = await optics({ run: {} }, X, minSamples);
      core.forEach((value, row) => {
        expect(found.core[row]).toBeCloseTo(value, 9);
      });
      reachability.forEach((value, row) => {
        if (value === null) expect(found.reachability[row]).toBe(Number.POSITIVE_INFINITY);
        else expect(found.reachability[row]).toBeCloseTo(value, 9);
      });
    }
  });
});
