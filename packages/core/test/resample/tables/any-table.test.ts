import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTableResampler, tableResamplers } from '../../../src/resample/tables/table-registry.ts';
import { CounterweightError } from '../../../src/runtime/errors.ts';
import { boolean, categorical, dates, numeric, table } from '../../data/tables.ts';
import { countsByLabel, labelsOf } from '../data.ts';
import { cellsOf } from './tables.ts';

/** Tables with duplicates, missing cells, constant and empty columns, and classes of one row. */
const row = fc.record({
  label: fc.constantFrom(1, 2, 3),
  whole: fc.option(fc.integer({ min: -2, max: 2 }), { freq: 6 }),
  real: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { freq: 6 }),
  word: fc.option(fc.constantFrom('', 'p', 'é', '(rare)'), { freq: 6 }),
  flag: fc.option(fc.boolean(), { freq: 6 }),
  day: fc.option(fc.constantFrom('2020-02-29T00:00Z', '1970-01-01T00:00Z'), { freq: 6 }),
});

const reasons = ['one-class', 'too-few-rows', 'wrong-columns', 'no-features', 'count-not-reached'];

describe.each([...tableResamplers.values()])('$name, on any table', ({ name, samplingType, counts }) => {
  it('gives the counts asked and cells that belong, or an error that says why', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 2, maxLength: 22 }), fc.nat(1000), async (rows, seed) => {
        const X = table(
          numeric(
            'whole',
            rows.map(({ whole }) => whole),
          ),
          numeric(
            'real',
            rows.map(({ real }) => real),
          ),
          numeric(
            'empty',
            rows.map(() => null),
          ),
          categorical(
            'word',
            rows.map(({ word }) => word),
          ),
          boolean(
            'flag',
            rows.map(({ flag }) => flag),
          ),
          dates(
            'day',
            rows.map(({ day }) => day),
          ),
        );
        const y = labelsOf(rows.map(({ label }) => label));
        const ignore = name === 'smote-n' ? { ignore: ['whole', 'real', 'empty'] } : {};
        const sampler = createTableResampler(name, { seed, bounds: 'observed', ...ignore });
        const made = await sampler.resample({ X, y }).catch((error) => {
          expect(error).toBeInstanceOf(CounterweightError);
          expect(reasons).toContain(error.code);
          return undefined;
        });
        if (!made) return;
        const sizes = [...countsByLabel(y).values()];
        const told = made.notices.some(({ code }) => code === 'count-not-reached');
        if ((counts ?? 'exact') === 'exact' && !told && name !== 'rose') {
          const asked = samplingType === 'over-sampling' ? Math.max(...sizes) : Math.min(...sizes);
          expect([...countsByLabel(made.data.y).values()]).toEqual(sizes.map(() => asked));
        }
        const before = cellsOf(X);
        cellsOf(made.data.X).forEach((cells, j) => {
          const present = before[j]!.filter((cell) => cell !== null) as number[];
          for (const cell of cells) {
            if (cell === null || j > 2) expect(before[j]).toContain(cell);
            else {
              expect(cell as number).toBeGreaterThanOrEqual(Math.min(...present));
              expect(cell as number).toBeLessThanOrEqual(Math.max(...present));
              if (j === 0) expect(Number.isInteger(cell)).toBe(true);
            }
          }
        });
      }),
      { numRuns: 25 },
    );
  });
});
