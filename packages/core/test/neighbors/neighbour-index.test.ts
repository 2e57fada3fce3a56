import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { mergeNeighbours, type NumericMetric, neighbourIndex } from '../../src/neighbors/index.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';
import golden from '../fixtures/neighbours.json' with { type: 'json' };
import { toSparse } from '../learn/helpers.ts';
import { distanceOf, everyRow, expectSame, firstOf, hardSets, randomRows, sortedByHand, withinOf } from './oracle.ts';

const stream = randomStream(5, 'neighbour index');
const euclidean = distanceOf['euclidean']!;
const reference = matrix(Float64Array.from(golden.reference), golden.reference.length / 5, 5);
const queries = matrix(Float64Array.from(golden.queries), golden.queries.length / 5, 5);
const given = matrix(Float64Array.from(golden.covariance), 5, 5);

describe('neighbourIndex', () => {
  it.each(Object.entries(golden.expected))('agrees with scipy and scikit-learn: %s', async (name, expected) => {
    const [metric, detail] = name.split(' ');
    const index = await neighbourIndex({
      rows: reference,
      metric: metric as NumericMetric,
      p: detail?.startsWith('p=') ? Number(detail.slice(2)) : undefined,
      covariance: detail === 'given' ? given : undefined,
    });
    const found = await index.nearest({ queries, k: golden.k });
    expect([...found.indices]).toEqual(expected.indices);
    found.distances.forEach((d, i) => {
      expect(Math.abs(d - expected.distances[i]!)).toBeLessThan(1e-12 + 1e-10 * expected.distances[i]!);
    });
    const lists = await index.radius({ queries, radius: found.distances[3]! });
    expect([...lists.indices.subarray(0, 4)]).toEqual(expected.indices.slice(0, 4));
    index.dispose();
  });

  it('lists all rows within a radius as scikit-learn does', async () => {
    const index = await neighbourIndex({ rows: reference });
    const { offsets, indices, distances } = await index.radius({ queries, radius: golden.within.radius });
    golden.within.indices.forEach((row, i) => {
      expect([...indices.subarray(offsets[i], offsets[i + 1])]).toEqual(row);
    });
    golden.within.distances.flat().forEach((d, i) => {
      expect(distances[i]).toBeCloseTo(d, 11);
    });
    index.dispose();
  });

  it('answers many requests, over dense and sparse rows alike', async () => {
    const X = randomRows(500, 4, () => stream.integer(5));
    const lists = sortedByHand(X, X, euclidean, everyRow(X));
    for (const rows of [X, toSparse(X)]) {
      const index = await neighbourIndex({ rows });
      for (const k of [1, 9]) expectSame(await index.nearest({ k }), firstOf(lists, k));
      expectSame(await index.radius({ radius: Math.sqrt(3) }), withinOf(lists, Math.sqrt(3)));
      expect((await index.nearest({ k: 3, queries: new Int32Array(0) })).indices).toHaveLength(0);
      index.dispose();
    }
  });

  it('answers for rows too wide for principal axes', async () => {
    const X = randomRows(150, 200, () => Math.round(stream.normal()));
    const index = await neighbourIndex({ rows: X });
    expectSame(await index.nearest({ k: 5 }), firstOf(sortedByHand(X, X, euclidean, everyRow(X)), 5));
    const all = sortedByHand(X, X, euclidean, everyRow(X));
    expectSame(await index.radius({ radius: 17 }), withinOf(all, 17));
    const store = index.growing();
    for (const row of [3, 90, 40]) store.insert(row);
    const nearest = all[7]!.find(({ row }) => [3, 40, 90].includes(row))!;
    expect([store.nearestOf(7), store.distanceOf(7)]).toEqual([nearest.row, nearest.distance]);
    index.dispose();
  });

  it('searches among chosen rows, in one class and in the others', async () => {
    for (const [, X] of hardSets(stream).slice(0, 8)) {
      const lists = sortedByHand(X, X, euclidean, everyRow(X));
      const labels = Int32Array.from({ length: X.rows }, () => stream.integer(3));
      const index = await neighbourIndex({ rows: X });
      const chosen = everyRow(X).filter((row) => row % 3 === 1);
      const among = lists.map((list) => list.filter(({ row }) => row % 3 === 1));
      expectSame(await index.nearest({ k: 4, within: chosen }), firstOf(among, 4));
      const asked = chosen.slice(0, 9).reverse();
      const some = [...asked].map((row) => among[row]!);
      expectSame(await index.nearest({ k: 4, within: chosen, queries: asked }), firstOf(some, 4));
      const friends = lists.map((list, q) => list.filter(({ row }) => labels[row] === labels[q]));
      expectSame(await index.nearest({ k: 3, within: { labels, seek: 'same' } }), firstOf(friends, 3));
      const enemies = lists.map((list, q) => list.filter(({ row }) => labels[row] !== labels[q]));
      expectSame(await index.nearest({ k: 3, within: { labels, seek: 'other' } }), firstOf(enemies, 3));
      const ofQueries = Int32Array.from({ length: X.rows }, (_, i) => i % 3);
      const apart = sortedByHand(X, X, euclidean).map((list, q) => list.filter(({ row }) => labels[row] !== q % 3));
      const others = { labels, seek: 'other', ofQueries } as const;
      expectSame(await index.nearest({ k: 2, queries: X, within: others }), firstOf(apart, 2));
      index.dispose();
    }
  });

  it('tells the nearest member of a growing store after every insertion', async () => {
    for (const metric of ['euclidean', 'manhattan', 'chebyshev', 'sqeuclidean'] as const) {
      for (const [, X] of hardSets(stream).slice(0, 15)) {
        const index = await neighbourIndex({ rows: X, metric });
        const store = index.growing();
        expect([store.nearestOf(0), store.distanceOf(0)]).toEqual([-1, Number.POSITIVE_INFINITY]);
        const members = stream.permutation(X.rows).slice(0, 30);
        const distance = distanceOf[metric]!;
        const best = Array.from({ length: X.rows }, () => ({ row: -1, distance: Number.POSITIVE_INFINITY }));
        for (const member of members) {
          store.insert(member);
          best.forEach((one, row) => {
            const d = distance(X.data, row * X.columns, X.data, member * X.columns, X.columns);
            if (d < one.distance || (d === one.distance && member < one.row)) best[row] = { row: member, distance: d };
          });
        }
        const found = [...everyRow(X)].map((row) => ({ row: store.nearestOf(row), distance: store.distanceOf(row) }));
        expect(found).toEqual(best);
        expect(store.size).toBe(30);
        index.dispose();
        expect(() => store.insert(0)).toThrow('disposed');
      }
    }
  });

  it('gives the same bytes on any number of threads', async () => {
    const X = randomRows(4000, 6, () => Math.round(8 * stream.normal()));
    const labels = everyRow(X).map((row) => row % 2);
    const results = [];
    for (const threads of [1, 2, 4]) {
      const runtime = await createKernelRuntime({ threads });
      const index = await neighbourIndex({ rows: X, metric: 'cosine' }, { runtime });
      const nearest = await index.nearest({ k: 4, within: { labels, seek: 'other' } });
      results.push({ ...nearest, lists: (await index.radius({ radius: 0.01 })).indices });
      index.dispose();
      await runtime.dispose();
    }
    expectSame(results[1]!, results[0]!);
    expectSame(results[2]!, results[0]!);
  });

  it('refuses what it cannot index or search', async () => {
    const X = randomRows(9, 2, stream.normal);
    const spoilt = (value: number) => matrix(X.data.with(5, value), 9, 2);
    const refuse = (options: object) => expect(neighbourIndex({ rows: X, ...options })).rejects;
    await refuse({ rows: spoilt(Number.NaN) }).toMatchObject({ code: 'not-finite', details: { row: 2, column: '1' } });
    await refuse({ rows: spoilt(Number.NEGATIVE_INFINITY) }).toMatchObject({ code: 'not-finite' });
    await refuse({ metric: 'minkowski', p: 0.5 }).toMatchObject({ code: 'bad-option' });
    await refuse({ metric: 'hamming' }).toMatchObject({ code: 'bad-option' });
    await refuse({ metric: 'cosine', rows: randomRows(4, 2, (cell) => cell >> 1) }).toMatchObject({ code: 'zero-row' });
    const twin = randomRows(9, 2, (cell) => cell >> 1);
    await refuse({ metric: 'mahalanobis', rows: twin }).toMatchObject({ code: 'singular-covariance' });
    await refuse({ metric: 'mahalanobis', covariance: X }).toMatchObject({ code: 'shape-mismatch' });
    await refuse({ rows: matrix(new Float64Array(0), 0, 2) }).toMatchObject({ code: 'too-few-rows' });

    const index = await neighbourIndex({ rows: X });
    const bad = (request: object) => expect(index.nearest({ k: 2, ...request })).rejects;
    await bad({ k: 0 }).toMatchObject({ code: 'bad-option' });
    await bad({ k: 9 }).toMatchObject({ code: 'too-few-rows' });
    await bad({ queries: Int32Array.of(9) }).toMatchObject({ code: 'bad-queries' });
    await bad({ queries: randomRows(2, 3, stream.normal) }).toMatchObject({ code: 'column-mismatch' });
    await bad({ within: Int32Array.of(1, 2, 2) }).toMatchObject({ code: 'bad-queries' });
    await bad({ within: Int32Array.of(1, 2) }).toMatchObject({ code: 'too-few-rows' });
    const labels = Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1);
    await bad({ within: { labels, seek: 'same' } }).toMatchObject({ code: 'too-few-rows' });
    await bad({ within: { labels: labels.slice(1), seek: 'same' } }).toMatchObject({ code: 'shape-mismatch' });
    await expect(index.radius({ radius: -1 })).rejects.toMatchObject({ code: 'bad-option' });
    index.dispose();
    await bad({}).toMatchObject({ code: 'disposed' });
  });
});

describe('mergeNeighbours', () => {
  it('is associative and commutative, and gives what one search of all blocks gives', async () => {
    const X = randomRows(300, 3, () => stream.integer(6));
    const others = randomRows(40, 3, () => stream.integer(6));
    const whole = await neighbourIndex({ rows: X });
    const blocks = [everyRow(X).slice(0, 120), everyRow(X).slice(120, 123), everyRow(X).slice(123)];
    const [a, b, c] = await Promise.all(
      blocks.map((within) => whole.nearest({ queries: others, k: Math.min(5, within.length), within })),
    );
    const merge = (x: typeof a, y: typeof a) => mergeNeighbours(x!, y!, 5);
    const expected = await whole.nearest({ queries: others, k: 5 });
    expectSame(merge(merge(a, b), c), expected);
    expectSame(merge(a, merge(b, c)), expected);
    expectSame(merge(c, merge(b, a)), expected);
    expect([...mergeNeighbours(b!, b!, 7).indices.subarray(6, 7)]).toEqual([-1]);
    expect(() => mergeNeighbours(a!, { ...b!, indices: new Int32Array(3) }, 2)).toThrow('different numbers');
    whole.dispose();
  });
});
