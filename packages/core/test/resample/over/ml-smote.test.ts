import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import { type MlSmoteOptions, mlSmote } from '../../../src/resample/over/ml-smote.ts';
import { labelImbalance, type MultiLabelDataset } from '../../../src/resample/over/multi-label.ts';
import { replayRows } from '../../../src/resample/replay.ts';
import { createKernelRuntime } from '../../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { rowAt, toDense, toSparse } from '../data.ts';
import { euclidean } from './by-hand.ts';

const names = ['common', 'often', 'rare', 'rarer', 'never'];
const chances = [0.8, 0.4, 0.12, 0.07, 0];

function randomLabels(rows: number, seed: number): MultiLabelDataset & { readonly X: Matrix } {
  const stream = randomStream(seed, 'multi');
  const indicators = Uint8Array.from({ length: rows * 5 }, (_, i) => (stream.uniform() < chances[i % 5]! ? 1 : 0));
  const X = matrix(
    Float64Array.from({ length: rows * 3 }, () => stream.normal()),
    rows,
    3,
  );
  return { X, labels: { names, indicators } };
}

const data = randomLabels(120, 4);
const has = ({ labels }: MultiLabelDataset, row: number, label: number) => labels.indicators[row * 5 + label]!;
const bagOf = (from: MultiLabelDataset, label: number) =>
  [...Array(from.X.rows).keys()].filter((row) => has(from, row, label) === 1);
const nearest = (row: number, label: number, k: number) =>
  bagOf(data, label)
    .filter((other) => other !== row)
    .sort((a, b) => euclidean(rowAt(data.X, row), rowAt(data.X, a)) - euclidean(rowAt(data.X, row), rowAt(data.X, b)))
    .slice(0, k);

describe('labelImbalance', () => {
  it('gives IRLbl and MeanIR of the definition', () => {
    // Six rows with the labels a: 6, b: 3, c: 1, d: 0.
    const indicators = Uint8Array.from([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    const { counts, irLbl, meanIr } = labelImbalance({ names: ['a', 'b', 'c', 'd'], indicators });
    expect([...counts]).toEqual([6, 3, 1, 0]);
    expect([...irLbl]).toEqual([1, 2, 6, Number.POSITIVE_INFINITY]);
    expect(meanIr).toBe(3);
  });
});

describe('mlSmote', () => {
  it.each<MlSmoteOptions>([
    {},
    { kNeighbors: 3 },
    { kNeighbors: 4, labelRule: 'intersection' },
    { labelRule: 'union' },
  ])('adds a row for each row of each rare label, with the labels that its neighbourhood has: %j', async (options) => {
    const { kNeighbors = 5, labelRule = 'ranking' } = options;
    const { data: made, provenance, notices } = await mlSmote({ seed: 1, ...options }).resample(data);
    const { irLbl, meanIr } = labelImbalance(data.labels);
    const rare = [0, 1, 2, 3].filter((label) => irLbl[label]! > meanIr);
    expect(rare.length).toBeGreaterThan(0);
    expect(notices).toEqual([]);
    let row = 120;
    for (const label of rare) {
      for (const base of bagOf(data, label)) {
        expect(provenance.base[row]).toBe(base);
        const near = nearest(base, label, kNeighbors);
        expect(near).toContain(provenance.neighbour[row]);
        for (let other = 0; other < 5; other++) {
          const having = [base, ...near].reduce((sum, each) => sum + has(data, each, other), 0);
          const expected = {
            ranking: having > (kNeighbors + 1) / 2,
            intersection: having === kNeighbors + 1,
            union: having > 0,
          }[labelRule];
          expect(has(made, row, other)).toBe(expected ? 1 : 0);
        }
        expect(has(made, row, label)).toBe(1);
        row++;
      }
    }
    expect(made.X.rows).toBe(row);
    expect(made.labels.indicators.subarray(0, 600)).toEqual(data.labels.indicators);
    expect(replayRows(provenance, data.X)).toEqual(made.X);
  });

  it('draws neighbours and gaps evenly', async () => {
    const large = randomLabels(6000, 9);
    const { provenance } = await mlSmote({ seed: 2 }).resample(large);
    const gaps = [...provenance.gap.subarray(6000)];
    expect(gaps.length).toBeGreaterThan(400);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...gaps)).toBeLessThan(1);
    expect(Math.abs(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length - 0.5)).toBeLessThan(
      4 * Math.sqrt(1 / 12 / gaps.length),
    );
  });

  it('mixes weights like features and takes the group of the base', async () => {
    const weights = Float64Array.from({ length: 120 }, (_, i) => 1 + (i % 3));
    const groups = Int32Array.from({ length: 120 }, (_, i) => i % 7);
    const { data: made, provenance } = await mlSmote({ seed: 3 }).resample({ ...data, weights, groups });
    for (let i = 120; i < made.X.rows; i++) {
      const [base, neighbour, gap] = [provenance.base[i]!, provenance.neighbour[i]!, provenance.gap[i]!];
      expect(made.weights![i]).toBeCloseTo(weights[base]! + gap * (weights[neighbour]! - weights[base]!), 12);
      expect(made.groups![i]).toBe(groups[base]);
    }
  });

  it('does the same to sparse rows, for every number of threads, and not the same for another seed', async () => {
    const sparseData = {
      ...data,
      X: matrix(
        data.X.data.map((value) => (Math.abs(value) < 0.4 ? 0 : value)),
        120,
        3,
      ),
    };
    const dense = await mlSmote({ seed: 5 }).resample(sparseData);
    const runtime = await createKernelRuntime({ threads: 2 });
    const sparse = await mlSmote({ seed: 5 }).resample({ ...sparseData, X: toSparse(sparseData.X) }, { runtime });
    await runtime.dispose();
    expect(sparse.data.X.kind).toBe('csr');
    expect(toDense(sparse.data.X)).toEqual(dense.data.X);
    expect(sparse.provenance).toEqual(dense.provenance);
    expect((await mlSmote({ seed: 6 }).resample(sparseData)).provenance.gap).not.toEqual(dense.provenance.gap);
  });

  it('uses as many neighbours as a rare label has, copies a row that is alone, and says so', async () => {
    const rows = 30;
    const indicators = new Uint8Array(rows * 3);
    for (let row = 0; row < rows; row++) indicators[row * 3] = 1;
    for (const row of [2, 5, 7]) indicators[row * 3 + 1] = 1;
    indicators[11 * 3 + 2] = 1;
    const labels = { names: ['all', 'three', 'one'], indicators };
    const few = { X: randomLabels(rows, 1).X, labels };
    // IRLbl 1, 10 and 30, mean 13.7: one only.
    const alone = await mlSmote().resample(few);
    expect(alone.notices.map(({ code, class: label }) => [code, label])).toEqual([['copied-instead', 'one']]);
    expect([...alone.provenance.source.subarray(rows)]).toEqual([11]);
    expect([...alone.data.labels.indicators.subarray(rows * 3)]).toEqual([1, 0, 1]);
    await expect(mlSmote({ onTooFew: 'clamp-k' }).resample(few)).rejects.toMatchObject({ code: 'too-few-rows' });
    indicators[11 * 3 + 2] = 0;
    const clamped = await mlSmote().resample(few);
    expect(clamped.notices.map(({ code, numbers }) => [code, numbers!['used']])).toEqual([['k-clamped', 2]]);
    expect(clamped.data.X.rows).toBe(33);
    await expect(mlSmote({ onTooFew: 'error' }).resample(few)).rejects.toMatchObject({ code: 'too-few-rows' });
  });

  it('keeps to maxNew, shared by largest remainder', async () => {
    const { provenance, notices } = await mlSmote({ maxNew: 7 }).resample(data);
    expect(provenance.source.length).toBe(127);
    expect(notices[0]).toMatchObject({ code: 'max-new-reached', numbers: { added: 7 } });
  });

  it('does nothing where no label is rarer than the mean, and says so', async () => {
    const indicators = Uint8Array.from([1, 1, 1, 1, 0, 0]);
    const even = { X: matrix(new Float64Array(3), 3, 1), labels: { names: ['a', 'b'], indicators } };
    const { data: made, notices } = await mlSmote().resample(even);
    expect(made.X.rows).toBe(3);
    expect(notices.map(({ code }) => code)).toEqual(['nothing-to-resample']);
  });

  it('copes with duplicates and any labels: finite rows, labels of 0 and 1', async () => {
    const row = fc.record({
      x: fc.integer({ min: -1, max: 1 }),
      marks: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 4, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.nat(100), async (rows, seed) => {
        const X = matrix(Float64Array.from(rows.flatMap(({ x }) => [x, 7])), rows.length, 2);
        const labels = { names: ['a', 'b', 'c', 'd'], indicators: Uint8Array.from(rows.flatMap(({ marks }) => marks)) };
        const { data: made } = await mlSmote({ seed }).resample({ X, labels });
        expect(toDense(made.X).data.every(Number.isFinite)).toBe(true);
        expect(made.labels.indicators.length).toBe(4 * made.X.rows);
        for (let i = 1; i < 2 * made.X.rows; i += 2) expect(toDense(made.X).data[i]).toBe(7);
      }),
      { numRuns: 60 },
    );
  });

  it('says what is wrong with data and options', async () => {
    const X = matrix(Float64Array.of(1, 2), 2, 1);
    const code = (labels: MultiLabelDataset['labels'], more: Partial<MultiLabelDataset> = {}) =>
      mlSmote()
        .resample({ X, labels, ...more })
        .catch((error) => error.code);
    expect(await code({ names: [], indicators: new Uint8Array(0) })).toBe('bad-labels');
    expect(await code({ names: ['a', 'a'], indicators: new Uint8Array(4) })).toBe('bad-labels');
    expect(await code({ names: ['a', 'b'], indicators: new Uint8Array(3) })).toBe('bad-labels');
    expect(await code({ names: ['a'], indicators: Uint8Array.of(1, 2) })).toBe('bad-labels');
    expect(await code({ names: ['a'], indicators: Uint8Array.of(1, 0, 1) })).toBe('shape-mismatch');
    const labels = { names: ['a'], indicators: Uint8Array.of(1, 0) };
    expect(await code(labels, { weights: Float64Array.of(1) })).toBe('shape-mismatch');
    expect(await code(labels, { X: matrix(Float64Array.of(1, Number.NaN), 2, 1) })).toBe('not-finite');
    expect(() => mlSmote({ kNeighbors: 0 })).toThrow('kNeighbors');
    expect(() => mlSmote({ labelRule: 'half' as never })).toThrow('labelRule must be one of');
    const stopped = mlSmote().resample({ X, labels }, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});
