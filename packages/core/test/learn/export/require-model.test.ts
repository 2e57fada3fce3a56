import { describe, expect, it } from 'vitest';
import { gradientBoosting, modelToOnnx, modelToXgboost } from '../../../src/index.ts';
import { overlapping } from '../helpers.ts';

describe.each([
  ['ONNX', modelToOnnx],
  ['XGBoost', modelToXgboost],
] as const)('a file for %s', (_name, write) => {
  it('needs a fitted model, and says what it got', () => {
    for (const wrong of [undefined, null, 5, 'model.json', [], {}, { toJSON: () => ({}) }, gradientBoosting()]) {
      expect(() => write(wrong as never)).toThrow(
        expect.objectContaining({
          code: 'not-exportable',
          message: expect.stringContaining('a fitted model is needed'),
        }),
      );
    }
    expect(() => write(gradientBoosting() as never)).toThrow(/yet to fit/);
  });

  it('has no options but its own', async () => {
    const model = await gradientBoosting({ maxIterations: 1 }).fit(overlapping(40, 2, 2, 1));
    for (const options of [null, 5, ['a', 'b'], { names: ['a', 'b'] }, { featureName: ['a', 'b'] }]) {
      expect(() => write(model, options as never)).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }
    expect(() => write(model, { featureName: [] } as never)).toThrow(/did you mean featureNames/);
    expect(() => write(model, { featureNames: ['a', 'b'] })).not.toThrow();
  });
});
