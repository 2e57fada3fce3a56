import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { gradientBoostingRegression, gradientBoostingRegressionFromJSON } from '../../../src/learn/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';

function curve(rows: number, seed: number) {
  const stream = randomStream(seed, 'curve');
  const data = Float64Array.from({ length: rows * 3 }, () => Math.round(stream.normal() * 20) / 20);
  const targets = Float64Array.from({ length: rows }, (_, i) => Math.sin(2 * data[3 * i]!) + data[3 * i + 1]! ** 2);
  return { X: matrix(data, rows, 3), targets };
}

describe('boosted regression', () => {
  it('with one tree of rate 1 gives each leaf the mean of its rows', async () => {
    const data = curve(400, 1);
    const options = { maxIterations: 1, learningRate: 1, maxLeafNodes: 6 };
    const model = await gradientBoostingRegression(options).fit(data);
    const found = await model.predict(data.X);
    const byValue = new Map<number, number[]>();
    found.forEach((value, i) => void byValue.set(value, [...(byValue.get(value) ?? []), data.targets[i]!]));
    expect(byValue.size).toBe(6);
    for (const [value, targets] of byValue) {
      expect(value).toBeCloseTo(targets.reduce((sum, target) => sum + target) / targets.length, 9);
    }
  });

  it('learns a curve, whatever the unit of the targets', async () => {
    const [train, test] = [curve(3000, 2), curve(1000, 3)];
    for (const unit of [1, 1e9, 1e-9]) {
      const model = await gradientBoostingRegression().fit({ ...train, targets: train.targets.map((t) => t * unit) });
      const found = await model.predict(test.X);
      const error = found.reduce((sum, value, i) => sum + (value / unit - test.targets[i]!) ** 2, 0) / 1000;
      expect(error).toBeLessThan(0.1); // of a variance of 2.5
    }
  });

  it('takes a whole weight as copies of the row and comes back from JSON with the same bytes', async () => {
    const data = curve(200, 4);
    const weights = Float64Array.from({ length: 200 }, (_, i) => 1 + (i % 3));
    const rows = [...weights].flatMap((weight, i) => Array<number>(weight).fill(i));
    const copies = {
      X: matrix(
        Float64Array.from(rows.flatMap((row) => [...data.X.data.subarray(3 * row, 3 * row + 3)])),
        rows.length,
        3,
      ),
      targets: Float64Array.from(rows, (row) => data.targets[row]!),
    };
    const weighted = await gradientBoostingRegression().fit({ ...data, weights });
    const found = await weighted.predict(data.X);
    const plain = await (await gradientBoostingRegression().fit(copies)).predict(data.X);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i]!, 9);
    });
    const read = gradientBoostingRegressionFromJSON(JSON.parse(JSON.stringify(weighted)));
    expect(await read.predict(data.X)).toEqual(found);
    expect(() => gradientBoostingRegressionFromJSON({ kind: 'other' })).toThrow(
      expect.objectContaining({ code: 'bad-model' }),
    );
  });

  it('refuses targets that are no numbers', async () => {
    const data = curve(20, 5);
    data.targets[3] = Number.NaN;
    await expect(gradientBoostingRegression().fit(data)).rejects.toMatchObject({
      code: 'not-finite',
      details: { row: 3 },
    });
  });

  it('says in one line what it takes', async () => {
    const X = matrix(Float64Array.of(1, 2, 3), 3, 1);
    const targets = Float64Array.of(1, 2, 3);
    const learner = gradientBoostingRegression();
    for (const [data, code] of [
      [undefined, 'bad-rows'],
      [{ X: [[1], [2], [3]], targets }, 'bad-rows'],
      [{ X }, 'bad-targets'],
      [{ X: matrix(new Float64Array(0), 3, 0), targets }, 'no-columns'],
      [{ X, targets: targets.slice(1) }, 'shape-mismatch'],
    ] as const) {
      await expect(learner.fit(data as never)).rejects.toMatchObject({ name: 'CounterweightError', code });
    }
    const model = await learner.fit({ X, targets });
    await expect(model.predict(undefined as never)).rejects.toMatchObject({ code: 'bad-rows' });
    for (const option of ['maxIteratons', 'loss', 'maxLeafStep']) {
      expect(() => gradientBoostingRegression({ [option]: 5 })).toThrow(`has no option "${option}"`);
    }
    expect(() => gradientBoostingRegression({ maxIteratons: 5 } as never)).toThrow('did you mean maxIterations?');
  });
});
