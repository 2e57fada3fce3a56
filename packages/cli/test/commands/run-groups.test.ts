import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/report/run-report.ts';
import { cli, logistic, scratchFolder, smallCsv } from './cli.ts';

async function runWithGroups(groups: number) {
  const folder = scratchFolder();
  const data = join(folder, 'data.csv');
  writeFileSync(
    data,
    smallCsv(240, (row) => `g${row % groups}`),
  );
  const out = join(folder, 'out');
  const more = ['--group', 'extra', '--repeats', '1', '--strategies', 'random-under', '--quiet'];
  return { ...(await cli('run', data, '--target', 'outcome', ...logistic, '--out', out, ...more)), out };
}

describe('a run with few groups', () => {
  it.each([
    [1, 'has one group; at least three are needed'],
    [2, 'has 2 groups; at least three are needed'],
  ])('of %i says how many it needs', async (groups, says) => {
    const { code, stderr } = await runWithGroups(groups);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`the group column "extra" ${says}`)]);
  });

  it('of three holds one out, and warns that it is one', async () => {
    const { code, stderr, out } = await runWithGroups(3);
    expect([code, stderr]).toEqual([0, '']);
    const report: RunReport = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.validation.testRows).toBe(80);
    expect(report.notices.map((notice) => notice.code)).toContain('one-held-out-group');
    expect(report.heldOut.sets.byClass.every(({ coverage }) => coverage.value !== null)).toBe(true);
  });
});
