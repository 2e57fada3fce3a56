import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import { main } from '../../src/main.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process and gives what it wrote. */
export async function cli(...args: string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    return { code: await main(args), stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.stdout.removeAllListeners('error');
  }
}

/** One learner is enough where the learner is not what is checked. */
export const logistic = ['--learners', 'logistic'];

/** A run of one learner and one repeat, into the folder `out`; `more` are further options. */
export function quickRun(data: string, out: string, ...more: string[]): Promise<Outcome> {
  return cli('run', data, '--target', 'outcome', ...logistic, '--out', out, '--quiet', '--repeats', '1', ...more);
}

const folders: string[] = [];

/** A folder of its own that goes away after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-cli-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** CSV of two classes, one in five `yes`, with a number, a category and missing cells; the same for the same arguments. */
export function smallCsv(rows: number, line: (row: number, yes: boolean) => string = () => ''): string {
  const lines = [`size,colour,outcome${line(0, false) === '' ? '' : ',extra'}`];
  let state = 12345;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 4294967296;
  for (let row = 0; row < rows; row++) {
    const yes = next() < 0.2;
    const size = (next() + next() + (yes ? 0.7 : 0)).toFixed(4);
    const colour = ['red', 'green', 'blue'][Math.floor(next() * 3)]!;
    const extra = line(row, yes);
    lines.push(`${row % 17 === 3 ? '' : size},${colour},${yes ? 'yes' : 'no'}${extra === '' ? '' : `,${extra}`}`);
  }
  return `${lines.join('\n')}\n`;
}
