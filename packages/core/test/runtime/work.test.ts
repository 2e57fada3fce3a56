import { expect, it } from 'vitest';
import { withKernels } from '../../src/runtime/work.ts';

it('lets events through between thousands of short works, so that a signal is heard', async () => {
  const signal = AbortSignal.timeout(60);
  const begin = performance.now();
  const many = async () => {
    while (performance.now() - begin < 5000) await withKernels({ signal }, async () => {});
  };
  await expect(many()).rejects.toMatchObject({ code: 'aborted' });
});

it('lets events through within a work that never pauses for long', async () => {
  const signal = AbortSignal.timeout(60);
  const begin = performance.now();
  const long = withKernels({ signal }, async ({ breathe }) => {
    while (performance.now() - begin < 5000) await breathe();
  });
  await expect(long).rejects.toMatchObject({ code: 'aborted' });
});
