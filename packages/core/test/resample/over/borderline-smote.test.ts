import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BorderlineSmoteOptions, borderlineSmote } from '../../../src/resample/over/borderline-smote.ts';
import { smote } from '../../../src/resample/over/smote.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowsOf, toSparse } from '../data.ts';
import { allRows, type DenseDataset, griddedSets, nearest, overlappingSet } from '../under/oracles.ts';

type Kind = 'danger' | 'safe' | 'noise';

/** The paper's three kinds, from the definition. */
function kindOf(data: DenseDataset, row: number, m: number): Kind {
  const around = nearest(data.X, row, m, allRows(data));
  const others = around.filter((other) => data.y.codes[other] !== data.y.codes[row]).length;
  if (others === around.length) return 'noise';
  return others >= around.length / 2 ? 'danger' : 'safe';
}

const own = ({ y }: DenseDataset, code: number) => [...y.codes.keys()].filter((row) => y.codes[row] === code);
const other = ({ y }: DenseDataset, code: number) => [...y.codes.keys()].filter((row) => y.codes[row] !== code);

/** Two classes with nothing between them. */
const apart = (): DenseDataset => {
  const X = rowsOf(Array.from({ length: 40 }, (_, i) => [i < 30 ? i * i : 10_000 + i * i]));
  return { X, y: labelsOf(Array.from({ length: 40 }, (_, i) => (i < 30 ? 'a' : 'b'))) };
};

describe('borderlineSmote', () => {
  it.each(['borderline-1', 'borderline-2'] as const)('%s moves rows in danger, and only those', async (kind) => {
    await fc.assert(
      fc.asyncProperty(griddedSets, fc.integer({ min: 1, max: 6 }), fc.nat(99), async (data, m, seed) => {
        if ([...countsByLabel(data.y).values()].includes(1)) return;
        const options = { kNeighbors: 2, mNeighbors: m, kind, seed };
        const { data: made, provenance, notices } = await borderlineSmote(options).resample(data);
        const plain = notices.filter(({ code }) => code === 'no-border-rows').map((notice) => notice.class);
        const used = Math.min(m, data.X.rows - 1);
        data.y.classes.forEach((label, code) => {
          const kinds = own(data, code).map((row) => kindOf(data, row, used));
          const added = made.y.codes.subarray(data.X.rows).includes(code);
          if (added) expect(plain.includes(label)).toBe(!kinds.includes('danger'));
        });
        for (let i = data.X.rows; i < made.X.rows; i++) {
          const code = made.y.codes[i]!;
          const [base, neighbour] = [provenance.base[i]!, provenance.neighbour[i]!];
          expect(data.y.codes[base]).toBe(code);
          const fallsBack = plain.includes(data.y.classes[code]!);
          if (!fallsBack) expect(kindOf(data, base, used)).toBe('danger');
          const ends = nearest(data.X, base, 2, own(data, code));
          const foreign = nearest(data.X, base, 1, other(data, code));
          const towards = kind === 'borderline-2' && !fallsBack ? [...ends, ...foreign] : ends;
          expect(towards).toContain(neighbour);
          expect(provenance.gap[i]).toBeLessThan(data.y.codes[neighbour] === code ? 1 : 0.5);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives every row in danger, every end and every gap its even share', async () => {
    const data = overlappingSet(3);
    const code = data.y.classes.indexOf('c');
    const danger = own(data, code).filter((row) => kindOf(data, row, 10) === 'danger');
    expect(danger.length).toBeGreaterThan(2);
    const samplingStrategy = { c: 12 + 20_000 };
    for (const kind of ['borderline-1', 'borderline-2'] as const) {
      const { provenance } = await borderlineSmote({ samplingStrategy, seed: 1, kind, kNeighbors: 4 }).resample(data);
      const made = provenance.base.subarray(data.X.rows);
      const uses = danger.map((row) => made.filter((base) => base === row).length);
      expect(Math.max(...uses) - Math.min(...uses)).toBeLessThanOrEqual(1);
      const ends = kind === 'borderline-2' ? 5 : 4;
      const pairs = new Map<string, number[]>();
      for (let i = data.X.rows; i < provenance.base.length; i++) {
        const pair = `${provenance.base[i]} ${provenance.neighbour[i]}`;
        pairs.set(pair, [...(pairs.get(pair) ?? []), provenance.gap[i]!]);
      }
      expect(pairs.size).toBe(danger.length * ends);
      const expected = 20_000 / pairs.size;
      let squares = 0;
      for (const [pair, gaps] of pairs) {
        squares += (gaps.length - expected) ** 2 / expected;
        const foreign = data.y.codes[Number(pair.split(' ')[1])] !== code;
        const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
        // Uniform on [0, 1) and [0, 1/2); five standard errors.
        const width = foreign ? 0.5 : 1;
        expect(Math.abs(mean - width / 2)).toBeLessThan((5 * width) / Math.sqrt(12 * gaps.length));
      }
      // The 99.9 % point of chi-squared by Wilson and Hilferty.
      const free = pairs.size - 1;
      expect(squares).toBeLessThan(free * (1 - 2 / (9 * free) + 3.09 * Math.sqrt(2 / (9 * free))) ** 3);
    }
  });

  it('falls back on SMOTE with a notice where no row is in danger; imbalanced-learn adds nothing without a word', async () => {
    const { data, notices, provenance } = await borderlineSmote({ seed: 2 }).resample(apart());
    expect(Object.fromEntries(countsByLabel(data.y))).toEqual({ a: 30, b: 30 });
    expect(notices).toMatchObject([{ code: 'no-border-rows', class: 'b', numbers: { safe: 10, noise: 0 } }]);
    expect(new Set(provenance.base.subarray(40)).size).toBe(10);
    const peer = await borderlineSmote({ seed: 2, compat: 'imbalanced-learn' }).resample(apart());
    expect(peer.data.X.rows).toBe(40);
    expect(peer.notices).toMatchObject([{ code: 'count-not-reached', class: 'b', numbers: { rows: 10, asked: 30 } }]);
  });

  it('draws for each class alone', async () => {
    const data = overlappingSet(5);
    const blockOf = async (options: BorderlineSmoteOptions) => {
      const { data: made, provenance } = await borderlineSmote({ seed: 3, ...options }).resample(data);
      const rows = [...made.y.codes.keys()].filter((i) => i >= data.X.rows && made.y.codes[i] === 2);
      return rows.map((i) => [provenance.base[i], provenance.neighbour[i], provenance.gap[i]]);
    };
    expect(await blockOf({ samplingStrategy: { c: 40 } })).toEqual(await blockOf({}));
  });

  it('draws for each class anew; imbalanced-learn repeats one sequence in all of them', async () => {
    // Twice the same mixture, moved: b and c stand among the rows of a and d as each other.
    const place = (i: number) => i + 0.01 * i * i;
    const cells = Array.from({ length: 60 }, (_, i) => [i < 30 ? place(i) : 4096 + place(i - 30)]);
    const labels = cells.map((_, i) => ((i % 30) % 3 === 1 ? (i < 30 ? 'b' : 'c') : i < 30 ? 'a' : 'd'));
    const gaps = async (compat?: 'imbalanced-learn') => {
      const { provenance } = await borderlineSmote({ seed: 5, compat }).resample({
        X: rowsOf(cells),
        y: labelsOf(labels),
      });
      return [provenance.gap.subarray(60, 70), provenance.gap.subarray(70, 80)];
    };
    const [first, second] = await gaps();
    expect(first!.length).toBe(second!.length);
    expect(first).not.toEqual(second);
    const [peerFirst, peerSecond] = await gaps('imbalanced-learn');
    expect(peerFirst).toEqual(peerSecond);
  });

  it('clamps mNeighbors with a notice, and stops with onTooFew "error"', async () => {
    const data = gaussianDataset(
      [
        ['a', 5],
        ['b', 3],
      ],
      2,
      4,
    );
    const { notices } = await borderlineSmote({ kNeighbors: 1 }).resample(data);
    expect(notices).toContainEqual(
      expect.objectContaining({ code: 'k-clamped', numbers: { rows: 8, asked: 10, used: 7 } }),
    );
    const strict = borderlineSmote({ kNeighbors: 1, onTooFew: 'error' }).resample(data);
    await expect(strict).rejects.toMatchObject({ code: 'too-few-rows', details: { rows: 8, needed: 11 } });
  });

  it('is SMOTE where every row is in danger', async () => {
    const line = rowsOf(Array.from({ length: 24 }, (_, i) => [i + 0.01 * i * i]));
    const data = { X: line, y: labelsOf(Array.from({ length: 24 }, (_, i) => (i % 3 === 1 ? 'b' : 'a'))) };
    const bases = async (method: typeof smote) =>
      new Set((await method({ seed: 1, kNeighbors: 3 }).resample(data)).provenance.base.subarray(24));
    expect(await bases(borderlineSmote)).toEqual(await bases(smote));
  });

  it('does the same to sparse rows with either kind', async () => {
    const data = overlappingSet(8);
    data.X.data.forEach((value, i) => {
      if (Math.abs(value) < 0.6) data.X.data[i] = 0;
    });
    for (const compat of [undefined, 'imbalanced-learn'] as const) {
      const options = { kind: 'borderline-2', seed: 4, compat } as const;
      const dense = await borderlineSmote(options).resample(data);
      const sparse = await borderlineSmote(options).resample({ ...data, X: toSparse(data.X) });
      expect(sparse.data.X).toEqual(toSparse(dense.data.X as typeof data.X));
    }
  });

  it('refuses options that make no sense', () => {
    const make = (options: object) => () => borderlineSmote(options);
    expect(make({ kind: 'borderline1' })).toThrow('kind must be one of borderline-1, borderline-2');
    expect(make({ mNeighbors: 0 })).toThrow('mNeighbors must be a whole number of at least 1');
    expect(make({ nNeighbors: 5 })).toThrow('borderline-smote has no option "nNeighbors"');
    expect(make({ compat: 'imbalanced-learn', evenBase: true })).toThrow('evenBase cannot be true with compat');
  });
});
