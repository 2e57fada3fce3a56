/** `npm run demo`: brings the build up to date, then runs the main job on shipped data in the folder it was called from. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const args of [['scripts/build.mjs'], ['packages/cli/bin/counterweight.js', 'demo', ...process.argv.slice(2)]]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
