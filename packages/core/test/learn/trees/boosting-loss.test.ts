import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { type BoostingLoss, gradientBoosting } from '../../../src/learn/index.ts';
import { planLoss } from '../../../src/learn/trees/boosting-loss.ts';
import { labelCodes } from '../../../src/learn/trees/label-codes.ts';
import { createKernelRuntime } from '../../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { withKernels } from '../../../src/runtime/work.ts';
import { overlapping } from '../helpers.ts';

type Parameters = readonly [number, number, number, number, number, number];

/** Gradient and Hessian of each row as the kernel finds them. */
function kernelGradients(loss: number, scores: number[], labels: number[], parameters: Parameters) {
  return withKernels(undefined, async ({ memory }) => {
    const rows = scores.length;
    const z = memory.float64(rows + 1);
    z.view().set(scores);
    const codes = labelCodes(memory, Int32Array.from(labels), 2, rows + 1);
    const numbers = memory.float64(6);
    numbers.view().set(parameters);
    const records = memory.float64(2 * rows + 2);
    const block = 4;
    const args = [loss, z.address, codes.address, rows, block, numbers.address, records.address];
    memory.run('binaryGradients', 0, Math.ceil(rows / block), args);
    return Array.from({ length: rows }, (_, i) => [records.view()[2 * i]!, records.view()[2 * i + 1]!] as const);
  });
}

/** -u^gamma log(1 - u), u = max(q - clip, 0), q the probability of the other side; shifted by label. */
function focusedLoss(z: number, label: number, [shift0, shift1, gamma0, gamma1, clip0, clip1]: Parameters): number {
  const t = label ? z + shift1 : -(z + shift0);
  const gamma = label ? gamma1 : gamma0;
  const q = 1 / (1 + Math.exp(t));
  const u = Math.max(q - (label ? clip1 : clip0), 0);
  return -(u ** gamma) * Math.log(1 - u);
}

const scores = [-6, -3.3, -1.2, -0.4, 0.001, 0.7, 1.9, 2.6, 4.4, 7, 0.2];

describe('losses', () => {
  it.each([
    ['log-loss', 0, [0, 0, 0, 0, 0, 0]],
    ['log-loss with shifts', 0, [0.7, -0.4, 0, 0, 0, 0]],
    ['focal', 1, [0, 0, 2, 2, 0, 0]],
    ['focal below 1', 1, [0, 0, 0.5, 0.5, 0, 0]],
    ['asymmetric', 1, [0, 0, 4, 1, 0.05, 0]],
    ['asymmetric, turned', 1, [0, 0, 0, 3, 0, 0.1]],
  ] as const)('%s: gradients and Hessians are those of finite differences', async (_name, kind, parameters) => {
    for (const label of [0, 1]) {
      const found = await kernelGradients(
        kind,
        scores,
        scores.map(() => label),
        parameters,
      );
      scores.forEach((z, i) => {
        const loss = (at: number) => focusedLoss(at, label, parameters);
        const e = 1e-5;
        const slope = (loss(z + e) - loss(z - e)) / (2 * e);
        const bend = (loss(z + 1e-3) - 2 * loss(z) + loss(z - 1e-3)) / 1e-6;
        const t = label ? z + parameters[1] : -(z + parameters[0]);
        const q = 1 / (1 + Math.exp(t));
        const u = Math.max(q - (label ? parameters[5] : parameters[4]), 0);
        const floor = (1 - q) * q * (u > 0 ? u ** (label ? parameters[3] : parameters[2]) : 0);
        expect(found[i]![0]).toBeCloseTo(slope, 7);
        expect(found[i]![1]).toBeCloseTo(Math.max(bend, floor), 5);
      });
    }
  });

  it('stays finite at scores that no data reaches', async () => {
    const extreme = [-900, -700, -40, 40, 700, 900];
    for (const label of [0, 1]) {
      for (const [kind, parameters] of [
        [0, [0, 0, 0, 0, 0, 0]],
        [1, [0, 0, 2, 2, 0, 0]],
        [1, [0, 0, 4, 0, 0.05, 0]],
      ] as const) {
        const found = await kernelGradients(
          kind,
          extreme,
          extreme.map(() => label),
          parameters,
        );
        for (const [g, h] of found) {
          expect(Math.abs(g)).toBeLessThanOrEqual(60);
          expect(h >= 0 && Number.isFinite(h)).toBe(true);
        }
      }
    }
  });

  it('plans the class weights and margins of the papers for 1000, 100 and 10 rows', () => {
    const labels = Int32Array.from({ length: 1110 }, (_, i) => (i < 1000 ? 0 : i < 1100 ? 1 : 2));
    const training = {
      kept: undefined,
      count: 1110,
      present: [0, 1, 2],
      labels,
      weights: new Float64Array(1110).fill(1),
    };
    const classes = ['a', 'b', 'c'];
    const perClass = (loss: BoostingLoss) => {
      const { weights } = planLoss(loss, training, classes);
      return [weights[0]!, weights[1000]!, weights[1100]!];
    };
    const close = (found: readonly number[], wanted: readonly number[], digits: number) =>
      wanted.forEach((value, k) => {
        expect(found[k]).toBeCloseTo(value, digits);
      });
    close(perClass({ name: 'weighted' }), [0.37, 3.7, 37], 12);
    close(perClass({ name: 'class-balanced', beta: 0.99 }), [0.23015, 0.36301, 2.40684], 5);
    close(perClass({ name: 'class-balanced', beta: 0.9999 }), [0.0283624, 0.2712551, 2.7003825], 6);
    close([...planLoss({ name: 'margin' }, training, classes).margins], [0.158113883, 0.2811706626, 0.5], 9);
  });

  it('weights in the loss are weights of the rows', async () => {
    // Few enough rows that the bins, quantiles of the sample weights, are the values themselves.
    const data = overlapping(240, 4, 2, 3);
    const costs = Float64Array.from(data.y.codes, (code, i) => (code ? 3 : 1 + (i % 2)));
    const options = { maxIterations: 10 };
    const costed = await gradientBoosting({ ...options, loss: { name: 'row-cost', costs } }).fit(data);
    const weighted = await gradientBoosting(options).fit({ ...data, weights: costs });
    expect(JSON.stringify(costed.trees) === JSON.stringify(weighted.trees)).toBe(true);
    const byClass = await gradientBoosting({ ...options, loss: { name: 'weighted', classWeights: [1, 2.5] } }).fit(
      data,
    );
    const weights = Float64Array.from(data.y.codes, (code) => (code ? 2.5 : 1));
    const byRow = await gradientBoosting(options).fit({ ...data, weights });
    expect(JSON.stringify(byClass.trees) === JSON.stringify(byRow.trees)).toBe(true);
  });

  it('a loss of one’s own that is the log-loss gives the trees of the log-loss', async () => {
    const data = overlapping(300, 3, 2, 4);
    const loss = {
      name: 'mine',
      gradients: (z: Float64Array, labels: Uint8Array, g: Float64Array, h: Float64Array) => {
        z.forEach((score, i) => {
          const p = 1 / (1 + Math.exp(-score));
          g[i] = p - labels[i]!;
          h[i] = p * (1 - p);
        });
      },
    };
    const own = await gradientBoosting({ maxIterations: 8, loss }).fit(data);
    const plain = await gradientBoosting({ maxIterations: 8 }).fit(data);
    own.trees.forEach(({ tree }, t) => {
      expect([...tree.feature]).toEqual([...plain.trees[t]!.tree.feature]);
      tree.value.forEach((value, node) => {
        expect(value).toBeCloseTo(plain.trees[t]!.tree.value[node]!, 9);
      });
    });
    const broken = {
      name: 'broken',
      gradients: (_z: Float64Array, _y: Uint8Array, g: Float64Array) => void g.fill(Number.NaN),
    };
    await expect(gradientBoosting({ loss: broken }).fit(data)).rejects.toMatchObject({ code: 'bad-loss' });
  });

  it('a loss of one’s own of three classes that is the log-loss gives the trees of the log-loss, focal with gamma 0 too', async () => {
    const data = overlapping(300, 3, 3, 4);
    const loss = {
      name: 'mine',
      gradients: () => {},
      classGradients: (z: Float64Array, labels: Int32Array, classes: number, g: Float64Array, h: Float64Array) => {
        labels.forEach((label, i) => {
          const e = z.subarray(classes * i, classes * (i + 1)).map(Math.exp);
          const total = e.reduce((sum, value) => sum + value, 0);
          e.forEach((value, k) => {
            const p = value / total;
            g[classes * i + k] = p - (k === label ? 1 : 0);
            h[classes * i + k] = (p * (1 - p) * classes) / (classes - 1);
          });
        });
      },
    };
    const options = { maxIterations: 6 };
    const plain = await gradientBoosting(options).fit(data);
    for (const other of [loss, { name: 'focal', gamma: 0 } as const]) {
      const own = await gradientBoosting({ ...options, loss: other }).fit(data);
      expect(own.trees.length).toBe(plain.trees.length);
      own.trees.forEach(({ tree }, t) => {
        expect([...tree.feature]).toEqual([...plain.trees[t]!.tree.feature]);
        tree.value.forEach((value, node) => {
          expect(value).toBeCloseTo(plain.trees[t]!.tree.value[node]!, 9);
        });
      });
    }
    const broken = {
      ...loss,
      classGradients: (_z: unknown, _y: unknown, _k: unknown, g: Float64Array) => void g.fill(Number.NaN),
    };
    await expect(gradientBoosting({ loss: broken }).fit(data)).rejects.toMatchObject({ code: 'bad-loss' });
  });

  it('focal loss of three classes: the same bytes on any threads, whatever classes are called', async () => {
    const data = overlapping(400, 3, 3, 6);
    const learner = gradientBoosting({ loss: { name: 'focal' }, maxIterations: 10 });
    const texts: string[] = [];
    for (const threads of [1, 2]) {
      const runtime = await createKernelRuntime({ threads });
      texts.push(JSON.stringify(await learner.fit(data, { runtime })));
      await runtime.dispose();
    }
    expect(texts[1]).toBe(texts[0]);
    const p = await (await learner.fit(data)).predictProba(data.X);
    const turned = { X: data.X, y: { codes: data.y.codes.map((code) => 2 - code), classes: ['x', 'y', 'z'] } };
    const back = await (await learner.fit(turned)).predictProba(data.X);
    p.data.forEach((share, at) => {
      expect(Math.abs(share - back.data[at - (at % 3) + 2 - (at % 3)]!)).toBeLessThan(1e-9);
    });
    // Rows that are right already count little: it is less sure than the log-loss.
    const sure = (m: { data: Float64Array }) => m.data.reduce((sum, share) => sum + share ** 2, 0);
    const plain = await (await gradientBoosting({ maxIterations: 10 }).fit(data)).predictProba(data.X);
    expect(sure(p)).toBeLessThan(sure(plain));
  });

  it('logit adjustment by the whole share gives equal priors: an uninformative column gives one half', async () => {
    const codes = Int32Array.from({ length: 500 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const X = matrix(new Float64Array(500), 500, 1);
    const fit = (loss: BoostingLoss) =>
      gradientBoosting({ loss, maxIterations: 5 }).fit({ X, y: { codes, classes: [0, 1] } });
    const p = await (await fit({ name: 'logit-adjusted' })).predictProba(X);
    expect(p.data[1]).toBeCloseTo(0.5, 10);
    const three = { codes: codes.map((code, i) => (i % 7 === 0 ? 2 : code)), classes: [0, 1, 2] };
    const model = await gradientBoosting({ loss: { name: 'logit-adjusted' }, maxIterations: 5 }).fit({ X, y: three });
    expect((await model.predictProba(X)).data[2]).toBeCloseTo(1 / 3, 10);
  });

  it('does not ask three classes of a loss for two', async () => {
    const data = overlapping(100, 2, 3, 1);
    const none = () => {};
    for (const loss of [{ name: 'asymmetric' } as const, { name: 'mine', gradients: none }]) {
      const refused = { code: 'bad-option', message: expect.stringMatching(/is for two classes, there are 3/) };
      await expect(gradientBoosting({ loss }).fit(data)).rejects.toMatchObject(refused);
    }
    const twice = { name: 'mine', gradients: none, classGradients: 5 as never };
    expect(() => gradientBoosting({ loss: twice })).toThrow('classGradients must be a function');
    expect(() => gradientBoosting({ loss: { name: 'focal', gamma: -1 } })).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    );
    expect(() => gradientBoosting({ loss: 'hinge' as never })).toThrow(expect.objectContaining({ code: 'bad-option' }));
    expect(() => gradientBoosting({ loss: { name: 'focal', gama: 1 } as never })).toThrow('did you mean gamma?');
    expect(() => gradientBoosting({ loss: { name: 'weighted', classWeights: 5 as never } })).toThrow('classWeights');
    expect(() => gradientBoosting({ earlyStopping: { patients: 5 } as never })).toThrow('did you mean patience?');
  });
});

describe('early stopping', () => {
  const noisy = () => {
    const stream = randomStream(2, 'noisy');
    const data = overlapping(600, 4, 2, 8);
    const codes = data.y.codes.map((code) => (stream.uniform() < 0.3 ? 1 - code : code));
    return { ...data, y: { ...data.y, codes } };
  };

  it('keeps the rounds that were best on rows it did not train on', async () => {
    for (const metric of ['log-loss', 'average-precision', 'roc-auc', 'brier-score'] as const) {
      const options = { maxIterations: 200, earlyStopping: { metric, patience: 15 } };
      const model = await gradientBoosting(options).fit(noisy());
      const notice = model.notices.find(({ code }) => code === 'stopped-early')!;
      expect(model.iterations).toBeLessThan(150);
      expect(model.trees.length).toBe(model.iterations);
      expect(notice.numbers).toMatchObject({ rounds: model.iterations, ran: model.iterations + 15, held: 60 });
      expect(model.trees[0]!.tree.cover[0]).toBe(540);
    }
  });

  it('takes any metric and more classes', async () => {
    const seen: number[] = [];
    const metric = {
      name: 'own',
      larger: 'better' as const,
      measure: ({ probabilities }: { probabilities: { data: Float64Array; columns: number } }) => {
        seen.push(probabilities.columns);
        return -seen.length;
      },
    };
    const model = await gradientBoosting({ earlyStopping: { metric, patience: 3 } }).fit(overlapping(300, 3, 3, 2));
    expect(seen).toEqual([3, 3, 3, 3]);
    expect([model.iterations, model.trees.length]).toEqual([1, 3]);
  });
});
