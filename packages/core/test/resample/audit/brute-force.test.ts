import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditSynthetic } from '../../../src/resample/audit/index.ts';
import { datasetOf, type NewRow, withNewRows } from './made.ts';

/** The definitions, row by row over plain arrays. Cells are few whole numbers, so that copies and tied distances abound. */
const labels = ['a', 'b', 'c'] as const;
const cell = fc.integer({ min: 0, max: 4 });
const row = fc.tuple(fc.constantFrom(...labels), cell, cell);

type Row = readonly [string, number, number];
const apart = (one: Row, other: Row) => Math.hypot(one[1] - other[1], one[2] - other[2]);
const equal = (one: Row, other: Row) => one[1] === other[1] && one[2] === other[2];
const nearestFirst = (rows: readonly Row[], to: Row, but = -1) =>
  [...rows.keys()].filter((i) => i !== but).sort((i, j) => apart(rows[i]!, to) - apart(rows[j]!, to) || i - j);

describe('auditSynthetic', () => {
  it('says of every row what the definitions say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 4, maxLength: 40 }),
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        async (rows, wanted, asked) => {
          const made = wanted.filter(([label]) => rows.some(([other]) => other === label));
          fc.pre(made.length > 0);
          const data = datasetOf(rows);
          const newRows: NewRow[] = made.map(([label, x, y]) => ({ label, cells: [x, y] }));
          const { rows: found, k, classes } = await auditSynthetic(data, withNewRows(data, newRows), { k: asked });
          expect(k).toBe(Math.min(asked, rows.length - 1));
          for (const [i, one] of made.entries()) {
            const order = nearestFirst(rows, one);
            const others = order.slice(0, k).filter((j) => rows[j]![0] !== one[0]);
            expect(found.nearest[i]).toBe(order[0]);
            expect(found.distance[i]).toBeCloseTo(apart(rows[order[0]!]!, one), 12);
            expect(found.others[i]).toBe(others.length);
            const kind = others.length > k / 2 ? 'intruding' : (k - others.length) / k > 0.7 ? 'safe' : 'borderline';
            expect(found.kind[i]).toBe(kind);
            const own = order.find((j) => rows[j]![0] === one[0])!;
            expect(found.nearestOwn[i]).toBe(own);
            expect(found.distanceOwn[i]).toBeCloseTo(apart(rows[own]!, one), 12);
            const flags = found.flags[i]!;
            const copied = rows.filter((other) => equal(other, one)).map(([label]) => label);
            expect(flags.includes('copies-own-class')).toBe(copied.includes(one[0]));
            expect(flags.includes('copies-other-class')).toBe(copied.some((label) => label !== one[0]));
            const before = made.slice(0, i).some((other) => other[0] === one[0] && equal(other, one));
            expect(flags.includes('repeats-new-row')).toBe(before);
            const clash = made.some((other) => other[0] !== one[0] && equal(other, one));
            expect(flags.includes('clashes-with-new-row')).toBe(clash);
          }
          for (const one of classes) {
            const own = rows.filter(([label]) => label === one.class);
            const real = own.map((each, i) => own.filter((_, j) => j !== i).map((other) => apart(each, other)));
            const nearest = real.map((distances) => Math.min(...distances)).filter(Number.isFinite);
            expect(one.closest.realRows).toBe(nearest.length);
            if (nearest.length === 0) continue;
            expect(one.closest.real!.max).toBeCloseTo(Math.max(...nearest), 12);
            expect(one.closest.real!.min).toBeCloseTo(Math.min(...nearest), 12);
            const intruding = rows.filter(
              ([label], i) =>
                label === one.class &&
                nearestFirst(rows, rows[i]!, i)
                  .slice(0, k)
                  .filter((j) => rows[j]![0] !== label).length >
                  k / 2,
            );
            expect(one.realNeighbourhood.intruding).toBe(intruding.length);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
