import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDetector, detectorFromJSON, detectors } from '../../src/anomaly/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { createKernelRuntime, type KernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { toSparse } from '../learn/helpers.ts';
import { wrongOptions, wrongRows } from '../learn/wrong-data.ts';
import { dense, heap, largestGap, pick, rocAuc } from './helpers.ts';

/** What every detector owes its users. A detector is done when it is in the registry and passes these. */
const strange = 12;
const X = heap(300, 4, strange);
const fresh = heap(61, 4, 10, 1);
const reverse = (n: number) => Array.from({ length: n }, (_, i) => n - 1 - i);

/** Largest gap as a share of the spread of the scores. */
const gapOf = (a: Float64Array, b: Float64Array) =>
  largestGap(a, b) / Math.max(1e-300, Math.max(...a) - Math.min(...a));

let threads: KernelRuntime;
beforeAll(async () => {
  threads = await createKernelRuntime({ threads: 3 });
});
afterAll(() => threads.dispose());

describe.each(detectors.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  // Fewer steps than by default, to be quick.
  const create = (options: object = {}) =>
    entry.create({ ...(name === 'random-feature-svm' && { steps: 2000, nComponents: 128 }), ...options });

  // One model for all that only look at it: a model is never changed by its use.
  let made: ReturnType<ReturnType<typeof create>['fit']> | undefined;
  const fitted = () => {
    made ??= create().fit(X);
    return made;
  };

  it('scores rows far from all others higher', async () => {
    const model = await fitted();
    const auc = rocAuc(await model.score(fresh), (row) => row >= 51);
    expect(auc).toBeGreaterThan(0.97);
  });

  it('gives finite scores, one a row, and none to no rows', async () => {
    const model = await fitted();
    const far = dense([1e6, -1e6, 1e6, 0, 0, 0, 0, 0], 4);
    expect([...(await model.score(far))].every(Number.isFinite)).toBe(true);
    expect(await model.score(matrix(new Float64Array(0), 0, 4))).toEqual(new Float64Array(0));
    expect([model.name, model.columns]).toEqual([name, 4]);
  });

  it('scores a row the same alone as among others', async () => {
    const model = await fitted();
    const all = await model.score(fresh);
    for (const row of [0, 7, 59]) expect((await model.score(pick(fresh, [row])))[0]).toBe(all[row]);
    const turned = await model.score(pick(fresh, reverse(61)));
    expect([...turned].reverse()).toEqual([...all]);
  });

  it('gives the same bytes for the same seed, whatever the threads', async () => {
    const one = await fitted();
    const three = await create().fit(X, { runtime: threads });
    expect(JSON.stringify(three)).toBe(JSON.stringify(one));
    expect(await three.score(fresh, { runtime: threads })).toEqual(await one.score(fresh));
  });

  it('is another with another seed exactly if it draws', async () => {
    if (!entry.draws) {
      expect(() => create({ seed: 1 })).toThrow(/no option/);
      return;
    }
    // With more rows to trust, all seeds find the same ones.
    const options = name === 'minimum-covariance-determinant' ? { supportFraction: 0.5 } : {};
    const a = await (await create({ ...options, seed: 1 }).fit(X)).score(fresh);
    const b = await (await create({ ...options, seed: 2 }).fit(X)).score(fresh);
    expect(a).not.toEqual(b);
  });

  it('does not hang on the order of the rows, where it draws nothing', async () => {
    if (entry.draws) return;
    const options = name === 'one-class-svm' ? { tolerance: 1e-12 } : {};
    const a = await (await create(options).fit(X)).score(fresh);
    const b = await (await create(options).fit(pick(X, reverse(300)))).score(fresh);
    expect(gapOf(a, b)).toBeLessThan(1e-9);
  });

  it('says truly whether the units of columns matter', async () => {
    const scaled = (rows: typeof X) =>
      dense(
        rows.data.map((value, at) => (at % 4 === 1 ? value * 64 : value)),
        4,
      );
    const a = await (await fitted()).score(fresh);
    const b = await (await create().fit(scaled(X))).score(scaled(fresh));
    if (entry.scale === 'own') expect(gapOf(a, b)).toBeLessThan(1e-9);
    else expect(gapOf(a, b)).toBeGreaterThan(0.01);
  });

  it('is saved and loaded to the same bytes of scores', async () => {
    const model = await fitted();
    const loaded = detectorFromJSON(JSON.parse(JSON.stringify(model)));
    expect(await loaded.score(fresh)).toEqual(await model.score(fresh));
    expect(JSON.stringify(loaded)).toBe(JSON.stringify(model));
    expect([loaded.name, loaded.columns]).toEqual([model.name, model.columns]);
  });

  it('refuses a model of which a field is missing or of the wrong kind', async () => {
    const json = JSON.parse(JSON.stringify(await fitted()));
    for (const field of Object.keys(json)) {
      const { [field]: _left, ...rest } = json;
      expect(() => detectorFromJSON(rest), field).toThrow(/bad|missing|wrong/);
      expect(() => detectorFromJSON({ ...json, [field]: { no: 'use' } }), field).toThrow(/missing|wrong/);
    }
  });

  it('takes sparse rows as what they are', async () => {
    const holey = dense(
      X.data.map((value, at) => (at % 3 === 0 ? 0 : value)),
      4,
    );
    const a = await (await create().fit(holey)).score(holey);
    const b = await (await create().fit(toSparse(holey))).score(toSparse(holey));
    expect(b).toEqual(a);
  });

  it('names constant columns and scores as if they were not there', async () => {
    const widened = (rows: typeof X) =>
      dense(
        Array.from({ length: rows.rows * 5 }, (_, at) =>
          at % 5 === 2 ? 3 : rows.data[Math.floor(at / 5) * 4 + (at % 5) - (at % 5 > 2 ? 1 : 0)]!,
        ),
        5,
      );
    const model = await create().fit(widened(X));
    expect(model.notices.map(({ code }) => code)).toContain('constant-columns');
    const scores = await model.score(widened(fresh));
    expect(rocAuc(scores, (row) => row >= 51)).toBeGreaterThan(0.97);
    if (!entry.draws) expect(gapOf(await (await fitted()).score(fresh), scores)).toBeLessThan(1e-6);
  });

  it('fits two rows, or says that they are too few', async () => {
    const two = dense([0, 0, 0, 0, 1, 2, 3, 4], 4);
    // Two rows are alike in strangeness, but random features meet that only roughly.
    await expectFiniteOrCode(() => create().fit(two), two, name !== 'random-feature-svm');
  });

  it('meets rows that are all alike with equal scores, or says why not', async () => {
    const alike = dense(new Array<number>(40).fill(2), 4);
    await expectFiniteOrCode(() => create().fit(alike), alike);
  });

  it('bears many duplicates', async () => {
    const copies = pick(
      X,
      Array.from({ length: 400 }, (_, i) => (i < 250 ? i % 3 : i - 120)),
    );
    const model = await create().fit(copies);
    const scores = await model.score(fresh);
    expect(scores.every(Number.isFinite)).toBe(true);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s', async (bad) => {
    const cells = X.data.slice();
    cells[4 * 17 + 2] = bad;
    await expect(create().fit(dense(cells, 4))).rejects.toMatchObject({
      code: 'not-finite',
      details: { row: 17, column: '2' },
    });
    const model = await fitted();
    await expect(model.score(dense([0, bad, 0, 0], 4))).rejects.toMatchObject({ code: 'not-finite' });
  });

  it('refuses too few rows, no columns and other columns', async () => {
    await expect(create().fit(pick(X, [0]))).rejects.toMatchObject({ code: 'too-few-rows' });
    await expect(create().fit(matrix(new Float64Array(0), 0, 4))).rejects.toMatchObject({ code: 'too-few-rows' });
    await expect(create().fit(matrix(new Float64Array(0), 5, 0))).rejects.toMatchObject({ code: 'no-columns' });
    const model = await fitted();
    await expect(model.score(dense([1, 2, 3], 3))).rejects.toMatchObject({ code: 'column-mismatch' });
  });

  it('stops on request', async () => {
    const signal = AbortSignal.abort();
    await expect(create().fit(X, { signal })).rejects.toMatchObject({ code: 'aborted' });
    const model = await fitted();
    await expect(model.score(fresh, { signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  it.each(wrongRows)('refuses %s', async (_what, rows, code) => {
    await expect(create().fit(rows)).rejects.toMatchObject({ name: 'CounterweightError', code });
    await expect((await fitted()).score(rows)).rejects.toMatchObject({ code });
  });

  it.each(wrongOptions)('refuses %s as options', (_what, options, message) => {
    expect(() => entry.create(options)).toThrow(message);
  });

  it('refuses options that it has not', () => {
    expect(() => createDetector(name, { contamination: 0.1 })).toThrow(/no option "contamination"/);
  });
});

async function expectFiniteOrCode(
  fit: () => Promise<Awaited<ReturnType<(typeof detectors)[number]['fromJSON']>>>,
  rows: typeof X,
  equal = true,
) {
  try {
    const scores = await (await fit()).score(rows);
    expect(scores.every(Number.isFinite)).toBe(true);
    if (equal) expect(new Set(scores.map((score) => Math.round(score * 1e9) / 1e9)).size).toBe(1);
  } catch (error) {
    expect(error).toMatchObject({ code: 'too-few-rows' });
  }
}

it('finds a detector by name, and the one that was meant', () => {
  expect(createDetector('isolation-forest').name).toBe('isolation-forest');
  expect(() => createDetector('isolation-forrest')).toThrow(/did you mean "isolation-forest"/);
  expect(() => detectorFromJSON({ kind: 'zebra' })).toThrow(/kind/);
  expect(() => detectorFromJSON(null)).toThrow(/object/);
});
