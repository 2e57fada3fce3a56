import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress, timeLeft } from '../../src/terminal/progress.ts';

function recorder(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  let written = '';
  stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
  return { stream, written: () => written };
}

const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';

describe('createProgress', () => {
  it('writes one line a stage where there is no terminal', () => {
    const { stream, written } = recorder(false);
    const progress = createProgress({ stream });
    for (let done = 0; done <= 50; done++) progress.onProgress({ task: 'comparing strategies', done, total: 50 });
    progress.onProgress({ task: 'bootstrap\u001b[2J', done: 0, total: 1 });
    progress.stop();
    expect(written()).toBe('comparing strategies\nbootstrap\u241b[2J\n');
  });

  it('says nothing when quiet', () => {
    const { stream, written } = recorder(true);
    const progress = createProgress({ stream, quiet: true });
    progress.onProgress({ task: 'comparing', done: 1, total: 2 });
    progress.stop();
    expect(written()).toBe('');
  });

  it('draws task, bar and share in a terminal and gives the cursor back', () => {
    const { stream, written } = recorder(true);
    let clock = 0;
    const listeners = process.listenerCount('exit');
    const progress = createProgress({ stream, environment: { NO_COLOR: '1' }, now: () => clock });
    progress.onProgress({ task: 'comparing strategies', done: 0, total: 4 });
    expect(process.listenerCount('exit')).toBe(listeners + 1);
    clock = 4000;
    progress.onProgress({ task: 'comparing strategies', done: 1, total: 4 });
    progress.stop();
    progress.stop();
    expect(written()).toContain('comparing strategies');
    expect(written()).toContain('25%  12 s left');
    expect(written().indexOf(HIDE)).toBeGreaterThanOrEqual(0);
    expect(written().lastIndexOf(SHOW)).toBeGreaterThan(written().lastIndexOf(HIDE));
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  it('says how much time is left once that can be known', () => {
    expect(timeLeft(0, 10_000)).toBe('');
    expect(timeLeft(0.5, 100)).toBe('');
    expect(timeLeft(0.5, 30_000)).toBe('30 s left');
    expect(timeLeft(0.1, 60_000)).toBe('9 min 0 s left');
    expect(timeLeft(0.1, 1_000_000)).toBe('2 h 30 min left');
  });
});
