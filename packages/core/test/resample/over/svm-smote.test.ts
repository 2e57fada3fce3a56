import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { findSupportVectors } from '../../../src/resample/over/find-support-vectors.ts';
import type { OverProblem } from '../../../src/resample/over/over-sampler.ts';
import { type SvmSmoteOptions, svmSmote } from '../../../src/resample/over/svm-smote.ts';
import { planSampling } from '../../../src/resample/sampling-strategy.ts';
import { supportVectorMachine } from '../../../src/svm/support-vector-machine.ts';
import { columnAt, countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { allRows, type DenseDataset, nearest, overlappingSet } from '../under/oracles.ts';
import { peerCases, peerSet, setCount } from './peer-sets.ts';

const own = ({ y }: Dataset, code: number) => [...y.codes.keys()].filter((row) => y.codes[row] === code);

/** Classes that touch: support vectors in danger and safe ones. */
const touching = (seed: number) =>
  gaussianDataset(
    [
      ['a', 40],
      ['b', 25],
      ['c', 12],
    ],
    2,
    seed,
  );

/** Share of other classes among the ten nearest, from the definition. */
function othersAround(data: DenseDataset, row: number): number {
  const around = nearest(data.X, row, 10, allRows(data));
  return around.filter((each) => data.y.codes[each] !== data.y.codes[row]).length / around.length;
}

describe('svmSmote', () => {
  it('starts from support vectors that are no noise, towards the class in danger and away from it where safe', async () => {
    let inward = 0;
    let outward = 0;
    for (let seed = 0; seed < 12; seed++) {
      const data = touching(seed);
      const { support } = await supportVectorMachine(data);
      const { data: made, provenance, notices } = await svmSmote({ seed, kNeighbors: 4, outStep: 0.3 }).resample(data);
      expect(Object.fromEntries(countsByLabel(made.y))).toEqual({ a: 40, b: 40, c: 40 });
      expect(notices).toEqual([]);
      for (let i = data.X.rows; i < made.X.rows; i++) {
        const [base, neighbour, gap] = [provenance.base[i]!, provenance.neighbour[i]!, provenance.gap[i]!];
        expect([...support]).toContain(base);
        const others = othersAround(data, base);
        expect(others).toBeLessThan(1);
        expect(nearest(data.X, base, 4, own(data, made.y.codes[i]!))).toContain(neighbour);
        if (others >= 0.5) {
          inward++;
          expect(gap >= 0 && gap < 1).toBe(true);
        } else {
          outward++;
          expect(gap <= 0 && gap > -0.3).toBe(true);
        }
      }
    }
    expect(Math.min(inward, outward)).toBeGreaterThan(50);
  });

  it('uses every such support vector evenly', async () => {
    const data = overlappingSet(1);
    const { support } = await supportVectorMachine(data);
    const usable = [...support].filter((row) => data.y.codes[row] === 2 && othersAround(data, row) < 1);
    const { provenance } = await svmSmote({ samplingStrategy: { c: 12 + 7 * usable.length + 2 } }).resample(data);
    const uses = usable.map((row) => provenance.base.filter((base) => base === row).length);
    expect(uses.sort((a, b) => a - b)).toEqual([...new Array(usable.length - 2).fill(7), 8, 8]);
  });

  it('makes all rows asked where imbalanced-learn drops the part without support vectors', async () => {
    // All safe, then all in danger.
    const line = Array.from({ length: 40 }, (_, i) => [i + 0.001 * i * i]);
    const safe = { X: rowsOf(line), y: labelsOf(line.map((_, i) => (i < 14 ? 'b' : 'a'))) };
    const danger = { X: rowsOf(line), y: labelsOf(line.map((_, i) => (i % 3 === 1 ? 'b' : 'a'))) };
    for (const [data, rows] of [
      [safe, [3, 4, 5]],
      [danger, [4, 7, 13]],
    ] as const) {
      const supportVectors = async () => Int32Array.from(rows);
      const size = countsByLabel(data.y).get('b')!;
      const ours = await svmSmote({ supportVectors, seed: 1 }).resample(data);
      expect(countsByLabel(ours.data.y).get('b')).toBe(40 - size);
      expect(ours.notices).toEqual([]);
      const peer = await svmSmote({ supportVectors, seed: 1, compat: 'imbalanced-learn' }).resample(data);
      const made = countsByLabel(peer.data.y).get('b')!;
      expect(made).toBeLessThan(40 - size);
      expect(peer.notices).toMatchObject([{ code: 'count-not-reached', numbers: { rows: made, asked: 40 - size } }]);
    }
  });

  it('goes on with SMOTE where every support vector is noise; imbalanced-learn stops', async () => {
    const X = rowsOf(Array.from({ length: 40 }, (_, i) => [i < 34 ? i : 500 + i * i]));
    const data = { X, y: labelsOf(Array.from({ length: 40 }, (_, i) => (i === 10 || i >= 34 ? 'b' : 'a'))) };
    const supportVectors = async () => Int32Array.of(10, 3);
    const { data: made, notices } = await svmSmote({ supportVectors }).resample(data);
    expect(Object.fromEntries(countsByLabel(made.y))).toEqual({ a: 33, b: 33 });
    expect(notices).toMatchObject([{ code: 'no-border-rows', class: 'b', numbers: { noise: 1 } }]);
    const peer = svmSmote({ supportVectors, compat: 'imbalanced-learn' }).resample(data);
    await expect(peer).rejects.toMatchObject({ code: 'only-noise', details: { class: 'b' } });
  });

  it('finds the support vectors of scikit-learn, but for a few at its tolerance', async () => {
    let differ = 0;
    let all = 0;
    for (let number = 0; number < setCount; number += 4) {
      const set = peerSet(number);
      const support = peerCases(number, 'svm-smote')[0]!.support!;
      const found = new Set((await supportVectorMachine(set)).support);
      differ +=
        support.filter((row) => !found.has(row)).length + [...found].filter((row) => !support.includes(row)).length;
      all += support.length;
    }
    expect(all).toBeGreaterThan(1500);
    expect(differ / all).toBeLessThan(0.005);
  });

  it('keeps weights at 0 or above beyond a base', async () => {
    const data = touching(3);
    const weights = Float64Array.from({ length: data.X.rows }, (_, row) => row % 2);
    const { data: made, provenance } = await svmSmote({ seed: 1 }).resample({ ...data, weights });
    expect(
      provenance.gap.some((gap, i) => gap < 0 && weights[provenance.neighbour[i]!]! > weights[provenance.base[i]!]!),
    ).toBe(true);
    expect(made.weights!.every((weight) => weight >= 0)).toBe(true);
  });

  it('lies where the gap says', async () => {
    const data = overlappingSet(4);
    const { data: made, provenance } = await svmSmote({ seed: 2 }).resample(data);
    for (let i = data.X.rows; i < made.X.rows; i++) {
      const base = rowAt(data.X, provenance.base[i]!);
      const neighbour = rowAt(data.X, provenance.neighbour[i]!);
      rowAt(made.X, i).forEach((value, j) => {
        expect(value).toBe(base[j]! + provenance.gap[i]! * (neighbour[j]! - base[j]!));
      });
    }
  });

  it('shows a large class to the machine by a weighted sample, with a notice', async () => {
    const data = gaussianDataset(
      [
        ['a', 2_000],
        ['b', 60],
      ],
      2,
      3,
    );
    const plan = planSampling('auto', data.y, { samplingType: 'over-sampling' });
    const members = [0, 1].map((code) => Int32Array.from(own(data, code)));
    const notices: OverProblem['notices'] = [];
    const problem = {
      name: 'svm-smote',
      data,
      plan,
      members,
      seed: 1,
      compat: false,
      onTooFew: 'clamp-k',
      notices,
      run: {},
    } as const;
    const found = await findSupportVectors(problem, 1_060);
    expect(notices).toMatchObject([{ code: 'sampled-rows', numbers: { rows: 2_060, seen: 1_060, most: 1_000 } }]);
    // Nearly the machine of all rows: their sets agree but for rows that were not drawn.
    const whole = new Set((await supportVectorMachine(data)).support);
    const minority = [...whole].filter((row) => data.y.codes[row] === 1);
    const both = [...found].filter((row) => data.y.codes[row] === 1);
    expect(both.filter((row) => !whole.has(row)).length).toBeLessThan(0.1 * minority.length);
    expect(minority.filter((row) => !both.includes(row)).length).toBeLessThan(0.1 * minority.length);
  });

  it('refuses support vectors and options that make no sense', async () => {
    const data = overlappingSet(2);
    const given = (rows: number[]) => svmSmote({ supportVectors: async () => Int32Array.from(rows) }).resample(data);
    await expect(given([0, 77])).rejects.toMatchObject({ code: 'bad-support-vectors' });
    await expect(given([-1])).rejects.toThrow('support vector 0 is row -1, the data have 77 rows');
    const make = (options: object) => () => svmSmote(options as SvmSmoteOptions);
    expect(make({ outStep: 1.5 })).toThrow('outStep must be a number from 0 to 1');
    expect(make({ supportVectors: [1, 2] })).toThrow('supportVectors must be a function');
    expect(make({ svmEstimator: {} })).toThrow('svm-smote has no option "svmEstimator"');
    expect(columnAt(data.X, 0).length).toBe(77);
  });
});
