import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createMemory, kernelMemory } from '../../src/runtime/kernel-memory.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { withKernels } from '../../src/runtime/work.ts';

describe('kernelMemory', () => {
  it('never hands out overlapping blocks, and all of it again once all is back', () => {
    const { memory, maximumPages } = createMemory(false);
    const blocks = kernelMemory(memory, 65536, maximumPages);
    const stream = randomStream(4);
    const held = new Map<number, number>();
    for (let i = 0; i < 3000; i++) {
      if (held.size > 0 && stream.uniform() < 0.5) {
        const address = [...held.keys()][stream.integer(held.size)]!;
        held.delete(address);
        blocks.release(address);
        continue;
      }
      const size = stream.integer(50_000);
      const address = blocks.allocate(size);
      expect(address % 64).toBe(0);
      for (const [other, length] of held) expect(address >= other + length || other >= address + size).toBe(true);
      expect(address + size).toBeLessThanOrEqual(memory.buffer.byteLength);
      held.set(address, Math.max(1, size));
    }
    for (const address of held.keys()) blocks.release(address);
    expect(blocks.allocated).toBe(0);
    const whole = memory.buffer.byteLength;
    blocks.allocate(whole - 65536);
    expect(memory.buffer.byteLength).toBe(whole);
  });

  it('says when memory ends', () => {
    const { memory } = createMemory(false);
    const blocks = kernelMemory(memory, 65536, 64);
    blocks.allocate(1_000_000);
    expect(() => blocks.allocate(5e9)).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
    expect(() => blocks.allocate(4_000_000)).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
    blocks.allocate(1_000_000);
  });
});

describe('elementary kernels', () => {
  const functions = [
    ['exp', Math.exp, () => randomStream(1).uniform, (u: number) => -700 + 1400 * u],
    ['log', Math.log, () => randomStream(2).uniform, (u: number) => 1 + 999 * u ** 3],
    ['log1p', Math.log1p, () => randomStream(3).uniform, (u: number) => 10 ** (-20 * u)],
  ] as const;

  it.each(functions)('%s is right to the last bit or two', async (_name, exact, uniform, toArgument) => {
    const which = functions.findIndex(([name]) => name === _name);
    const draw = uniform();
    await withKernels(undefined, async ({ memory }) => {
      const n = 10_000;
      const source = memory.float64(n);
      const target = memory.float64(n);
      source.view().set(Float64Array.from({ length: n }, () => toArgument(draw())));
      memory.call('elementary', 0, 0, which, source.address, target.address, n);
      const [x, y] = [source.view(), target.view()];
      let worst = 0;
      for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(y[i]! / exact(x[i]!) - 1));
      expect(worst).toBeLessThan(4.5e-16);
    });
  });
});

describe('createKernelRuntime', () => {
  it('has the threads that were asked for', async () => {
    for (const threads of [1, 2, 3]) {
      const runtime = await createKernelRuntime({ threads });
      expect([runtime.threads, runtime.shared]).toEqual([threads, threads > 1]);
      await runtime.dispose();
      await expect(runtime.open()).rejects.toMatchObject({ code: 'disposed' });
    }
    await expect(createKernelRuntime({ threads: 0 })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(createKernelRuntime({ threads: 1.5 })).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('does every task exactly once, over thousands of short jobs', async () => {
    const runtime = await createKernelRuntime({ threads: 4 });
    const memory = await runtime.open();
    const rows = 40;
    const source = memory.float64(rows * 3);
    const centre = memory.float64(3, 'zero');
    const panels = memory.bytes(rows * 3 * 4);
    const halves = memory.bytes(rows * 4);
    for (let job = 0; job < 3000; job++) {
      source.view().fill(job);
      panels.view().fill(0);
      memory.run('packNeighbours', 0, rows / 8, [
        source.address,
        rows,
        3,
        centre.address,
        1,
        0,
        panels.address,
        halves.address,
      ]);
      const packed = new Float32Array(panels.view().slice().buffer);
      if (!packed.every((value) => value === job)) expect.fail(`job ${job} left rows undone`);
    }
    memory.close();
    await runtime.dispose();
  });

  it('gives memory back after large work, and works on', async () => {
    const runtime = await createKernelRuntime({ threads: 2 });
    const first = await runtime.open();
    const small = await runtime.open();
    first.float64(12_500_000).view().fill(1);
    expect(runtime.memoryBytes).toBeGreaterThan(100e6);
    const kept = small.float64(3);
    kept.view().set([1, 2, 3]);
    first.close();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect([...kept.view()]).toEqual([1, 2, 3]);
    small.close();
    await expect.poll(() => runtime.memoryBytes, { timeout: 5000 }).toBe(0);
    const again = await runtime.open();
    expect([...again.float64(2, 'zero').view()]).toEqual([0, 0]);
    again.close();
    await runtime.dispose();
  });

  it('refuses more than 4 GiB in one line', async () => {
    await expect(withKernels(undefined, async ({ memory }) => memory.float64(6e8))).rejects.toMatchObject({
      code: 'out-of-memory',
    });
  });
});

/** Runs a program against the runtime in a process of its own. */
async function runProgram(contents: string) {
  const { build } = await import('esbuild');
  const resolveDir = fileURLToPath(new URL('../../src/runtime', import.meta.url));
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, bundle: true, format: 'esm', write: false });
  const input = outputFiles[0]!.text;
  return spawnSync(process.execPath, ['--input-type=module', '-'], { input, encoding: 'utf8', timeout: 30_000 });
}

describe('a process with workers', () => {
  it('ends by itself', async () => {
    const { stdout, status } = await runProgram(`
      import { createKernelRuntime } from './kernel-runtime.ts';
      const runtime = await createKernelRuntime({ threads: 3 });
      console.log('threads', runtime.threads);`);
    expect([status, stdout]).toEqual([0, 'threads 3\n']);
  });

  it.each([1, 2])('gives memory back to the system, on %i threads', async (threads) => {
    const { stdout } = await runProgram(`
      import { createKernelRuntime } from './kernel-runtime.ts';
      const runtime = await createKernelRuntime({ threads: ${threads} });
      const resident = () => Math.round(process.memoryUsage().rss / 1048576);
      const before = resident();
      let most = 0;
      for (let i = 0; i < 4; i++) {
        const memory = await runtime.open();
        memory.float64(25_000_000).view().fill(1);
        most = Math.max(most, resident() - before);
        memory.close();
        await new Promise((resolve) => setTimeout(resolve, i === 1 ? 0 : 600));
      }
      console.log(JSON.stringify({ most, left: resident() - before }));`);
    const { most, left } = JSON.parse(stdout);
    expect(most).toBeGreaterThan(150);
    expect(most).toBeLessThan(300);
    expect(left).toBeLessThan(60);
  });
});
