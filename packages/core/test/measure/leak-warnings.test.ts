import { describe, expect, it } from 'vitest';
import type { Labels } from '../../src/data/labels.ts';
import { inferSchema } from '../../src/data/schema.ts';
import { allRows } from '../../src/data/select.ts';
import type { Column } from '../../src/data/table.ts';
import { leakWarnings } from '../../src/measure/leak-warnings.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { boolean, categorical, numeric, repeat, table } from '../data/tables.ts';

const rows = 2000;
const stream = randomStream(1, 'leak test');
const target = repeat(rows, (i) => (i % 20 === 0 ? 1 : 0));
const labels: Labels = { classes: ['no', 'yes'], codes: Int32Array.from(target) };
const noise = repeat(rows, () => stream.normal());
/** Ordinary columns beside which the others are judged; the best has an area of about 0.7. */
const ordinary = [
  numeric(
    'plain',
    repeat(rows, (i) => 0.75 * target[i]! + stream.normal()),
  ),
  numeric(
    'noise',
    repeat(rows, () => stream.normal()),
  ),
  categorical(
    'kind',
    repeat(rows, () => `k${stream.integer(6)}`),
  ),
];
const judge = (...columns: Column[]) => {
  const data = table(...columns, ...ordinary);
  return leakWarnings({ table: data, schema: inferSchema(data), labels, rows: allRows(rows) });
};
const verdicts = (...columns: Column[]) => judge(...columns).suspects.map(({ column, verdict }) => [column, verdict]);

describe('leakWarnings', () => {
  it('is silent about ordinary columns', () => {
    expect(verdicts()).toEqual([]);
  });

  it('finds the target in whatever dress', () => {
    const dresses: Column[] = [
      numeric(
        'target plus noise',
        repeat(rows, (i) => target[i]! + 0.2 * noise[i]!),
      ),
      numeric(
        'turned and moved',
        repeat(rows, (i) => 7 - 3000 * target[i]!),
      ),
      boolean(
        'truth',
        repeat(rows, (i) => target[i] === 1),
      ),
      categorical(
        'one level a class',
        repeat(rows, (i) => (target[i] ? 'paid' : `open ${i % 3}`)),
      ),
      numeric(
        'a middle code',
        repeat(rows, (i) => (target[i] ? 5 : [1, 9][i % 2]!)),
      ),
      numeric(
        'filled in later',
        repeat(rows, (i) => (target[i] ? noise[i]! : null)),
      ),
      categorical(
        'reason of refusal',
        repeat(rows, (i) => (target[i] ? `r${i % 7}` : null)),
      ),
    ];
    for (const dress of dresses) expect(verdicts(dress)).toEqual([[dress.name, 'leak']]);
    expect(verdicts(...dresses)).toHaveLength(dresses.length);
  });

  it('says where missing cells give the class away', () => {
    const { suspects, notices } = judge(
      numeric(
        'x',
        repeat(rows, (i) => (target[i] ? null : 1 + (i % 3))),
      ),
    );
    expect(suspects).toMatchObject([{ byMissing: true, verdict: 'leak' }]);
    expect(notices[0]!.message).toMatch(/^whether "x" is missing alone/);
    // A reader must learn that the column has gone, and how to have it back.
    expect(notices[0]!.message).toContain('is left out unless kept on request');
  });

  it('is not deceived by categories that are nearly row numbers', () => {
    const names = categorical(
      'name',
      repeat(rows, (i) => `n${(i * 7) % 900}`),
    );
    const { aloneAuc, suspects } = judge(names);
    expect(aloneAuc.get('name')).toBeLessThan(0.6);
    expect(suspects).toEqual([]);
  });

  it('asks about a column far above the others, sooner if it is named like an outcome', () => {
    const lifted = (by: number) => repeat(rows, (i) => by * target[i]! + noise[i]!);
    expect(verdicts(numeric('x', lifted(1.3)))).toEqual([]);
    expect(verdicts(numeric('x', lifted(1.9)))).toEqual([['x', 'dominant']]);
    for (const name of ['duration', 'call_duration', 'callDuration', 'Final status', 'OUTCOME']) {
      expect(verdicts(numeric(name, lifted(1.3)))).toEqual([[name, 'dominant']]);
    }
    expect(verdicts(numeric('spending', lifted(1.3)))).toEqual([]);
    expect(verdicts(numeric('duration', lifted(0.8)))).toEqual([]);
  });

  it('finds a leak that comes in two forms', () => {
    const seconds = repeat(rows, (i) => Math.exp(1.3 * target[i]! + noise[i]!));
    const found = verdicts(
      numeric('duration_seconds', seconds),
      numeric(
        'duration_minutes',
        repeat(rows, (i) => seconds[i]! / 60 + 0.001 * (i % 2)),
      ),
    );
    expect(found.map(([column]) => column).sort()).toEqual(['duration_minutes', 'duration_seconds']);
  });

  it('looks at the given rows only, and not at what is unused', () => {
    const data = table(
      numeric(
        'x',
        repeat(rows, (i) => (i < 1000 ? noise[i]! : target[i]! * 9 + noise[i]! / 9)),
      ),
      ...ordinary,
    );
    const schema = inferSchema(data, { ignore: ['noise'] });
    const { aloneAuc, suspects } = leakWarnings({ table: data, schema, labels, rows: allRows(1000) });
    expect(suspects).toEqual([]);
    expect(aloneAuc.get('noise')).toBeNull();
    expect(aloneAuc.get('x')).toBeLessThan(0.65);
  });

  it('judges more than two classes, also where the order of codes means nothing', () => {
    const many = repeat(rows, (i) => (i * 7) % 4);
    const data = table(
      numeric(
        'code plus noise',
        repeat(rows, (i) => [3, 1, 4, 2][many[i]!]! * 10 + noise[i]!),
      ),
      numeric(
        'honest',
        repeat(rows, (i) => many[i]! + 2 * noise[i]!),
      ),
    );
    const { suspects } = leakWarnings({
      table: data,
      schema: inferSchema(data),
      labels: { classes: ['a', 'b', 'c', 'd'], codes: Int32Array.from(many) },
      rows: allRows(rows),
    });
    expect(suspects.map(({ column, verdict }) => [column, verdict])).toEqual([['code plus noise', 'leak']]);
  });

  it('does not cry wolf over four rows of a class', () => {
    const few = { classes: ['no', 'yes'], codes: Int32Array.from(repeat(40, (i) => (i < 4 ? 1 : 0))) };
    const data = table(
      numeric(
        'x',
        repeat(40, (i) => (i * i) % 97),
      ),
      numeric(
        'y',
        repeat(40, (i) => (i < 4 ? 50 + (i % 2) : i % 9)),
      ),
    );
    const found = leakWarnings({ table: data, schema: inferSchema(data), labels: few, rows: allRows(40) });
    expect(found.suspects).toEqual([]);
    const rest = { classes: ['no', 'yes', 'other'], codes: few.codes.map((code, i) => (code && i < 1 ? 2 : code)) };
    expect(leakWarnings({ table: data, schema: inferSchema(data), labels: rest, rows: allRows(40) }).suspects).toEqual(
      [],
    );
  });

  it('holds odd names and cells in one line', () => {
    const names = ['__proto__', 'constructor', '<b>\n', '👾'];
    const odd = names.map((name, c) =>
      categorical(
        name,
        repeat(rows, (i) => (target[i] ? '' : `${name} ${(i * (c + 2)) % 5}`)),
      ),
    );
    const { suspects, notices, aloneAuc } = judge(...odd);
    expect(suspects.map(({ column }) => column).sort()).toEqual([...names].sort());
    expect(aloneAuc.get('__proto__')).toBe(1);
    for (const { message } of notices) expect(message).not.toMatch(/[\n]/);
  });
});
