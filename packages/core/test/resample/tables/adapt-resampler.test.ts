import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { matrix } from '../../../src/data/matrix.ts';
import type { Table } from '../../../src/data/table.ts';
import { decompose } from '../../../src/resample/multi-class/decompose.ts';
import { smote } from '../../../src/resample/over/smote.ts';
import type { Resampler } from '../../../src/resample/resampler.ts';
import { createTableResampler, tableResampler } from '../../../src/resample/tables/table-registry.ts';
import { tomekLinks } from '../../../src/resample/under/tomek-links.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { boolean, categorical, numeric, repeat, table } from '../../data/tables.ts';
import { labelsOf } from '../data.ts';
import { cellsOf } from './tables.ts';

const random = randomStream(2, 'adapted');
const labels = repeat(40, (i) => (i % 4 === 0 ? 'few' : 'many'));
const large = repeat(40, () => 1e6 * random.normal());
const small = repeat(40, () => 1e-3 * random.normal());
const X = table(numeric('large', large), numeric('small', small));
const data: Dataset<Table> = { X, y: labelsOf(labels) };
const asMatrix = (columns: number[][]) =>
  matrix(Float64Array.from(labels.flatMap((_, i) => columns.map((column) => column[i]!))), 40, columns.length);
const standardised = (values: number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / 40;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 40);
  return values.map((value) => (value - mean) / deviation);
};

describe('a method for numbers on a table', () => {
  it('measures distances on columns of one scale, or on numbers as they stand where asked', async () => {
    const even = await smote({ seed: 1 }).resample({
      ...data,
      X: asMatrix([standardised(large), standardised(small)]),
    });
    const plain = await smote({ seed: 1 }).resample({ ...data, X: asMatrix([large, small]) });
    expect(even.provenance).not.toEqual(plain.provenance);
    expect((await createTableResampler('smote', { seed: 1 }).resample(data)).provenance).toEqual(even.provenance);
    const asTheyAre = await createTableResampler('smote', { seed: 1, scale: 'none' }).resample(data);
    expect(asTheyAre.provenance).toEqual(plain.provenance);
    const made = cellsOf(asTheyAre.data.X);
    expect(made[0]!.flatMap((value, i) => [value, made[1]![i]])).toEqual([
      ...(plain.data.X as { data: Float64Array }).data,
    ]);
    const peer = { seed: 1, compat: 'imbalanced-learn' } as const;
    const asPeer = await createTableResampler('smote', peer).resample(data);
    const expected = await smote(peer).resample({ ...data, X: asMatrix([large, small]) });
    expect(asPeer.provenance).toEqual(expected.provenance);
  });

  it('lets categories count: rows of another category are further away', async () => {
    const flat = table(
      numeric(
        'value',
        repeat(40, (i) => (i % 4 === 0 ? i / 1000 : random.normal())),
      ),
      categorical(
        'side',
        repeat(40, (i) => (Math.floor(i / 4) % 2 === 0 ? 'left' : 'right')),
      ),
    );
    const few = [...labels.keys()].filter((row) => labels[row] === 'few');
    const side = (row: number) => cellsOf(flat)[1]![row];
    const sameSide = async (options: object) => {
      const { provenance } = await createTableResampler('smote', { kNeighbors: 4, ...options }).resample({
        ...data,
        X: flat,
      });
      return [...provenance.base.keys()]
        .filter((i) => provenance.base[i]! >= 0)
        .every((i) => side(provenance.base[i]!) === side(provenance.neighbour[i]!));
    };
    expect(few.length).toBe(10);
    expect(await sameSide({})).toBe(true);
    expect(await sameSide({ features: ['value'] })).toBe(false);
    expect(await sameSide({ scale: 'none' })).toBe(false);
    const { notices } = await createTableResampler('smote', { scale: 'none' }).resample({ ...data, X: flat });
    expect(notices.map(({ code }) => code)).toContain('columns-not-seen');
  });

  it('takes the median for a missing number in distances alone; the cell stays missing near the row that misses it', async () => {
    const gaps = large.map((value, i) => (i % 8 === 0 ? null : value));
    const holed = { ...data, X: table(numeric('large', gaps), numeric('small', small)) };
    const { data: made, provenance } = await createTableResampler('smote', { seed: 2 }).resample(holed);
    const cells = cellsOf(made.X)[0]!;
    let missing = 0;
    for (let i = 40; i < made.X.rows; i++) {
      const { base, neighbour, gap } = provenance;
      const [from, to] = [gaps[base[i]!]!, gaps[neighbour[i]!]!];
      const nearer = gap[i]! > 0.5 ? to : from;
      if (from === null || to === null) expect(cells[i]).toBe(nearer);
      else expect(cells[i]).toBe(from + gap[i]! * (to - from));
      if (cells[i] === null) missing++;
    }
    expect(missing).toBeGreaterThan(0);
    await expect(createTableResampler('smote', { missing: 'error' }).resample(holed)).rejects.toMatchObject({
      code: 'missing-value',
      details: { column: 'large', row: 0 },
    });
    await expect(createTableResampler('smote', { scale: 'none' }).resample(holed)).rejects.toMatchObject({
      code: 'missing-value',
      details: { column: 'large', row: 0 },
    });
    const carried = await createTableResampler('smote', { scale: 'none', ignore: ['large'] }).resample(holed);
    expect(cellsOf(carried.data.X)[0]!.slice(40)).toEqual(
      [...carried.provenance.base.subarray(40)].map((row) => gaps[row]),
    );
  });

  it('may leave nothing to look at, which it says', async () => {
    const same = table(
      numeric(
        'fixed',
        repeat(40, () => 1),
      ),
    );
    await expect(createTableResampler('smote').resample({ ...data, X: same })).rejects.toMatchObject({
      code: 'no-features',
    });
    const words = table(
      categorical(
        'word',
        repeat(40, (i) => `w${i % 3}`),
      ),
    );
    const plain = createTableResampler('tomek-links', { scale: 'none' });
    await expect(plain.resample({ ...data, X: words })).rejects.toThrow('tomek-links needs columns of numbers');
    await expect(createTableResampler('random-over').resample({ ...data, X: table() })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });

  it('gives a row without a base the cells of the nearest row of its class', async () => {
    const X2 = table(
      numeric('value', large),
      boolean(
        'flag',
        repeat(40, (i) => i % 3 === 0),
      ),
      categorical(
        'name',
        repeat(40, (i) => `row ${i}`),
      ),
    );
    const middle: Resampler = {
      name: 'middle',
      resample: async ({ X: rows, y }) => ({
        data: { X: matrix(Float64Array.of(0.25, -1, 3), 3, 1), y: { ...y, codes: Int32Array.of(0, 1, 1) } },
        provenance: {
          source: Int32Array.of(-1, -1, -1),
          base: Int32Array.of(-1, -1, 7),
          neighbour: Int32Array.of(-1, -1, -1),
          gap: new Float64Array(3).fill(Number.NaN),
          dropped: Int32Array.from({ length: rows.rows }, (_, i) => i),
        },
        notices: [],
      }),
    };
    const { data: made } = await tableResampler({ resampler: middle, features: ['value'] }).resample({
      ...data,
      X: X2,
    });
    const [values, flags, names] = cellsOf(made.X) as [number[], boolean[], string[]];
    const scaled = standardised(large);
    const nearestOf = (label: string, value: number) =>
      [...labels.keys()]
        .filter((row) => labels[row] === label)
        .reduce((best, row) => (Math.abs(scaled[row]! - value) < Math.abs(scaled[best]! - value) ? row : best));
    const expected = [nearestOf('few', 0.25), nearestOf('many', -1), 7];
    expect(names).toEqual(expected.map((row) => `row ${row}`));
    expect(flags).toEqual(expected.map((row) => row % 3 === 0));
    const mean = large.reduce((sum, value) => sum + value, 0) / 40;
    const unit = (large[0]! - mean) / scaled[0]!;
    [0.25, -1, 3].forEach((value, i) => {
      expect(values[i]! / 1e6).toBeCloseTo((mean + value * unit) / 1e6, 9);
    });
  });

  it('may be any resampler, and keeps what that says of labels', async () => {
    const turned: Resampler = {
      name: 'turned',
      resample: async (given, run) => {
        const { data: made, ...rest } = await tomekLinks().resample(given, run);
        return { ...rest, data: { ...made, y: { ...made.y, codes: made.y.codes.map((code) => 1 - code) } } };
      },
    };
    const { data: made, provenance } = await tableResampler({ resampler: turned }).resample(data);
    provenance.source.forEach((row, i) => {
      expect(made.y.codes[i]).toBe(1 - data.y.codes[row]!);
    });
    const parted = decompose({ create: (options) => smote(options), decomposition: 'successive' });
    const { data: both } = await tableResampler({ resampler: parted, scale: 'none' }).resample(data);
    expect(both.X.rows).toBe(60);
    expect(() => tableResampler({ resampler: 'smote' as never })).toThrow('resampler must be a resampler');
    expect(() => createTableResampler('smoothing')).toThrow(
      'no resampling method is called "smoothing"; there are smote-nc',
    );
  });
});

describe('a column that looks like an identifier', () => {
  const numbered = table(
    numeric(
      'ticket',
      repeat(40, (i) => 1000 + i),
    ),
    numeric('small', small),
  );
  const resampled = (options: Record<string, unknown>, method = 'smote') =>
    createTableResampler(method, { seed: 1, ...options }).resample({ ...data, X: numbered });
  const codes = ({ notices }: { notices: readonly { code: string }[] }) => notices.map(({ code }) => code);

  it.each(['smote', 'rose'])('is a quantity where bounds are declared for it: %s', async (method) => {
    const bounds = { ticket: { min: 1000, max: 1030, step: 5 } };
    const { data: output, provenance, notices } = await resampled({ bounds }, method);
    const made = [...provenance.source.keys()].filter((i) => provenance.source[i]! < 0);
    const [tickets] = cellsOf(output.X);
    for (const i of made) expect([0, 5, 10, 15, 20, 25, 30]).toContain((tickets![i] as number) - 1000);
    expect(codes({ notices })).not.toContain('identifier-column');
    const features = await resampled({ bounds, features: ['ticket', 'small'] }, method);
    expect(features.provenance).toEqual(provenance);
    // ROSE draws its bases without a look at distances.
    if (method === 'smote') expect((await resampled({}, method)).provenance).not.toEqual(provenance);
  });

  it('is a category where it is declared as one', async () => {
    const declared = await resampled({ categoricalFeatures: ['ticket'] });
    expect(codes(declared)).not.toContain('identifier-column');
    const named = await resampled({ categoricalFeatures: ['ticket'], features: ['ticket', 'small'] });
    expect(declared.provenance).toEqual(named.provenance);
  });

  it('is left out otherwise, and a notice counts the cells that break bounds declared all the same', async () => {
    expect(codes(await resampled({}))).toContain('identifier-column');
    const bounds = { ticket: { max: 1010 } };
    const { data: output, provenance, notices } = await resampled({ bounds, ignore: ['ticket'] });
    const [tickets] = cellsOf(output.X);
    const outside = [...provenance.source.keys()].filter(
      (i) => provenance.source[i]! < 0 && (tickets![i] as number) > 1010,
    ).length;
    expect(outside).toBeGreaterThan(0);
    expect(notices).toContainEqual(
      expect.objectContaining({ code: 'bounds-not-applied', column: 'ticket', numbers: { cells: outside } }),
    );
    expect(codes(await resampled({ bounds: { ticket: { max: 2000 } }, ignore: ['ticket'] }))).not.toContain(
      'bounds-not-applied',
    );
  });
});

describe('parents of one group', () => {
  const groups = Int32Array.from({ length: 40 }, (_, i) => Math.floor(i / 8) * 3);

  it('get new rows in proportion to the rows that a group has of the class, to the last row', async () => {
    const target = { samplingStrategy: { few: 27 }, withinGroups: true };
    for (const name of ['smote', 'borderline-smote', 'adasyn']) {
      const sampler = createTableResampler(name, { ...target, seed: 4 });
      const found = await sampler.resample({ ...data, groups }).catch((error) => error.code);
      if (typeof found === 'string') continue;
      const made = [...found.provenance.base].filter((row) => row >= 0);
      // Each of five groups has two rows of ten: 17 new rows are 3 or 4 a group.
      const perGroup = [0, 3, 6, 9, 12].map((group) => made.filter((row) => groups[row] === group).length);
      expect(perGroup.sort()).toEqual([3, 3, 3, 4, 4]);
    }
  });

  it('are counted in the group, not in the class, where they are too few', async () => {
    // Of ten rows of the class, 4 are in group 0, 3 in each of groups 1 and 2.
    const own = Int32Array.from({ length: 40 }, (_, i) => [0, 0, 0, 0, 1, 1, 1, 2, 2, 2][Math.floor(i / 4)]!);
    const said = async (name: string, options = {}) => {
      const sampler = createTableResampler(name, { withinGroups: true, ...options });
      return (await sampler.resample({ ...data, groups: own })).notices.filter(({ code }) => code === 'k-clamped');
    };
    expect(await said('smote')).toMatchObject([
      {
        class: 'few',
        message: 'class "few" has 3 to 4 rows in each of 3 groups, so 2 to 3 neighbours were used there instead of 5',
        numbers: { rows: 3, asked: 5, used: 2, groups: 3 },
      },
    ]);
    expect((await said('smote', { kNeighbors: 3 }))[0]!.message).toBe(
      'class "few" has 3 rows in each of 2 groups, so 2 neighbours were used there instead of 3',
    );
    expect((await said('prowsyn'))[0]!.message).toBe(
      'class "few" has 4 rows in one group, nNeighbors asks for 5: all of it is one layer (the like in 3 groups)',
    );
    await expect(said('smote', { onTooFew: 'error' })).rejects.toThrow(
      'in one of its groups, class "few" has 4 rows, 5 neighbours need 6: lower kNeighbors',
    );
  });

  it('are there only in groups with two rows of the class; the notice counts the others', async () => {
    const own = Int32Array.from({ length: 40 }, (_, i) => (i < 12 ? 1 : i));
    const sampler = createTableResampler('smote', { withinGroups: true });
    const { provenance, notices } = await sampler.resample({ ...data, groups: own });
    for (const side of [provenance.base, provenance.neighbour]) {
      for (const row of side.subarray(40)) expect(own[row]).toBe(1);
    }
    expect(notices).toContainEqual(
      expect.objectContaining({ code: 'groups-too-small', numbers: { groups: 7, all: 8 }, class: 'few' }),
    );
    const alone = Int32Array.from({ length: 40 }, (_, i) => i);
    await expect(sampler.resample({ ...data, groups: alone })).rejects.toMatchObject({ code: 'too-few-rows' });
    await expect(sampler.resample(data)).rejects.toMatchObject({ code: 'no-groups' });
    const all = createTableResampler('rose', { withinGroups: true });
    await expect(all.resample({ ...data, groups: own })).rejects.toThrow('rose does more than add rows');
    expect(() => createTableResampler('smote-enn', { withinGroups: true })).toThrow('does more than add rows');
    expect(() => createTableResampler('smote', { withinGroups: true, compat: 'imbalanced-learn' })).toThrow(
      'with compat',
    );
    expect(() => createTableResampler('smote', { withinGroups: 'yes' })).toThrow('withinGroups must be true or false');
  });
});
