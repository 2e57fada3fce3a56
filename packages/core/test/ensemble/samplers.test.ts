import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import {
  adaBoost,
  balancedBagging,
  type CombinedModel,
  easyEnsemble,
  ensembles,
  iiVotes,
  oneVersusRestLearner,
  overBoost,
  rusBoost,
  smoteBagging,
  smoteBoost,
  voting,
} from '../../src/ensemble/index.ts';
import { memberFromJSON } from '../../src/ensemble/registry.ts';
import { decisionTree, type ForestModel, logisticRegression } from '../../src/learn/index.ts';
import { rocAuc } from '../../src/metrics/index.ts';
import {
  borderlineSmote,
  editedNearestNeighbours,
  type Resampler,
  randomOver,
  randomUnder,
  resamplers,
  smote,
} from '../../src/resample/index.ts';
import { largestGap, overlapping } from '../learn/helpers.ts';

/** 300 rows, one in ten of the second class; the columns tell it roughly. */
const drawn = overlapping(900, 4, 2, 17);
const kept = [...drawn.y.codes.keys()].filter((row) => drawn.y.codes[row] === 0 || row % 9 === 0).slice(0, 300);
const data = {
  X: matrix(Float64Array.from(kept.flatMap((row) => [...drawn.X.data.subarray(4 * row, 4 * row + 4)])), kept.length, 4),
  y: { codes: Int32Array.from(kept, (row) => drawn.y.codes[row]!), classes: ['no', 'yes'] },
};
const rare = data.y.codes.reduce((sum, code) => sum + code, 0);
const second = (p: { data: Float64Array }) => p.data.filter((_share, i) => i % 2 === 1);
const area = async (model: CombinedModel) =>
  rocAuc({ scores: second(await model.predictProba(data.X)), truth: data.y.codes });

const takers = { balancedBagging, easyEnsemble, rusBoost, overBoost, smoteBoost, iiVotes };
const few = { nEstimators: 3 };

/** Those that are tried with every method; the others share their ways. */
const all = new Set(['balancedBagging', 'rusBoost']);

describe.each(Object.entries(takers))('%s', (name, make) => {
  const methods = all.has(name) ? [...resamplers.keys()] : ['smote', 'random-under', 'all-knn', 'remix'];
  it.each(methods)('takes %s', async (method) => {
    const sampler = (seed: number) => resamplers.get(method)!.create({ seed });
    const model = await make({ ...few, sampler }).fit(data);
    expect(await area(model)).toBeGreaterThan(0.5);
    const read = memberFromJSON(JSON.parse(JSON.stringify(model)));
    expect((await read.predictProba(data.X)).data).toEqual((await model.predictProba(data.X)).data);
  });

  it('takes a resampler itself, any learner beside it, and is the same each time', async () => {
    const options = { ...few, sampler: smote({ seed: 4 }), learner: logisticRegression() };
    const model = await make(options).fit(data);
    expect(model.members.every((member) => member.toJSON().kind === 'logistic-regression')).toBe(true);
    expect(JSON.stringify(await make(options).fit(data))).toBe(JSON.stringify(model));
    expect(await area(model)).toBeGreaterThan(0.7);
  });

  it('takes a whole weight as copies with a sampler', async () => {
    const weights = Float64Array.from({ length: data.X.rows }, (_, i) => 1 + (i % 3));
    const copies = [...weights].flatMap((weight, i) => Array<number>(weight).fill(i));
    const cells = copies.flatMap((row) => [...data.X.data.subarray(4 * row, 4 * row + 4)]);
    const repeated = {
      X: matrix(Float64Array.from(cells), copies.length, 4),
      y: { ...data.y, codes: Int32Array.from(copies, (row) => data.y.codes[row]!) },
    };
    const learner = make({ ...few, sampler: (seed) => randomUnder({ seed }) });
    const weighted = await (await learner.fit({ ...data, weights })).predictProba(data.X);
    const plain = await (await learner.fit(repeated)).predictProba(data.X);
    expect(largestGap(weighted.data, plain.data)).toBeLessThan(1e-9);
  });

  it('keeps the rows of members that would lose a class, and says so', async () => {
    const loses: Resampler = {
      name: 'loses',
      resample: async (rows) => {
        const source = Int32Array.from([...rows.y.codes.keys()].filter((row) => rows.y.codes[row] === 0));
        const made = await randomUnder().resample(rows);
        const cells = [...source].flatMap((row) => [...(rows.X as typeof data.X).data.subarray(4 * row, 4 * row + 4)]);
        return {
          ...made,
          data: { X: matrix(Float64Array.from(cells), source.length, 4), y: { ...rows.y, codes: source.map(() => 0) } },
          provenance: { ...made.provenance, source },
        };
      },
    };
    const model = await make({ ...few, sampler: () => loses }).fit(data);
    expect(model.notices).toContainEqual(expect.objectContaining({ code: 'not-resampled', class: 'yes' }));
    expect(await area(model)).toBeGreaterThan(0.5);
  });

  it('refuses what is no resampler', async () => {
    for (const sampler of [5, null, 'smote', {}, []]) {
      expect(() => make({ sampler: sampler as never })).toThrow(
        expect.objectContaining({
          code: 'bad-option',
          message: expect.stringContaining('sampler must be a resampler'),
        }),
      );
    }
    await expect(make({ sampler: (() => 5) as never }).fit(data)).rejects.toMatchObject({ code: 'bad-option' });
  });
});

describe('boosting with a sampler', () => {
  const tops = ({ members }: CombinedModel) => (members as ForestModel[]).map(({ trees }) => trees[0]!);

  it('teaches each round the rows of the resampler with their boosted weights, new ones at the mean', async () => {
    // Up to as many as of the other class: the new rows count as many rows as there are of them.
    const made = await rusBoost({ nEstimators: 4, sampler: (seed) => smote({ seed }) }).fit(data);
    const common = data.X.rows - rare;
    const [first, next] = tops(made);
    expect(first!.value[1]).toBeCloseTo(0.5, 9);
    expect(first!.cover[0]).toBeCloseTo(2 * common, 6);
    expect(next!.value[1]).not.toBeCloseTo(0.5, 6);
    // Rows drawn again count as their row does: the same root as with OverBoost's own draw.
    const again = await overBoost({ nEstimators: 1, sampler: (seed) => randomOver({ seed }) }).fit(data);
    expect(tops(again)[0]!.cover[0]).toBeCloseTo(2 * common, 6);
    expect(tops(again)[0]!.value[1]).toBeCloseTo(0.5, 9);
  });

  it('is RUSBoost itself with random under-sampling but for the draws', async () => {
    const by = async (seed: number, own: boolean) => {
      const options = { nEstimators: 30, seed };
      const sampler = own ? {} : { sampler: (drawn: number) => randomUnder({ seed: drawn }) };
      return area(await rusBoost({ ...options, ...sampler }).fit(data));
    };
    const mean = async (own: boolean) => {
      let sum = 0;
      for (let seed = 0; seed < 8; seed++) sum += (await by(seed, own)) / 8;
      return sum;
    };
    expect(Math.abs((await mean(true)) - (await mean(false)))).toBeLessThan(0.03);
  });

  it('EasyEnsemble boosts every set on what the resampler made of the rows', async () => {
    const model = await easyEnsemble({ nEstimators: 2, rounds: 3, sampler: (seed) => randomUnder({ seed }) }).fit(data);
    expect(model.members.length).toBe(6);
    for (const set of [0, 3]) expect(tops(model)[set]!.cover[0]).toBe(2 * rare);
    expect(() => easyEnsemble({ sampler: smote(), replacement: true })).toThrow(/replacement/);
    expect(() => rusBoost({ sampler: smote(), replacement: false })).toThrow(/replacement/);
    expect(() => balancedBagging({ sampler: smote(), replacement: true })).toThrow(/replacement/);
  });

  it('tells what the resampler has to say', async () => {
    const one = { X: data.X, y: { ...data.y, codes: data.y.codes.map((_code, row) => (row === 5 ? 1 : 0)) } };
    const sampler = (seed: number) => smote({ seed, onTooFew: 'random' });
    for (const make of [rusBoost, easyEnsemble, overBoost]) {
      const { notices } = await make({ ...few, sampler }).fit(one);
      expect(notices.length).toBeGreaterThan(0);
    }
  });
});

describe('SMOTEBagging', () => {
  it('takes SMOTE’s kin as they are', async () => {
    const made = async (sampler?: typeof borderlineSmote) =>
      JSON.stringify(await smoteBagging({ ...few, ...(sampler && { sampler }) }).fit(data));
    expect(await made(smote as typeof borderlineSmote)).toBe(await made());
    expect(await made(borderlineSmote)).not.toBe(await made());
    const copies = ({
      samplingStrategy,
      seed,
    }: {
      samplingStrategy: ReadonlyMap<string | number, number>;
      seed: number;
    }) => randomOver({ samplingStrategy, seed });
    const model = await smoteBagging({ ...few, sampler: copies }).fit(data);
    for (const { trees } of model.members as ForestModel[]) expect(trees[0]!.value[1]).toBeCloseTo(0.5, 9);
    expect(() => smoteBagging({ sampler: smote() as never })).toThrow(/function from options/);
  });
});

describe('members that are none', () => {
  const withLearner = [...ensembles.keys()].filter((name) => name !== 'balanced-random-forest' && name !== 'voting');

  it.each(withLearner)('are refused by %s before it starts', (name) => {
    for (const learner of [5, null, 'logistic', {}, []]) {
      expect(() => ensembles.get(name)!.create({ learner } as never)).toThrow(
        expect.objectContaining({ code: 'bad-option', message: expect.stringContaining('learner must be a learner') }),
      );
    }
  });

  it('are refused by votes and decompositions', () => {
    expect(() => voting({ learners: [decisionTree(), 'logistic' as never] })).toThrow(
      /learners\[1\] must be a learner/,
    );
    expect(() => voting({ learners: [undefined as never] })).toThrow(/learners\[0\]/);
    expect(() => voting({ learners: 5 as never })).toThrow(/list of learners/);
    expect(() => oneVersusRestLearner({ calibrator: 'platt' as never })).toThrow(/calibrator must be a calibrator/);
    expect(() => adaBoost({ learner: decisionTree(), maxDepth: 2 })).toThrow(/maxDepth/);
  });
});

it('cleaning leaves a class in every bag', async () => {
  const model = await balancedBagging({ ...few, sampler: editedNearestNeighbours() }).fit(data);
  expect(await area(model)).toBeGreaterThan(0.7);
});
