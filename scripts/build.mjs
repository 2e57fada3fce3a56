/**
 * Builds everything that is needed to run: kernels, TypeScript, shipped data. Each step skips what is up to date.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['kernels', ['packages/core/scripts/build-kernels.mjs']],
  ['types and packages', ['node_modules/typescript/bin/tsc', '-b']],
  ['shipped data', ['packages/cli/scripts/build-data.mjs']],
];

for (const [name, args] of steps) {
  if (!existsSync(`${root}/${args[0]}`)) {
    console.error(`build: ${name}: ${args[0]} is missing; run npm ci first`);
    process.exit(1);
  }
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`build: ${name} failed`);
    process.exit(status ?? 1);
  }
}
