import { expect, it } from 'vitest';
import { randomStream } from '../../src/runtime/random.ts';
import { withKernels } from '../../src/runtime/work.ts';

function sineCosine(values: Float64Array): Promise<{ sines: Float64Array; cosines: Float64Array }> {
  return withKernels(undefined, async ({ memory }) => {
    const [source, sine, cosine] = [0, 1, 2].map(() => memory.float64(values.length)) as [
      ReturnType<typeof memory.float64>,
      ReturnType<typeof memory.float64>,
      ReturnType<typeof memory.float64>,
    ];
    source.view().set(values);
    memory.call('angles', source.address, sine.address, cosine.address, values.length);
    return { sines: sine.view().slice(), cosines: cosine.view().slice() };
  });
}

it('knows sine and cosine of angles of any quadrant up to 2^20', async () => {
  const uniform = randomStream(5).uniform;
  const around = (k: number) => (k * Math.PI) / 4 + 1e-9 * (uniform() - 0.5);
  const values = Float64Array.from({ length: 20_000 }, (_, i) =>
    i % 4 === 0 ? around(Math.floor(40 * uniform()) - 20) : (2 * uniform() - 1) * 2 ** (20 * uniform()),
  );
  const { sines, cosines } = await sineCosine(values);
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    worst = Math.max(worst, Math.abs(sines[i]! - Math.sin(values[i]!)), Math.abs(cosines[i]! - Math.cos(values[i]!)));
  }
  expect(worst).toBeLessThan(2.3e-16);
});

it('has nothing to say of angles beyond, or of what is none, and keeps the lanes apart', async () => {
  const { sines, cosines } = await sineCosine(Float64Array.of(1e9, 0, Number.NaN, 2 ** 20, 0, -1e300));
  expect([...sines].map((value) => value + 0)).toEqual([0, 0, 0, expect.closeTo(Math.sin(2 ** 20), 15), 0, 0]);
  expect([...cosines].map((value) => value + 0)).toEqual([0, 1, 0, expect.closeTo(Math.cos(2 ** 20), 15), 1, 0]);
});
