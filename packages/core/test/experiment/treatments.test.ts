import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { resamplerTreatment, treatmentNamed, treatmentNames } from '../../src/experiment/treatments.ts';
import { resamplers } from '../../src/resample/registry.ts';
import { randomStream } from '../../src/runtime/random.ts';

function clouds(sizes: readonly number[], apart: number) {
  const stream = randomStream(3, 'clouds');
  const codes = sizes.flatMap((size, code) => Array.from({ length: size }, () => code));
  const cells = codes.flatMap((code) => [stream.uniform() + apart * code, stream.uniform(), stream.uniform()]);
  const y = { codes: Int32Array.from(codes), classes: ['a', 'b', 'c'].slice(0, sizes.length) };
  return { X: matrix(Float64Array.from(cells), codes.length, 3), y };
}

describe('treatmentNamed', () => {
  it('takes every resampling method, and tells the shares that the learner will see', async () => {
    const data = clouds([60, 14], 0.6);
    for (const name of resamplers.keys()) {
      const treated = await treatmentNamed(name).treat(data, 1);
      const rows = new Float64Array(2);
      const { codes } = treated.data.y;
      for (let i = 0; i < codes.length; i++) rows[codes[i]!]! += treated.data.weights?.[i] ?? 1;
      const share = rows[1]! / (rows[0]! + rows[1]!);
      expect(treated.seenShares[1], name).toBeCloseTo(share, 12);
      expect(share, name).toBeGreaterThan(14 / 74 - 1e-9);
    }
  });

  it('bounds a cleaning that would leave a class without a row, and says so', async () => {
    // Rows of b lie among those of a, one by one: all their neighbours disagree with them.
    const cells: number[] = [];
    const codes: number[] = [];
    for (let i = 0; i < 40; i++) {
      cells.push(i, i % 7);
      codes.push(i % 8 === 3 ? 1 : 0);
    }
    for (let i = 0; i < 3; i++) {
      cells.push(500 + i, 0);
      codes.push(2);
    }
    const data = {
      X: matrix(Float64Array.from(cells), codes.length, 2),
      y: { codes: Int32Array.from(codes), classes: ['a', 'b', 'c'] },
    };
    const treated = await treatmentNamed('edited-nearest-neighbours').treat(data, 0);
    expect(treated.data.y.codes.filter((code) => code === 1).length).toBe(3);
    expect(treated.notices).toContainEqual(
      expect.objectContaining({
        code: 'cleaning-bounded',
        message:
          'edited-nearest-neighbours would have removed every row of class "b", so no class was cleaned below the size of the smallest',
      }),
    );
    const own = resamplers.get('edited-nearest-neighbours')!.create();
    await expect(resamplerTreatment('mine', 'mine', () => own).treat(data, 0)).rejects.toThrow(
      'mine removed every row of class "b"; leave it out of the strategies',
    );
  });

  it('names what there is, and what was probably meant', () => {
    expect(() => treatmentNamed('tomek-link')).toThrow(
      /no strategy is called "tomek-link"; did you mean tomek-links\?/,
    );
    expect(() => treatmentNamed('votingg')).toThrow(/did you mean voting\?.* and the ensembles: .*easy-ensemble/);
    expect(() => treatmentNamed('zzz')).toThrow(
      `there are ${treatmentNames.join(', ')}, the other resampling methods: `,
    );
  });
});
