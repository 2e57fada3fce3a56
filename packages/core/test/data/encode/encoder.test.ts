import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NumericRows } from '../../../src/data/dataset.ts';
import { encoderFromJSON } from '../../../src/data/encode/encoder-json.ts';
import { type EncoderOptions, fitEncoder } from '../../../src/data/encode/fit-encoder.ts';
import { inferSchema, type Schema } from '../../../src/data/schema.ts';
import { allRows, selectRows } from '../../../src/data/select.ts';
import type { Table } from '../../../src/data/table.ts';
import { boolean, categorical, codeOf, dates, numeric, repeat, table } from '../tables.ts';

const fit = (data: Table, options: EncoderOptions = {}, rows = allRows(data.rows), schema?: Schema) =>
  fitEncoder({ table: data, rows, schema: schema ?? inferSchema(data), options });

/** Rows as plain lists, whatever the layout. */
function rowsOf(X: NumericRows): number[][] {
  if (X.kind === 'dense') return repeat(X.rows, (i) => [...X.data.subarray(i * X.columns, (i + 1) * X.columns)]);
  return repeat(X.rows, (i) => {
    const row = new Array<number>(X.columns).fill(0);
    for (let at = X.offsets[i]!; at < X.offsets[i + 1]!; at++) row[X.indices[at]!] = X.values[at]!;
    return row;
  });
}

const golden = JSON.parse(readFileSync(new URL('../../fixtures/encoder.json', import.meta.url), 'utf8'));

describe('fitEncoder', () => {
  describe('agrees with scikit-learn fitted on the same training rows', () => {
    const data = table(
      numeric('number', golden.columns.number),
      numeric('whole', golden.columns.whole),
      categorical('colour', golden.columns.colour),
      categorical('text', golden.columns.text),
    );
    const schema = inferSchema(data);
    const columns = schema.columns.map((column) =>
      column.name === 'text' ? { ...column, type: 'text' as const, used: true, reason: null } : column,
    );
    const limits = { minLevelCount: golden.minLevelCount, minTokenRows: golden.minTokenRows };
    for (const layout of ['dense', 'csr'] as const) {
      it(`in all rows, seen and unseen, ${layout}`, () => {
        const encoder = fit(data, { ...limits, layout }, allRows(golden.train), { ...schema, columns });
        const levels = golden.levels.map((name: string) =>
          name.replace('colour_', 'colour = ').replace('infrequent_sklearn', '(rare)'),
        );
        expect(encoder.featureNames).toEqual([
          'number',
          'number is missing',
          'whole',
          ...levels,
          ...golden.tokens.map((token: string) => `text has "${token}"`),
        ]);
        const found = rowsOf(encoder.transform(data));
        found.forEach((row, i) => {
          const expected = [
            golden.number[i],
            golden.missing[i],
            golden.whole[i],
            ...golden.colour[i],
            ...golden.text[i],
          ];
          row.forEach((value, j) => {
            expect(value).toBeCloseTo(expected[j], 12);
          });
        });
      });
    }
  });

  it('learns from the training rows only', () => {
    const rows = Int32Array.from(repeat(50, (i) => 2 * i));
    const kinds = (other: (i: number) => number) =>
      table(
        numeric(
          'n',
          repeat(100, (i) => (i % 2 ? other(i) : Math.sin(i))),
        ),
        categorical(
          'c',
          repeat(100, (i) => (i % 2 ? `other ${other(i) % 3}` : `level ${i % 4}`)),
        ),
      );
    const one = fit(
      kinds((i) => i),
      {},
      rows,
    );
    const two = fit(
      kinds((i) => 1e6 + i),
      {},
      rows,
    );
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });

  it('gives a mean of 0 and a population deviation of 1, imputed cells included', () => {
    const values = fc.array(fc.option(fc.double({ noNaN: true, min: -1e12, max: 1e12 })), {
      minLength: 5,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, (list) => {
        const data = table(
          numeric('n', [...list, 1, 2, 3]),
          numeric(
            'm',
            repeat(list.length + 3, (i) => i % 2),
          ),
        );
        const found = rowsOf(fit(data).transform(data)).map(([value]) => value!);
        const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
        const squares = found.reduce((sum, value) => sum + value * value, 0) / found.length;
        expect(Math.abs(mean)).toBeLessThan(1e-7);
        expect(Math.abs(squares - 1)).toBeLessThan(1e-7);
      }),
    );
  });

  it('stays finite and exact for magnitudes at both ends of the range', () => {
    for (const unit of [1e300, 1.7e308, 1e-300, 5e-324]) {
      const data = table(numeric('n', [unit, -unit, unit, -unit, null]));
      const encoder = fit(data);
      expect(rowsOf(encoder.transform(data)).map(([value]) => Math.sign(value!))).toEqual([1, -1, 1, -1, 0]);
      const found = rowsOf(encoder.transform(data)).map(([value]) => value!);
      expect(found[0]).toBeCloseTo(Math.sqrt(5 / 4), 12);
      const strange = table(numeric('n', [1.7e308, -1.7e308, 0]));
      for (const [value] of rowsOf(encoder.transform(strange))) expect(Number.isFinite(value)).toBe(true);
    }
  });

  it('brings stray new values to a million deviations, never a training value', () => {
    const encoder = fit(table(numeric('n', [0, 1, 0, 1])));
    expect(rowsOf(encoder.transform(table(numeric('n', [1e300, -1e300]))))).toEqual([[1e6], [-1e6]]);
    const lonely = fit(table(numeric('n', [...repeat(9999, () => 0), 1e9])));
    expect(rowsOf(lonely.transform(table(numeric('n', [1e9]))))[0]![0]).toBeCloseTo(Math.sqrt(9999), 9);
  });

  it('has features for missing cells only where training rows had some, and the median otherwise', () => {
    const data = table(numeric('n', [1, 2, 3, 10]), boolean('b', [true, true, false, true]));
    const encoder = fit(data);
    expect(encoder.featureNames).toEqual(['n', 'b']);
    const middle = rowsOf(encoder.transform(table(numeric('n', [2.5]), boolean('b', [true]))));
    expect(rowsOf(encoder.transform(table(numeric('n', [null]), boolean('b', [null]))))).toEqual(middle);
    const gaps = table(numeric('n', [1, null, 3, 10]), boolean('b', [true, null, false, false]));
    expect(fit(gaps).featureNames).toEqual(['n', 'n is missing', 'b', 'b is missing']);
    expect(rowsOf(fit(gaps).transform(gaps))[1]!.slice(1)).toEqual([1, 0, 1]);
  });

  it('groups rare levels, and takes unseen ones and unseen gaps for rare', () => {
    const values = [...repeat(20, () => 'a'), ...repeat(10, () => 'b'), 'x', 'y', 'y'];
    const data = table(categorical('c', values));
    const encoder = fit(data, { minLevelCount: 3 });
    expect(encoder.featureNames).toEqual(['c = a', 'c = b', 'c = (rare)']);
    expect(encoder.notices).toMatchObject([{ code: 'rare-levels', column: 'c', numbers: { levels: 2 } }]);
    const fresh = table(categorical('c', ['b', 'y', 'never', null]));
    expect(rowsOf(encoder.transform(fresh))).toEqual([
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });

  it('has no level for an unseen one where none was rare, and one for missing cells where some were', () => {
    const encoder = fit(table(categorical('c', ['a', 'a', 'b', 'b', null])), { minLevelCount: 2 });
    expect(encoder.featureNames).toEqual(['c = a', 'c = b', 'c is missing']);
    expect(rowsOf(encoder.transform(table(categorical('c', ['z', null]))))).toEqual([
      [0, 0, 0],
      [0, 0, 1],
    ]);
  });

  it('keeps the most frequent levels where there are too many, in order of code unit', () => {
    const data = table(categorical('c', ['z', 'z', 'z', 'm', 'm', 'B', 'B', 'a', 'a']));
    expect(fit(data, { minLevelCount: 1, maxLevels: 2 }).featureNames).toEqual(['c = B', 'c = z', 'c = (rare)']);
  });

  it('takes levels of at least a hundredth of few rows, ten of many, and a two-thousandth of very many', () => {
    const levels = (rows: number, rare: number) =>
      fit(
        table(
          categorical(
            'c',
            repeat(rows, (i) => (i < rare ? 'r' : `x${i % 2}`)),
          ),
        ),
      ).featureNames;
    expect(levels(300, 3)).toContain('c = r');
    expect(levels(300, 2)).not.toContain('c = r');
    expect(levels(5000, 10)).toContain('c = r');
    expect(levels(5000, 9)).not.toContain('c = r');
    expect(levels(40_000, 20)).toContain('c = r');
    expect(levels(40_000, 19)).not.toContain('c = r');
  });

  it('finds columns by name and levels by their strings, so another file scores the same', () => {
    const words = ['', '__proto__', 'constructor', 'toString', '👾', '<b>', 'null'];
    const data = table(
      categorical(
        'hasOwnProperty',
        repeat(70, (i) => words[i % 7]!),
      ),
      numeric(
        '__proto__',
        repeat(70, (i) => Math.sin(i)),
      ),
    );
    const encoder = fit(data, { minLevelCount: 2 });
    expect(encoder.features).toHaveLength(8);
    const rows = Int32Array.of(3, 69, 11);
    const part = selectRows(data, rows);
    const reordered = table(
      numeric('another', [0, 0, 0]),
      part.columns[1]!,
      categorical(
        'hasOwnProperty',
        Array.from(rows, (row) => words[row % 7]!),
        [words[6]!, 'new', words[3]!, words[4]!],
      ),
    );
    const expected = rowsOf(encoder.transform(data, rows));
    expect(rowsOf(encoder.transform(part))).toEqual(expected);
    expect(rowsOf(encoder.transform(reordered))).toEqual(expected);
    expect(rowsOf(encoderFromJSON(JSON.parse(JSON.stringify(encoder))).transform(reordered))).toEqual(expected);
  });

  it('names what is missing or retyped in new data', () => {
    const encoder = fit(table(numeric('age', [1, 2, 3]), categorical('job', ['a', 'a', 'b'])), { minLevelCount: 1 });
    const job = categorical('job', ['a']);
    expect(() => encoder.transform(table(numeric('Age', [1]), job))).toThrow(
      'column "age" is missing from the table; the nearest name is "Age"',
    );
    expect(() => encoder.transform(table(categorical('age', ['old']), job))).toThrow(
      'column "age" should be numbers but holds text, such as "old"',
    );
    expect(codeOf(() => encoder.transform(table(dates('age', ['2020-01-01']), job)))).toBe('retyped-column');
    expect(codeOf(() => encoder.transform(table(numeric('age', [1]))))).toBe('missing-column');
  });

  it('reads numbers where categories are expected as the strings they are written as', () => {
    const encoder = fit(table(categorical('zip', ['10', '10', '20', '20', 'x', 'x'])), { minLevelCount: 2 });
    expect(rowsOf(encoder.transform(table(numeric('zip', [20, 10, 30, null]))))).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('gives no feature for what does not vary on the training rows', () => {
    const data = table(
      numeric('same', [1, 1, 1, 9]),
      categorical('level', ['a', 'a', 'a', 'b']),
      boolean('flag', [true, true, true, false]),
      numeric('empty', [null, null, null, 4]),
      numeric('gap', [5, null, 5, 5]),
      numeric('x', [1, 2, 3, 4]),
    );
    expect(fit(data, {}, Int32Array.of(0, 1, 2)).featureNames).toEqual(['gap is missing', 'x']);
    expect(codeOf(() => fit(data, {}, Int32Array.of(0)))).toBe('no-features');
    expect(codeOf(() => fit(data, {}, new Int32Array(0)))).toBe('too-few-rows');
  });

  it('encodes dates as time and as places in the year, the week and the day', () => {
    const data = table(dates('d', ['2024-01-01T06:00Z', '2024-04-03T18:00Z', '1969-12-31T23:00Z', null]));
    const encoder = fit(data);
    expect(encoder.featureNames).toEqual([
      'd',
      'd, month (sine)',
      'd, month (cosine)',
      'd, weekday (sine)',
      'd, weekday (cosine)',
      'd, hour (sine)',
      'd, hour (cosine)',
      'd is missing',
    ]);
    const found = rowsOf(encoder.transform(data));
    const cyclic = (place: number, length: number) =>
      [Math.sin, Math.cos].map((f) => f((2 * Math.PI * place) / length));
    expect(found[0]!.slice(1)).toEqual([...cyclic(0, 12), ...cyclic(1, 7), ...cyclic(6, 24), 0]);
    expect(found[1]!.slice(1)).toEqual([...cyclic(3, 12), ...cyclic(3, 7), ...cyclic(18, 24), 0]);
    expect(found[2]!.slice(1)).toEqual([...cyclic(11, 12), ...cyclic(3, 7), ...cyclic(23, 24), 0]);
    expect(found[3]!.slice(1)).toEqual([0, 0, 0, 0, 0, 0, 1]);
    const days = fit(table(dates('d', ['2024-01-01', '2024-01-02', '2024-01-03'])));
    expect(days.featureNames).toEqual(['d', 'd, weekday (sine)', 'd, weekday (cosine)']);
  });

  it('chooses sparse rows where most cells are 0, and both layouts hold the same', () => {
    const data = table(
      categorical(
        'c',
        repeat(400, (i) => `level ${i % 50}`),
      ),
      numeric(
        'n',
        repeat(400, (i) => (i % 9 === 0 ? null : Math.cos(i))),
      ),
      boolean(
        'b',
        repeat(400, (i) => (i % 5 === 0 ? null : i % 3 === 0)),
      ),
    );
    const sparse = fit(data);
    const dense = fit(data, { layout: 'dense' });
    expect(sparse.layout).toBe('csr');
    expect(fit(table(data.columns[1]!)).layout).toBe('dense');
    const rows = Int32Array.from(repeat(1000, (i) => (i * 7) % 400));
    const X = sparse.transform(data, rows);
    expect(rowsOf(X)).toEqual(rowsOf(dense.transform(data, rows)));
    if (X.kind !== 'csr') throw new Error('expected sparse rows');
    for (let i = 0; i < X.rows; i++) {
      for (let at = X.offsets[i]! + 1; at < X.offsets[i + 1]!; at++)
        expect(X.indices[at]).toBeGreaterThan(X.indices[at - 1]!);
    }
  });

  it('encodes chunks like the whole', () => {
    const data = table(
      categorical(
        'c',
        repeat(300, (i) => `l${i % 5}`),
      ),
      numeric(
        'n',
        repeat(300, (i) => Math.cos(i)),
      ),
    );
    const encoder = fit(data);
    const chunks = [0, 100, 200].flatMap((from) =>
      rowsOf(encoder.transform(selectRows(data, Int32Array.from(repeat(100, (i) => from + i))))),
    );
    expect(chunks).toEqual(rowsOf(encoder.transform(data)));
  });

  it('describes features for programs, also where a level is called like a group', () => {
    const data = table(categorical('c', [...repeat(5, () => '(rare)'), ...repeat(5, () => 'a'), 'b']));
    const encoder = fit(data, { minLevelCount: 2 });
    expect(encoder.featureNames).toEqual(['c = "(rare)"', 'c = a', 'c = (rare)']);
    expect(encoder.features.map(({ role, level }) => [role, level])).toEqual([
      ['level', '(rare)'],
      ['level', 'a'],
      ['rare', undefined],
    ]);
    expect(encoder.inputs).toEqual([{ name: 'c', kind: 'categorical' }]);
  });

  it('leaves out a column of which every level is rare, and says so', () => {
    const data = table(
      categorical(
        'c',
        repeat(30, (i) => `l${i % 15}`),
      ),
      numeric(
        'n',
        repeat(30, (i) => i % 7),
      ),
    );
    const encoder = fit(data, { minLevelCount: 5 });
    expect(encoder.featureNames).toEqual(['n']);
    expect(encoder.notices).toMatchObject([{ code: 'all-levels-rare', column: 'c' }]);
  });
});

describe('encoderFromJSON', () => {
  const data = table(
    numeric(
      'n',
      repeat(60, (i) => (i % 7 ? i * 0.1 : null)),
    ),
    categorical(
      'c',
      repeat(60, (i) => `l${i % 3}`),
    ),
    boolean(
      'b',
      repeat(60, (i) => i % 2 === 0),
    ),
    dates(
      'd',
      repeat(60, (i) => `2024-0${1 + (i % 9)}-11`),
    ),
    categorical(
      't',
      repeat(60, (i) => `please call number ${i} now or win a ${i % 2 ? 'prize' : 'home'}`),
    ),
  );
  const encoder = fit(data);

  it('gives an encoder of the same bytes', () => {
    const text = JSON.stringify(encoder);
    const revived = encoderFromJSON(JSON.parse(text));
    expect(JSON.stringify(revived)).toBe(text);
    expect(revived.featureNames).toEqual(encoder.featureNames);
    expect(revived.transform(data)).toEqual(encoder.transform(data));
  });

  it('refuses every single damaged part with a code, never a crash', () => {
    const whole = JSON.parse(JSON.stringify(encoder));
    const damaged: unknown[] = [null, 1, 'x', [], {}];
    const visit = (node: unknown, rebuild: (value: unknown) => unknown) => {
      for (const bad of [undefined, null, 'x', Number.NaN, -1, [], {}]) {
        if (typeof bad !== typeof node || (node !== null && typeof node === 'object')) damaged.push(rebuild(bad));
      }
      if (node === null || typeof node !== 'object') return;
      for (const key of Object.keys(node)) {
        visit((node as Record<string, unknown>)[key], (value) => {
          const copy = Array.isArray(node) ? [...node] : { ...node };
          (copy as Record<string, unknown>)[key] = value;
          return rebuild(copy);
        });
      }
    };
    visit(whole, (value) => value);
    const codes = damaged.map((json) => {
      try {
        const revived = encoderFromJSON(json);
        // Some changes still make a sound encoder: no value, no levels, no parts.
        const X = revived.transform(data);
        const values = X.kind === 'dense' ? X.data : X.values;
        return values.every((value) => Number.isFinite(value)) ? 'sound' : 'not finite';
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      }
    });
    expect([...new Set(codes)].sort()).toEqual(['bad-model', 'sound']);
    expect(codes.filter((code) => code === 'sound').length).toBeLessThan(0.1 * codes.length);
  });
});
