import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { matrix } from '../../../src/data/matrix.ts';
import type { AuditOptions, SyntheticAudit } from '../../../src/resample/audit/index.ts';
import { auditSynthetic } from '../../../src/resample/audit/index.ts';
import { createResampler } from '../../../src/resample/registry.ts';
import type { Resampled } from '../../../src/resample/resampler.ts';
import { createKernelRuntime } from '../../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { gaussianDataset, toSparse } from '../data.ts';
import { type DenseDataset, datasetOf, type NewRow, withNewRows } from './made.ts';

const audit = (data: DenseDataset, made: readonly NewRow[], options?: AuditOptions) =>
  auditSynthetic(data, withNewRows(data, made), options);
const codesOf = ({ findings }: SyntheticAudit) => findings.map(({ code }) => code);
const messageOf = ({ findings }: SyntheticAudit, wanted: string) =>
  findings.find(({ code }) => code === wanted)?.message;

/** A grid of `ok` on the left, one of `fraud` far to the right; 25 rows each. */
const twoGrids = datasetOf(
  (['ok', 'fraud'] as const).flatMap((label) =>
    Array.from({ length: 25 }, (_, i) => [label, (i % 5) + (label === 'ok' ? 0 : 100), Math.floor(i / 5)] as const),
  ),
);

describe('where new rows fall', () => {
  it('calls a row put among another class intruding, and says among which', async () => {
    const made = [
      { label: 'fraud', cells: [2.2, 2.1] },
      { label: 'fraud', cells: [102.2, 2.1] },
      { label: 'fraud', cells: [101.3, 1.4] },
    ];
    const result = await audit(twoGrids, made);
    expect(result.rows.kind).toEqual(['intruding', 'safe', 'safe']);
    expect(result.rows.intrudes).toEqual(['ok', null, null]);
    expect(result.rows.row).toEqual([50, 51, 52]);
    expect(result.rows.others).toEqual([5, 0, 0]);
    expect(result.rows.nearest).toEqual([12, 37, 31]);
    expect(result.rows.distance[0]).toBeCloseTo(Math.hypot(0.2, 0.1), 12);
    expect(result.rows.nearestOwn[0]).toBe(35);
    expect(result.rows.distanceOwn[0]).toBeCloseTo(Math.hypot(97.8, 0.1), 12);
    expect(result.labels).toEqual(['fraud', 'ok']);
    expect(result.intrusions).toEqual([
      [0, 1],
      [0, 0],
    ]);
    expect(result.classes).toHaveLength(1);
    expect(result.classes[0]).toMatchObject({
      class: 'fraud',
      rows: 3,
      examined: 3,
      neighbourhood: { safe: 2, borderline: 0, intruding: 1 },
      realNeighbourhood: { rows: 25, safe: 25, borderline: 0, intruding: 0 },
    });
    expect(messageOf(result, 'intruding-rows')).toBe(
      '1 of 3 new rows of class "fraud" lies among rows of class "ok"; 0 of 25 real rows of the class do',
    );
  });

  it.each([
    [5, 1, 'safe'],
    [5, 2, 'borderline'],
    [5, 3, 'intruding'],
    [4, 1, 'safe'],
    [4, 2, 'borderline'],
    [4, 3, 'intruding'],
    [3, 1, 'borderline'],
    [3, 2, 'intruding'],
    [1, 0, 'safe'],
    [1, 1, 'intruding'],
    [10, 3, 'borderline'],
    [10, 2, 'safe'],
  ] as const)('with k = %i and %i of other classes is a row %s', async (k, others, kind) => {
    const near = Array.from({ length: k }, (_, i) => [i < others ? 'b' : 'a', i + 1] as const);
    const far = [['a', 1e4] as const, ['a', 1e4 + 1] as const, ['b', 1e4 + 2] as const];
    const result = await audit(datasetOf([...near, ...far]), [{ label: 'a', cells: [0] }], { k });
    expect(result.rows.others).toEqual([others]);
    expect(result.rows.kind).toEqual([kind]);
  });

  it('takes the class with most of the neighbours as intruded into, of equals the nearer', async () => {
    const data = datasetOf([
      ['c', 1],
      ['b', 2],
      ['b', 3],
      ['c', 4],
      ['a', 5],
      ['a', 100],
      ['b', 101],
      ['b', 50],
    ]);
    const made: NewRow[] = [{ label: 'a', cells: [0] }];
    expect((await audit(data, made, { k: 5 })).rows.intrudes).toEqual(['c']);
    expect((await audit(data, made, { k: 3 })).rows.intrudes).toEqual(['b']);
  });

  it('measures on the scale asked for', async () => {
    // The second column is a thousand times as wide, so that only it is heard unless columns are scaled.
    const data = datasetOf([
      ['a', 0, 0],
      ['a', 1, 1000],
      ['b', 4, 0],
      ['b', 5, 1000],
    ]);
    const nearest = async (scale?: AuditOptions['scale']) => {
      const { rows } = await audit(data, [{ label: 'a', cells: [4, 510] }], { k: 1, scale });
      return [rows.nearest[0], rows.distance[0]];
    };
    expect(await nearest()).toEqual([3, Math.hypot(1, 490)]);
    expect(await nearest('none')).toEqual([3, Math.hypot(1, 490)]);
    // Standard deviations 2.06 and 500; interquartile ranges 3.5 and 1000.
    expect(await nearest('standard')).toEqual([2, 1.02]);
    expect(await nearest('robust')).toEqual([2, 0.51]);
    expect(codesOf(await audit(wide, [{ label: 'a', cells: [0.5, 100] }]))).toContain('unscaled-columns');
    expect(codesOf(await audit(wide, [{ label: 'a', cells: [0.5, 100] }], { scale: 'robust' }))).not.toContain(
      'unscaled-columns',
    );
  });

  const wide = datasetOf(Array.from({ length: 20 }, (_, i) => [i % 2 ? 'a' : 'b', i / 20, ((i * 7) % 20) * 1000]));

  it('looks at fewer neighbours where there are not so many rows, and says so', async () => {
    const result = await audit(
      datasetOf([
        ['a', 0],
        ['a', 1],
        ['b', 9],
      ]),
      [{ label: 'a', cells: [0.5] }],
    );
    expect(result.k).toBe(2);
    expect(codesOf(result)).toContain('k-clamped');
    expect(result.rows.kind).toEqual(['safe']);
  });
});

describe('what new rows copy', () => {
  it('tells copies of the class, of another class, of one another and across classes', async () => {
    const made: NewRow[] = [
      { label: 'fraud', cells: [100, 0] },
      { label: 'fraud', cells: [0, 0] },
      { label: 'fraud', cells: [50, 1] },
      { label: 'fraud', cells: [50, 1] },
      { label: 'ok', cells: [50, 1] },
      { label: 'ok', cells: [-0, 1] },
    ];
    const result = await audit(twoGrids, made);
    expect(result.total.duplicates).toEqual({ ofOwnClass: 2, ofOtherClass: 1, repeated: 1, clashing: 3 });
    const flags = (i: number) => result.rows.flags[i]!.filter((flag) => /copies|repeats|clashes/.test(flag));
    expect(flags(0)).toEqual(['copies-own-class']);
    expect(flags(1)).toEqual(['copies-other-class']);
    expect(flags(2)).toEqual(['clashes-with-new-row']);
    expect(flags(3)).toEqual(['repeats-new-row', 'clashes-with-new-row']);
    expect(flags(4)).toEqual(['clashes-with-new-row']);
    expect(flags(5)).toEqual(['copies-own-class']);
    expect(messageOf(result, 'label-conflicts')).toBe(
      '1 of 4 new rows of class "fraud" equals an original row of another class in every column',
    );
  });

  it('finds the label conflict behind more equal rows of the own class than neighbours are looked at', async () => {
    const data = datasetOf([...Array.from({ length: 9 }, () => ['a', 1, 1] as const), ['b', 1, 1], ['b', 7, 7]]);
    const result = await audit(data, [{ label: 'a', cells: [1, 1] }], { k: 3 });
    expect(result.total.duplicates).toMatchObject({ ofOwnClass: 1, ofOtherClass: 1 });
  });
});

describe('how far new rows are from real ones', () => {
  it("compares with the class's own distances between real rows", async () => {
    // Real rows of `fraud` all have their nearest one 1 away.
    const made: NewRow[] = [
      { label: 'fraud', cells: [100.5, 0] },
      { label: 'fraud', cells: [100, 0.25] },
      { label: 'fraud', cells: [104, 5] },
      { label: 'fraud', cells: [104, 5.5] },
    ];
    const { closest } = (await audit(twoGrids, made)).total;
    expect(closest.real).toEqual({ min: 1, p5: 1, p25: 1, median: 1, p75: 1, p95: 1, max: 1 });
    expect(closest.realRows).toBe(25);
    expect(closest.synthetic).toMatchObject({ min: 0.25, median: 0.75, max: 1.5 });
    expect(closest.nearCopies).toBe(2);
    expect(closest.far).toBe(1);
  });

  it('takes quantiles linearly between order statistics', async () => {
    // Gaps 1, 2, 4, 8, 16: nearest distances 1, 1, 2, 4, 8, 16; numpy.quantile(..., [.05, .25, .5, .75, .95]).
    const data = datasetOf([0, 1, 3, 7, 15, 31].map((x) => ['a', x] as const));
    const { closest } = (await audit(data, [{ label: 'a', cells: [0.5] }])).total;
    expect(closest.real).toEqual({ min: 1, p5: 1, p25: 1.25, median: 3, p75: 7, p95: 14, max: 16 });
  });

  it('has nothing to compare with in a class of one row', async () => {
    const data = datasetOf([
      ['a', 0],
      ['b', 5],
      ['b', 6],
    ]);
    const { closest, realNeighbourhood } = (await audit(data, [{ label: 'a', cells: [0.5] }])).total;
    expect(closest).toMatchObject({ realRows: 0, real: null, nearCopies: null, far: null });
    expect(realNeighbourhood.rows).toBe(0);
  });
});

describe('whether new rows keep to the columns', () => {
  const data = datasetOf(
    Array.from({ length: 24 }, (_, i) => [i < 8 ? 'rare' : 'common', i % 2, i < 8 ? i : 3 * i, i / 7, 4] as const),
  );

  it('finds fractions in indicators and in whole columns, and values outside the ranges', async () => {
    const made: NewRow[] = [
      { label: 'rare', cells: [0.5, 2, 0.5, 4] },
      { label: 'rare', cells: [1, 2.5, 0.5, 4] },
      { label: 'rare', cells: [1, 9, 0.5, 4] },
      { label: 'rare', cells: [0, 3, 99, 4] },
      { label: 'rare', cells: [0, 3, 0.3, 5] },
    ];
    const result = await audit(data, made, { columnNames: ['flag', 'count', 'amount', 'same'] });
    expect(result.columns.map(({ whole, values }) => [whole, values])).toEqual([
      [true, [0, 1]],
      [true, null],
      [false, null],
      [true, [4]],
    ]);
    expect(result.total.cells).toEqual({
      outsideClass: [0, 1, 1, 1],
      outsideData: [0, 0, 1, 1],
      notWhole: [1, 1, 0, 0],
      unseen: [1, 0, 0, 1],
    });
    expect(result.total.rowsWith).toEqual({ outsideClass: 3, outsideData: 2, notWhole: 2, unseen: 2 });
    expect(result.rows.flags.map((flags) => flags.filter((flag) => /range|whole|unseen/.test(flag)))).toEqual([
      ['not-whole', 'unseen-value'],
      ['not-whole'],
      ['outside-class-range'],
      ['outside-class-range', 'outside-data-range'],
      ['outside-class-range', 'outside-data-range', 'unseen-value'],
    ]);
    expect(messageOf(result, 'unseen-values')).toBe(
      '2 of 5 new rows of class "rare" have values that occur in no original row, in columns "flag", "same" of few distinct values',
    );
  });

  it('lets rounding carry a value over a bound', async () => {
    const bound = 0.1 + 0.2;
    const tenths = datasetOf(Array.from({ length: 12 }, (_, i) => ['a', i < 6 ? 0.3 : -1] as const));
    const result = await audit(tenths, [{ label: 'a', cells: [bound] }]);
    expect(bound).toBeGreaterThan(0.3);
    expect(result.total.rowsWith).toEqual({ outsideClass: 0, outsideData: 0, notWhole: 0, unseen: 0 });
  });
});

describe('whether new rows lie in the hull of their class', () => {
  // A triangle in the unit square; (0.9, 0.9) is in its box and not in it.
  const triangle = datasetOf([
    ['a', 0, 0],
    ['a', 10, 0],
    ['a', 0, 10],
    ['a', 2, 2],
    ['b', 20, 20],
    ['b', 30, 20],
  ]);

  it('parts the box from the hull', async () => {
    const made: NewRow[] = [
      { label: 'a', cells: [9, 9] },
      { label: 'a', cells: [3, 4] },
      { label: 'a', cells: [11, 0] },
      { label: 'a', cells: [5, 5] },
      { label: 'a', cells: [10, 0] },
      { label: 'a', cells: [4, 0], base: 0, neighbour: 1, gap: 0.4 },
    ];
    const result = await audit(triangle, made);
    expect(result.total.hull).toEqual({
      byConstruction: 2,
      outsideRange: 1,
      inside: 2,
      outside: 1,
      undecided: 0,
      untested: 0,
    });
    // Each corner lies outside the hull of the other rows; the fourth row is inside.
    expect(result.total.realHull).toEqual({ rows: 4, outside: 3 });
    expect(result.rows.flags.map((flags) => flags.includes('outside-hull'))).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(messageOf(result, 'outside-hull')).toBe(
      '1 of 5 new rows of class "a" within its ranges lies outside the convex hull of its original rows; 3 of 4 real rows lie outside that of the others',
    );
  });

  it('believes no provenance that the cells do not bear out, nor one with parents of another class', async () => {
    const made: NewRow[] = [
      { label: 'a', cells: [9, 9], base: 0, neighbour: 1, gap: 0.5 },
      { label: 'a', cells: [10, 10], base: 0, neighbour: 4, gap: 0.5 },
      { label: 'a', cells: [0, 15], base: 0, neighbour: 2, gap: 1.5 },
    ];
    const result = await audit(triangle, made);
    expect(result.total.hull).toMatchObject({ byConstruction: 0, outside: 2, outsideRange: 1 });
  });

  it('tests a sample, the same for the same seed, and says how many it left', async () => {
    const data = gaussianDataset([['a', 60]], 3, 4);
    const stream = randomStream(1, 'new');
    const made = Array.from({ length: 50 }, () => ({ label: 'a', cells: [0, 0, 0].map(() => 0.3 * stream.normal()) }));
    const once = await audit(data, made, { hullRows: 20, seed: 1 });
    expect(once.total.hull).toMatchObject({ inside: 20, untested: 30 });
    expect(await audit(data, made, { hullRows: 20, seed: 1 })).toEqual(once);
    expect((await audit(data, made, { hullRows: 0 })).total.hull.untested).toBe(50);
  });
});

describe('what is looked at', () => {
  const data = gaussianDataset(
    [
      ['a', 300],
      ['b', 60],
      ['c', 30],
    ],
    4,
    2,
  );

  it('is a sample of each class where asked, the same for the same seed', async () => {
    const made = await createResampler('smote', { seed: 3 }).resample(data);
    const result = await auditSynthetic(data, made, { maxRows: 51, seed: 4 });
    expect(result.classes.map((one) => [one.class, one.rows, one.examined])).toEqual([
      ['b', 240, 24],
      ['c', 270, 27],
    ]);
    expect(result.total).toMatchObject({ rows: 510, examined: 51 });
    expect(result.rows.row).toEqual([...result.rows.row].sort((a, b) => a - b));
    expect(messageOf(result, 'new-rows-sampled')).toBe(
      '51 of 510 new rows were looked at, drawn at random in each class',
    );
    expect(await auditSynthetic(data, made, { maxRows: 51, seed: 4 })).toEqual(result);
    const other = await auditSynthetic(data, made, { maxRows: 51, seed: 5 });
    expect(other.rows.row).not.toEqual(result.rows.row);
    const all = await auditSynthetic(data, made, {});
    for (const [i, row] of result.rows.row.entries()) {
      const at = all.rows.row.indexOf(row);
      expect(result.rows.kind[i]).toBe(all.rows.kind[at]);
      expect(result.rows.distanceOwn[i]).toBe(all.rows.distanceOwn[at]);
    }
  });

  it('finds all new rows of SMOTE in the hull and the ranges of their class, and survives JSON', async () => {
    const result = await auditSynthetic(data, await createResampler('smote', { seed: 3 }).resample(data));
    expect(result.output).toEqual({ rows: 900, copies: 390, repeatedCopies: 0, synthetic: 510, dropped: 0 });
    expect(result.total.hull).toMatchObject({ byConstruction: 510, outsideRange: 0, untested: 0 });
    expect(result.total.rowsWith).toEqual({ outsideClass: 0, outsideData: 0, notWhole: 0, unseen: 0 });
    expect(result.total.closest.far).toBe(0);
    expect(codesOf(result)).not.toContain('label-conflicts');
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    const { safe, borderline, intruding } = result.total.neighbourhood;
    expect(safe + borderline + intruding).toBe(510);
    expect(result.intrusions.flat().reduce((sum, count) => sum + count, 0)).toBe(intruding);
  });

  it('says of random over-sampling that there are no synthetic rows, even of rows with holes', async () => {
    const holes: DenseDataset = {
      ...data,
      X: matrix(
        data.X.data.map((x) => (x > 2 ? Number.NaN : x)),
        390,
        4,
      ),
    };
    const result = await auditSynthetic(holes, await createResampler('random-over', { seed: 1 }).resample(holes));
    expect(result.classes).toEqual([]);
    expect(result.output).toEqual({ rows: 900, copies: 900, repeatedCopies: 510, synthetic: 0, dropped: 0 });
    expect(result.findings).toEqual([
      {
        code: 'no-synthetic-rows',
        severity: 'info',
        message: 'the result has no synthetic rows to audit: its 900 rows are input rows (510 of them repeated)',
        numbers: { rows: 900, copies: 900, repeatedCopies: 510, dropped: 0 },
      },
    ]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('finds centroids in the hulls of their classes, also where the rows they stand for are dropped', async () => {
    const result = await auditSynthetic(data, await createResampler('cluster-centroids', { seed: 1 }).resample(data));
    expect(result.output.dropped).toBeGreaterThan(200);
    expect(result.classes.map((one) => one.class)).toEqual(['a', 'b']);
    const { byConstruction, inside, outside, outsideRange, untested } = result.total.hull;
    expect([outside, outsideRange, untested]).toEqual([0, 0, 0]);
    expect(byConstruction + inside).toBe(result.total.rows);
  });

  it('is the same for any number of threads, and for sparse rows', async () => {
    const holed = data.X.data.map((x) => (Math.abs(x) < 0.6 ? 0 : x));
    const dense = { ...data, X: matrix(holed, 390, 4) };
    const sparse: Dataset = { ...dense, X: toSparse(dense.X) };
    const made = await createResampler('smote', { seed: 9 }).resample(dense);
    const plain = await auditSynthetic(dense, made, { maxRows: 200 });
    for (const threads of [1, 2, 4]) {
      const runtime = await createKernelRuntime({ threads });
      expect(await auditSynthetic(dense, made, { maxRows: 200 }, { runtime })).toEqual(plain);
      await runtime.dispose();
    }
    const sparseMade: Resampled = await createResampler('smote', { seed: 9 }).resample(sparse);
    expect(sparseMade.data.X.kind).toBe('csr');
    expect(await auditSynthetic(sparse, sparseMade, { maxRows: 200 })).toEqual(plain);
  });
});

describe('wide rows', () => {
  it('are gone through piece by piece, with the same outcome', async () => {
    const columns = 5000;
    const stream = randomStream(6, 'wide');
    const wide = (rows: number) =>
      Array.from({ length: rows }, () => Array.from({ length: columns }, () => stream.uniform()));
    const data = datasetOf(wide(12).map((cells, i) => [i % 3 ? 'a' : 'b', ...cells] as const));
    // More cells than are held at a time; the last row equals the first.
    const made: NewRow[] = wide(900).map((cells) => ({ label: 'a', cells }));
    made.push(made[0]!, { label: 'b', cells: made[1]!.cells });
    const result = await audit(data, made, { hullRows: 3 });
    expect(result.total.duplicates).toEqual({ ofOwnClass: 0, ofOtherClass: 0, repeated: 1, clashing: 2 });
    expect(result.rows.flags[900]).toContain('repeats-new-row');
    expect(result.total.hull).toMatchObject({ inside: 0, undecided: 0, byConstruction: 0 });
    for (const i of [0, 500, 860, 899]) {
      const alone = await audit(data, [made[i]!], { hullRows: 0 });
      expect(result.rows.nearest[i]).toBe(alone.rows.nearest[0]);
      expect(result.rows.distance[i]).toBe(alone.rows.distance[0]);
      expect(result.rows.distanceOwn[i]).toBe(alone.rows.distanceOwn[0]);
      expect(result.rows.kind[i]).toBe(alone.rows.kind[0]);
    }
  });
});

describe('findings', () => {
  /** Rows of `rare` in pairs, so many pairs among `common` and so many apart. */
  const mixed = (among: number, apart: number) =>
    datasetOf([
      ...Array.from({ length: 100 }, (_, i) => ['common', i % 10, Math.floor(i / 10)] as const),
      ...Array.from({ length: among }, (_, i) => ['rare', (i % 10) + 0.5, Math.floor(i / 10) + 0.5] as const),
      ...Array.from({ length: apart }, (_, i) => ['rare', 100 + (i % 5), Math.floor(i / 5)] as const),
    ]);
  const intruders: NewRow[] = Array.from({ length: 10 }, (_, i) => ({
    label: 'rare',
    cells: i < 6 ? [i + 0.3, 8.3] : [100.3 + (i % 4), 1.3],
  }));

  it('warn of rows among another class if they are more often there than real rows', async () => {
    const severityIn = async (data: DenseDataset) =>
      (await audit(data, intruders)).findings.find(({ code }) => code === 'intruding-rows')?.severity;
    // 6 of 10 new rows; of the real ones 0 of 20, then 20 of 25.
    expect(await severityIn(mixed(0, 20))).toBe('warning');
    expect(await severityIn(mixed(20, 5))).toBe('info');
  });

  it('do not reproach rows between two neighbours with being near', async () => {
    const data = mixed(0, 20);
    const between: NewRow[] = [
      { label: 'rare', cells: [100.25, 0], base: 100, neighbour: 101, gap: 0.25 },
      { label: 'rare', cells: [101.25, 0], base: 101, neighbour: 102, gap: 0.25 },
    ];
    expect((await audit(data, between)).total.closest.nearCopies).toBe(2);
    expect(codesOf(await audit(data, between))).not.toContain('near-copies');
    const beside = between.map(({ label, cells }) => ({ label, cells }));
    expect(codesOf(await audit(data, beside))).toContain('near-copies');
  });
});

describe('what an audit refuses', () => {
  const made = withNewRows(twoGrids, [{ label: 'ok', cells: [1, 1] }]);
  it.each([
    [{ k: 0 }, 'bad-option'],
    [{ scale: 'unit' }, 'bad-option'],
    [{ maxRows: 0 }, 'bad-option'],
    [{ neighbours: 5 }, 'bad-option'],
    [{ seed: -1 }, 'bad-option'],
    [{ columnNames: ['x'] }, 'column-mismatch'],
  ])('%o', async (options, code) => {
    await expect(auditSynthetic(twoGrids, made, options as AuditOptions)).rejects.toMatchObject({ code });
  });

  it('results that are not of the data', async () => {
    const other = datasetOf([['ok', 1, 2, 3]]);
    await expect(auditSynthetic(other, made)).rejects.toMatchObject({ code: 'column-mismatch' });
    const renamed = { ...twoGrids, y: { ...twoGrids.y, classes: ['x', 'y'] } };
    await expect(auditSynthetic(renamed, made)).rejects.toMatchObject({ code: 'class-mismatch' });
    const nan = withNewRows(twoGrids, [{ label: 'ok', cells: [1, Number.NaN] }]);
    await expect(auditSynthetic(twoGrids, nan)).rejects.toMatchObject({ code: 'not-finite' });
    const huge = withNewRows(twoGrids, [{ label: 'ok', cells: [1, 1e200] }]);
    await expect(auditSynthetic(twoGrids, huge)).rejects.toMatchObject({ code: 'distance-overflow' });
    const signal = AbortSignal.abort();
    await expect(auditSynthetic(twoGrids, made, {}, { signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});
