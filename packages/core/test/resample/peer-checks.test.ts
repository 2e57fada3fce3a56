import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { fitResample } from '../../src/resample/plain/fit-resample.ts';
import { createResampler, resamplers } from '../../src/resample/registry.ts';
import type { ResamplerOptions } from '../../src/resample/registry-entry.ts';
import { CounterweightError } from '../../src/runtime/errors.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf } from './data.ts';

/** What imbalanced-learn checks of each of its samplers, and what it does not: too many neighbours, classes of one row. */

const everyMethod = [...resamplers.values()].map((entry) => ({ counts: 'exact' as const, ...entry }));

/** Three classes that overlap. */
function overlapping(seed: number, sizes: readonly [number, number, number] = [120, 80, 50]): Dataset & { X: Matrix } {
  const { X, y } = gaussianDataset(
    [
      ['a', sizes[0]],
      ['b', sizes[1]],
      ['c', sizes[2]],
    ],
    3,
    seed,
  );
  const cells = X.data.map((value, i) => value - 1.4 * y.codes[Math.floor(i / 3)]!);
  return { X: matrix(cells, X.rows, 3), y };
}

const has = (name: string, option: string) => {
  try {
    createResampler(name, { [option]: undefined });
    return true;
  } catch {
    return false;
  }
};

describe.each(everyMethod)('$name', ({ name, samplingType, counts, makes }) => {
  const { X, y } = overlapping(3);
  const rows = [...y.codes.keys()].map((i) => rowAt(X, i));
  const words = [...y.codes].map((code) => y.classes[code] as string);

  it('leaves no class smaller than the largest, larger than the smallest, or as it was, as its kind promises', async () => {
    const made = await createResampler(name, { seed: 1 }).resample({ X, y });
    const after = countsByLabel(made.data.y);
    const gone = (label: string) => made.provenance.dropped.filter((row) => y.classes[y.codes[row]!] === label).length;
    if (samplingType === 'clean-sampling') {
      expect(Math.min(gone('a'), gone('b'))).toBeGreaterThan(0);
      expect(gone('c')).toBe(0);
    } else if (samplingType === 'under-sampling') expect([...after.values()]).toEqual([50, 50, 50]);
    else if (counts === 'exact') expect([...after.values()]).toEqual([120, 120, 120]);
    // What is cleaned after the new rows were made, or stands as a share of a label, is more than there was.
    else expect(after.get('c')).toBeGreaterThan(50);
  });

  it('gives rows back as the kind of array that they came in, with the same numbers', async () => {
    const options = { method: name, seed: 4 };
    const plain = await fitResample(rows, words, options);
    const direct = await createResampler(name, { seed: 4 }).resample({ X, y });
    expect(plain.X).toEqual([...direct.data.y.codes.keys()].map((i) => rowAt(direct.data.X, i)));
    expect(plain.y).toEqual([...direct.data.y.codes].map((code) => y.classes[code]));
    const single = await fitResample({ data: Float32Array.from(X.data), shape: [X.rows, 3] }, y.codes, options);
    expect(single.X.data).toBeInstanceOf(Float32Array);
    expect(single.X.shape).toEqual([single.y.length, 3]);
    expect(single.y).toBeInstanceOf(Int32Array);
    const records = await fitResample(
      rows.map(([p, q, r]) => ({ p, q, r })),
      words,
      { ...options, scale: 'none', integers: 'ignore' },
    );
    expect(records.provenance).toEqual(plain.provenance);
    expect(Object.keys(records.X[0]!)).toEqual(['p', 'q', 'r']);
    const difference = records.X.map(({ p, q, r }, i) =>
      Math.max(...[p!, q!, r!].map((value, j) => Math.abs(value - plain.X[i]![j]!))),
    );
    // A number that a record gets may be recomputed from the parents.
    expect(Math.max(...difference)).toBeLessThan(1e-12);
  });

  it('refuses labels of one class, and labels that are rows or indicators', async () => {
    const code = (labels: unknown) =>
      fitResample(rows, labels as string[], { method: name }).catch((error: CounterweightError) => error.code);
    expect(await code(words.map(() => 'a'))).toBe('one-class');
    expect(await code(words.map((word) => [word]))).toBe('mixed-labels');
    expect(await code([...y.codes].map((own) => [0, 1, 2].map((other) => Number(own === other))))).toBe('mixed-labels');
    expect(await code(words.map((word, i) => (i === 7 ? null : word)))).toBe('missing-label');
  });

  it.each(['kNeighbors', 'nNeighbors'].filter((option) => has(name, option)))(
    'asked for more neighbours than there are (%s), looks at all there are and says so, or stops where told to',
    async (option) => {
      const few = overlapping(5, [14, 9, 6]);
      const outcome = async (options: ResamplerOptions) =>
        createResampler(name, { [option]: 400, seed: 2, ...options }).resample(few);
      const made = await outcome({});
      expect(made.notices).toContainEqual(expect.objectContaining({ code: 'k-clamped', severity: 'warning' }));
      if (counts === 'exact') expect(new Set(countsByLabel(made.data.y).values()).size).toBe(1);
      await expect(outcome({ onTooFew: 'error' })).rejects.toMatchObject({ code: 'too-few-rows' });
    },
  );

  it('names a class of one row that it can make nothing of, or copies the row where told to', async () => {
    const few = overlapping(6, [14, 9, 6]);
    const X1 = rowsOf([...few.y.codes.keys(), 0].map((i) => rowAt(few.X, i)));
    const one = { X: X1, y: labelsOf([...[...few.y.codes].map((code) => few.y.classes[code]!), 'lonely']) };
    const asked = { a: 14, b: 14, c: 14, lonely: 14 };
    const strategy = samplingType === 'over-sampling' ? { samplingStrategy: asked } : {};
    const made = await createResampler(name, strategy)
      .resample(one)
      .catch((error: CounterweightError) => error);
    const interpolates = samplingType === 'over-sampling' && has(name, 'onTooFew');
    if (made instanceof CounterweightError) {
      expect([made.code, made.details.class]).toEqual(['too-few-rows', 'lonely']);
      expect(made.message).toContain('class "lonely" has 1 row');
    } else {
      expect(interpolates).toBe(false);
      if (counts === 'exact') expect(new Set(countsByLabel(made.data.y).values()).size).toBe(1);
    }
    if (!interpolates) return;
    const copied = await createResampler(name, { ...strategy, onTooFew: 'random' }).resample(one);
    if (counts === 'exact') expect(Object.fromEntries(countsByLabel(copied.data.y))).toEqual(asked);
    expect(copied.notices).toContainEqual(expect.objectContaining({ code: 'copied-instead', class: 'lonely' }));
  });

  it.runIf(makes !== 'generates')(
    'makes nothing that is not a number of rows that are duplicates of each other',
    async () => {
      const codes = Array.from({ length: 24 }, (_, i) => (i < 12 ? 0 : i < 19 ? 1 : 2));
      const same = { X: rowsOf(codes.map(() => [2, 7])), y: labelsOf(codes) };
      const made = await createResampler(name, { seed: 1 }).resample(same);
      for (let i = 0; i < made.data.X.rows; i++) expect(rowAt(made.data.X, i)).toEqual([2, 7]);
      const { base, neighbour } = made.provenance;
      base.forEach((row, i) => {
        if (row >= 0 && neighbour[i]! >= 0) expect(neighbour[i]).not.toBe(row);
      });
    },
  );
});
