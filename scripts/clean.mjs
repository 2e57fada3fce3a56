/** Removes what the build made. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const made = [
  'packages/core/dist',
  'packages/core/src/runtime/kernels.generated.ts',
  'packages/neural/dist',
  'packages/cli/dist',
  'packages/cli/data',
];
for (const path of made) rmSync(`${root}/${path}`, { recursive: true, force: true });
