/**
 * `npm test`: build, lint, types of the tests, then every test. Ends with one plain line of counts.
 * Arguments are handed to vitest: `npm test -- packages/core/test/metrics`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (name, args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`test: ${name} failed`);
    process.exitCode = status ?? 1;
  }
  return status === 0;
};

const only = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'counterweight-test-'));
try {
  if (run('build', ['scripts/build.mjs'])) {
    run('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']);
    run('types of the tests', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json']);
    const report = join(scratch, 'report.json');
    run('vitest', [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...only,
    ]);
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    const failed = counts.numFailedTests + (process.exitCode && counts.numFailedTests === 0 ? 1 : 0);
    console.log(`${counts.numPassedTests} passed, ${failed} failed, ${counts.numPendingTests} skipped`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
