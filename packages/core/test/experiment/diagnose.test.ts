import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/data/table.ts';
import { diagnose, examine } from '../../src/experiment/diagnose.ts';
import type { Diagnosis, MeasureName } from '../../src/experiment/diagnosis.ts';
import {
  caseData,
  distanceOf,
  type MeasureCase,
  measureCases,
  orderAround,
  rowOf,
} from '../measure/difficulty-sets.ts';
import { mixedTable, threeClassTable, withCells } from './small-tables.ts';

/** A case of the golden measures as a table with the target `class`. */
function caseTable(one: MeasureCase): Table {
  const { X, y } = caseData(one);
  const rows = Array.from({ length: X.rows }, (_, row) => rowOf(X, row));
  const columns = Array.from({ length: X.columns }, (_, f) => ({
    kind: 'numeric' as const,
    name: `f${f}`,
    values: Float64Array.from(rows, (row) => row[f]!),
  }));
  const target = { kind: 'categorical' as const, name: 'class', codes: y.codes, dictionary: y.classes as string[] };
  return { kind: 'table', rows: X.rows, columns: [...columns, target] };
}

function measure({ difficulty }: Diagnosis, name: MeasureName) {
  return difficulty!.measures.find((one) => one.name === name)!;
}

describe('diagnose', () => {
  it('has the values of problexity where scaling a column changes nothing and problexity is right', async () => {
    for (const one of measureCases) {
      const found = await diagnose(caseTable(one), { target: 'class' });
      for (const name of ['f1', 'f1v', 'f2', 'f3', 'l2'] as const) {
        expect(measure(found, name).estimate.value, name).toBeCloseTo(one[name] as number, 9);
      }
      expect(measure(found, 'l2').perClass[1]!.value).toBeCloseTo(one['l2Minority'] as number, 12);
      expect(found.imbalance.c1).toBeCloseTo(one['c1'] as number, 12);
      expect(measure(found, 't2').estimate.value).toBeCloseTo(one.columns / one.rows, 14);
    }
  });

  it('looks for neighbours among standardised columns, with Wilson intervals of the shares', async () => {
    const table = caseTable(measureCases[0]!);
    const { X, y } = caseData(measureCases[0]!);
    const scaled = X.data.slice();
    for (let f = 0; f < X.columns; f++) {
      const own = Array.from({ length: X.rows }, (_, row) => X.data[row * X.columns + f]!);
      const mean = own.reduce((sum, value) => sum + value, 0) / X.rows;
      const deviation = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / X.rows);
      for (let row = 0; row < X.rows; row++)
        scaled[row * X.columns + f]! = (scaled[row * X.columns + f]! - mean) / deviation;
    }
    const standard = { ...X, data: scaled };
    const { diagnosis, rows } = await examine(table, { target: 'class', rowDetails: true });
    let wrong = 0;
    for (let row = 0; row < X.rows; row++) {
      const order = orderAround(standard, row);
      const enemies = order.slice(0, 5).filter((other) => y.codes[other] !== y.codes[row]).length;
      expect(rows!.kdn[row]).toBeCloseTo(enemies / 5, 14);
      const enemy = order.find((other) => y.codes[other] !== y.codes[row])!;
      expect(rows!.nearestOther[row]).toBe(enemy);
      expect(rows!.nearestOtherDistance[row]).toBeCloseTo(distanceOf(standard, row, enemy), 10);
      if (y.codes[order[0]!] !== y.codes[row]) wrong++;
    }
    const n3 = measure(diagnosis, 'n3').estimate;
    expect(n3.value).toBeCloseTo(wrong / X.rows, 14);
    // 5 of 60 by the formula of Wilson's interval, worked out apart.
    expect(wrong).toBe(5);
    expect(n3.low).toBeCloseTo(0.03612045660173077, 9);
    expect(n3.high).toBeCloseTo(0.1806894201833441, 9);
    const { types } = diagnosis.difficulty!.classes[1]!;
    expect(Object.values(types!).reduce((sum, share) => sum + share.value!, 0)).toBeCloseTo(1, 12);
  });

  it('names rows of the input where rows without a class stand between', async () => {
    const whole = mixedTable(200, 3);
    const dropped = [0, 7, 8, 150];
    const table = withCells(whole, 'outcome', dropped, () => -1);
    const { diagnosis, rows } = await examine(table, { target: 'outcome', rowDetails: true });
    expect(diagnosis.data.rows).toBe(196);
    expect(rows!.rows).toBe(200);
    for (const row of dropped) {
      expect([rows!.classCodes[row], rows!.types[row]]).toEqual([-1, -1]);
      expect(rows!.kdn[row]).toBeNaN();
      expect(Array.from(rows!.nearestOther)).not.toContain(row);
    }
    const target = table.columns.find(({ name }) => name === 'outcome') as { codes: Int32Array };
    for (const [row, other] of rows!.nearestOther.entries()) {
      if (other >= 0) expect(target.codes[other]).toBe(1 - target.codes[row]!);
    }
  });

  it('leaves likely leaks out of the distances unless they are kept', async () => {
    const table = mixedTable(300, 1, (rare, row) => (rare ? 50 : 0) + (row % 11) / 10 + 1);
    const without = await diagnose(mixedTable(300, 1), { target: 'outcome' });
    const found = await diagnose(table, { target: 'outcome' });
    const kept = await diagnose(table, { target: 'outcome', keep: ['extra'] });
    expect(found.difficulty).toEqual(without.difficulty);
    expect(found.data.columns.find(({ name }) => name === 'extra')!.used).toBe(false);
    expect(found.advice.find(({ code }) => code === 'suspected-leak')).toMatchObject({ kind: 'look', column: 'extra' });
    expect(measure(kept, 'n3').estimate.value!).toBeLessThan(measure(found, 'n3').estimate.value! / 3);
    expect(kept.advice.map(({ code }) => code)).not.toContain('suspected-leak');
  });

  it('counts rows that no model can get right', async () => {
    const cells = [1, 1, 1, 2, 2, 3, 3, 4, 5, 6];
    const classes = [0, 0, 1, 0, 1, 1, 1, 0, 0, 0];
    const table: Table = {
      kind: 'table',
      rows: 10,
      columns: [
        { kind: 'numeric', name: 'x', values: Float64Array.from(cells) },
        { kind: 'categorical', name: 'y', codes: Int32Array.from(classes), dictionary: ['a', 'b'] },
      ],
    };
    const found = await diagnose(table, { target: 'y', quick: true });
    // Of the three rows at 1 one is wrong, of the two at 2 one; equals go to the first class.
    expect(found.conflicts).toEqual({ rows: 5, leastErrors: 2, perClass: [0, 2] });
    expect(found.advice.find(({ code }) => code === 'same-row-two-classes')!.numbers).toEqual({
      rows: 5,
      leastErrors: 2,
    });
    expect(found.difficulty).toBeNull();
  });

  it('sets one class of several against the rest', async () => {
    const table = threeClassTable(300, 4);
    const found = await diagnose(table, { target: 'kind', positive: '3' });
    expect(found.data.classes.map(({ label }) => label)).toEqual(['3', 'not 3']);
    expect(found.data.positive).toBe('3');
    expect(found.notices.map(({ code }) => code)).toContain('one-versus-rest');
    await expect(diagnose(table, { target: 'kind', positive: 'nine' })).rejects.toMatchObject({
      code: 'no-such-class',
    });
  });

  it('estimates the whole from a sample in which rare classes are whole, and says so', async () => {
    const table = mixedTable(1500, 5);
    const whole = await diagnose(table, { target: 'outcome' });
    const part = await diagnose(table, { target: 'outcome', mostRows: 600 });
    const [all, some] = [whole, part].map((one) => measure(one, 'kdn'));
    expect(part.difficulty!.lookedAt).toBeLessThanOrEqual(600);
    expect(part.difficulty!.classes.map(({ lookedAt }) => lookedAt)).toEqual([
      part.difficulty!.lookedAt - part.difficulty!.classes[1]!.lookedAt,
      expect.any(Number),
    ]);
    expect(Math.abs(some!.estimate.value! - all!.estimate.value!)).toBeLessThan(0.05);
    const width = ({ low, high }: { low: number | null; high: number | null }) => high! - low!;
    expect(width(some!.estimate)).toBeGreaterThan(width(all!.estimate));
    expect(some!.estimate.low!).toBeLessThan(all!.estimate.value!);
    expect(some!.estimate.high!).toBeGreaterThan(all!.estimate.value!);
    expect(
      part.notices.some(({ code, message }) => code === 'difficulty-sampled' && /neighbourhoods/.test(message)),
    ).toBe(true);
  });

  it('says what it cannot measure instead of failing', async () => {
    const constant: Table = {
      kind: 'table',
      rows: 6,
      columns: [
        { kind: 'numeric', name: 'x', values: new Float64Array(6).fill(4) },
        { kind: 'categorical', name: 'y', codes: Int32Array.from([0, 0, 0, 0, 1, 1]), dictionary: ['a', 'b'] },
      ],
    };
    const { diagnosis, rows, map } = await examine(constant, { target: 'y', rowDetails: true, map: true });
    expect([diagnosis.difficulty, rows, map]).toEqual([null, null, null]);
    expect(diagnosis.notices.map(({ code }) => code)).toContain('difficulty-not-measured');
    const two: Table = {
      kind: 'table',
      rows: 2,
      columns: [
        { kind: 'numeric', name: 'x', values: Float64Array.from([1, 2]) },
        { kind: 'categorical', name: 'y', codes: Int32Array.from([0, 1]), dictionary: ['a', 'b'] },
      ],
    };
    const least = await examine(two, { target: 'y', rowDetails: true, map: true });
    expect(least.diagnosis.difficulty!.k).toBe(1);
    expect(least.map!.points).toHaveLength(2);
    expect(JSON.stringify(least.diagnosis)).not.toMatch(/NaN|Infinity/);
  });

  it('is plain data without a number that does not exist', async () => {
    for (const table of [mixedTable(250, 2), caseTable(measureCases[3]!)]) {
      const found = await diagnose(table, { target: table.columns.at(-1)!.name });
      expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    }
  });

  it('stops on request', async () => {
    const signal = AbortSignal.abort();
    await expect(diagnose(mixedTable(200, 1), { target: 'outcome' }, { signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('the map of a diagnosis', () => {
  it('draws rare classes whole and at most 3,000 rows, the commonest class first, the same each time', async () => {
    const table = mixedTable(3600, 8);
    const draw = async () => (await examine(table, { target: 'outcome', map: true })).map!;
    const map = await draw();
    expect(map.points.length).toBeLessThanOrEqual(3000);
    expect(map.points.length).toBeGreaterThan(2900);
    expect(map.classes[1]!.drawn).toBe(map.classes[1]!.rows);
    expect(map.points.at(-1)!.code).toBe(1);
    expect(map.points.every(({ type }) => type >= 0)).toBe(true);
    expect(new Set(map.points.map(({ row }) => row)).size).toBe(map.points.length);
    expect(await draw()).toEqual(map);
    expect(map.explained[0]! + map.explained[1]!).toBeLessThanOrEqual(1 + 1e-12);
  });
});
