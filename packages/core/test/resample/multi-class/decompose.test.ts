import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { matrix } from '../../../src/data/matrix.ts';
import type { ClassTargets } from '../../../src/resample/class-targets.ts';
import { type Decomposition, decompose } from '../../../src/resample/multi-class/decompose.ts';
import { createResampler } from '../../../src/resample/registry.ts';
import type { Resampler } from '../../../src/resample/resampler.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf, toSparse } from '../data.ts';

const sizes: [ClassLabel, number][] = [
  ['a', 12],
  ['b', 40],
  ['c', 7],
  ['d', 21],
];

/** Appends rows that lie on the first row of the class, moved towards the last row given; remembers what it was given. */
function recorder() {
  const seen: { own: number; rest: number; label: string; rows: number[][]; seed: number }[] = [];
  const create = ({ samplingStrategy, seed }: { samplingStrategy: unknown; seed: number }): Resampler => ({
    name: 'recorder',
    resample: async ({ X, y }: Dataset) => {
      const [[label, target]] = [...(samplingStrategy as Map<string, number>)] as [[string, number]];
      const counts = countsByLabel(y);
      const own = counts.get(label)!;
      expect(counts.size).toBe(2);
      seen.push({ own, rest: y.codes.length - own, label, rows: [...y.codes.keys()].map((i) => rowAt(X, i)), seed });
      const code = y.classes.indexOf(label);
      const [base, neighbour] = [y.codes.indexOf(code), X.rows - 1];
      const fresh = target - own;
      const at = (side: number) => Int32Array.from({ length: X.rows + fresh }, (_, i) => (i < X.rows ? -1 : side));
      const rows = [...y.codes.keys()].map((i) => rowAt(X, i));
      const made = rowAt(X, base).map((value, j) => (value + rowAt(X, neighbour)[j]!) / 2);
      return {
        data: {
          X: rowsOf([...rows, ...Array.from({ length: fresh }, () => made)]),
          y: { classes: y.classes, codes: Int32Array.from([...y.codes, ...new Array(fresh).fill(code)]) },
        },
        provenance: {
          source: Int32Array.from({ length: X.rows + fresh }, (_, i) => (i < X.rows ? i : -1)),
          base: at(base),
          neighbour: at(neighbour),
          gap: Float64Array.from({ length: X.rows + fresh }, (_, i) => (i < X.rows ? Number.NaN : 0.5)),
          dropped: new Int32Array(0),
        },
        notices: [{ code: 'seen', severity: 'info', message: label }],
      };
    },
  });
  return { seen, create };
}

describe('classes one by one', () => {
  const data = gaussianDataset(sizes, 3, 1);

  it('are held against all other rows of the input, one against the rest', async () => {
    const { seen, create } = recorder();
    const { data: made, notices } = await decompose({ create }).resample(data);
    const told = seen.map(({ own, rest, label }) => [label, own, rest]);
    expect(told).toEqual([
      ['d', 21, 59],
      ['a', 12, 68],
      ['c', 7, 73],
    ]);
    expect(Object.fromEntries(countsByLabel(made.y))).toEqual({ a: 40, b: 40, c: 40, d: 40 });
    expect(notices.map(({ class: label }) => label)).toEqual(['d', 'a', 'c']);
    expect(new Set(seen.map(({ seed }) => seed)).size).toBe(3);
  });

  it('are held against the larger ones with the rows that these got, successively', async () => {
    const { seen, create } = recorder();
    const { data: made, provenance } = await decompose({ create, decomposition: 'successive' }).resample(data);
    expect(seen.map(({ own, rest, label }) => [label, own, rest])).toEqual([
      ['d', 21, 40],
      ['a', 12, 40 + 40],
      ['c', 7, 40 + 40 + 40],
    ]);
    const rows = data.X.rows;
    expect([...provenance.source.subarray(0, rows)]).toEqual([...data.y.codes.keys()]);
    // The new rows of a, 28 after the originals, stand first in the output; those of d were there when a was made.
    const lastOfInput = [...data.y.codes.keys()].filter((row) =>
      'bd'.includes(data.y.classes[data.y.codes[row]!] as string),
    );
    const firstOf = (label: string) => data.y.codes.indexOf(data.y.classes.indexOf(label));
    const d = rows + 28 + 33;
    expect([provenance.base[d], provenance.neighbour[d], provenance.gap[d]]).toEqual([
      firstOf('d'),
      lastOfInput.at(-1),
      0.5,
    ]);
    // The neighbour of a's rows is a row that d got: it has no row of the input for a second parent.
    expect([provenance.base[rows], provenance.neighbour[rows], provenance.gap[rows]]).toEqual([
      firstOf('a'),
      -1,
      Number.NaN,
    ]);
    const half = (x: number[], y: number[]) => x.map((value, j) => (value + y[j]!) / 2);
    const dRow = half(rowAt(data.X, firstOf('d')), rowAt(data.X, lastOfInput.at(-1)!));
    expect(rowAt(made.X, d)).toEqual(dRow);
    expect(rowAt(made.X, rows)).toEqual(half(rowAt(data.X, firstOf('a')), dRow));
    expect(seen[1]!.rows.slice(-19)).toEqual(new Array(19).fill(dRow));
  });

  it('may be brought to the median, to ratios, or to counts', async () => {
    const after = async (samplingStrategy: 'median' | ClassTargets, decomposition: Decomposition) => {
      const { create } = recorder();
      const { data: made } = await decompose({ create, samplingStrategy, decomposition }).resample(data);
      return Object.fromEntries(countsByLabel(made.y));
    };
    for (const decomposition of ['one-vs-rest', 'successive'] as const) {
      expect(await after('median', decomposition)).toEqual({ a: 16, b: 40, c: 16, d: 21 });
      expect(await after({ c: { ratio: 0.5 }, d: 30, b: 44 }, decomposition)).toEqual({ a: 12, b: 44, c: 20, d: 30 });
    }
  });

  it.each(['one-vs-rest', 'successive'] as const)(
    '%s: gives methods of the registry their rows, also for sparse rows',
    async (decomposition) => {
      for (const name of ['smote', 'borderline-smote', 'adasyn']) {
        const sampler = decompose({ create: (options) => createResampler(name, options), decomposition, seed: 3 });
        expect(sampler.name).toBe(name);
        const made = await sampler.resample(data);
        expect(new Set(countsByLabel(made.data.y).values())).toEqual(new Set([40]));
        for (let i = 0; i < made.data.X.rows; i++) {
          const { source, base, neighbour, gap } = made.provenance;
          const start = rowAt(data.X, source[i]! >= 0 ? source[i]! : base[i]!);
          if (source[i]! < 0 && neighbour[i]! < 0) continue;
          const end = source[i]! >= 0 ? start : rowAt(data.X, neighbour[i]!);
          const step = source[i]! >= 0 ? 0 : gap[i]!;
          expect(rowAt(made.data.X, i)).toEqual(start.map((value, j) => value + step * (end[j]! - value)));
        }
        const sparse = await sampler.resample({ ...data, X: toSparse(data.X) });
        expect(sparse.provenance).toEqual(made.provenance);
        expect(rowAt(sparse.data.X, 100)).toEqual(rowAt(made.data.X, 100));
      }
    },
  );

  it('one against the rest draws borderline rows from the same rows as the method itself does', async () => {
    const near = gaussianDataset(sizes, 2, 5);
    const X = matrix(
      near.X.data.map((value, i) => value - 1.5 * near.y.codes[i >> 1]!),
      near.X.rows,
      2,
    );
    const bases = async (sampler: Resampler) => {
      const { provenance } = await sampler.resample({ X, y: near.y });
      return [...new Set(provenance.base)].sort((x, y) => x - y);
    };
    const whole = await bases(createResampler('borderline-smote', { seed: 1 }));
    const parted = await bases(decompose({ create: (options) => createResampler('borderline-smote', options) }));
    expect(parted).toEqual(whole);
    const successive = await bases(
      decompose({ create: (options) => createResampler('borderline-smote', options), decomposition: 'successive' }),
    );
    expect(successive).not.toEqual(whole);
  });

  it('gives the same rows whatever the classes are called, and in whatever order they stand', async () => {
    const origins = async (names: readonly string[]) => {
      const given = { X: data.X, y: labelsOf([...data.y.codes].map((code) => names[code]!)) };
      const { data: made, provenance } = await decompose({
        create: (options) => createResampler('smote', options),
        decomposition: 'successive',
      }).resample(given);
      return names.map((name) =>
        [...made.y.codes.keys()]
          .filter((i) => made.y.classes[made.y.codes[i]!] === name)
          .map((i) => `${provenance.source[i]} ${provenance.base[i]} ${provenance.gap[i]}`),
      );
    };
    expect(await origins(['z', 'not z', 'A', '1'])).toEqual(await origins(['a', 'b', 'c', 'd']));
  });

  it('calls a class by its own name, numbers too', async () => {
    for (const label of [-3, -0.5, 0, 7, 1e12, 'seven']) {
      const given = {
        X: rowsOf([[0], [1], [9], [10], [11]]),
        y: { classes: [label, typeof label === 'string' ? 'z' : 1e15], codes: Int32Array.of(0, 0, 1, 1, 1) },
      };
      const create = (options: Readonly<Record<string, unknown>>) => createResampler('smote', options);
      const { notices, data: made } = await decompose({ create }).resample(given);
      const name = typeof label === 'string' ? '"seven"' : String(label);
      expect(notices.map(({ message }) => message)).toEqual([
        `class ${name} has 2 rows, so 1 neighbour was used instead of 5`,
      ]);
      expect(made.y.codes.filter((code) => code === 0).length).toBe(3);
    }
  });

  it('refuses methods that take rows away, and what is no method', async () => {
    const create = (options: object) => createResampler('smote-enn', { ...options });
    const near = data.X.data.map((value, i) => value - 2 * data.y.codes[Math.floor(i / 3)]!);
    const overlapping = { ...data, X: matrix(near, data.X.rows, 3) };
    await expect(decompose({ create }).resample(overlapping)).rejects.toThrow('smote-enn does more than add rows');
    expect(() => decompose({ create: 'smote' as never })).toThrow('create must make a resampler');
    expect(() => decompose({ create, decomposition: 'ovo' as never })).toThrow('decomposition must be one of');
    expect(() => decompose({ create, kind: 1 } as never)).toThrow('decompose has no option "kind"');
  });
});
