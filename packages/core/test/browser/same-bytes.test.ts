import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { jobs } from './jobs.ts';

/**
 * The library as a page would load it gives the bytes that it gives in Node: with threads on a cross-origin isolated page,
 * and on one thread where a page may not share memory. New algorithms are added in jobs.ts.
 */
const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));
const wanted = executablePath !== undefined || Boolean(process.env['CI']);
if (!wanted) console.warn('browser tests skipped: no Chromium found; name one in CHROMIUM_PATH');

describe.runIf(wanted)('in Chromium', () => {
  let server: Server;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    const entry = fileURLToPath(new URL('./page.ts', import.meta.url));
    const bundle = await build({
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
    });
    const script = bundle.outputFiles[0]!.text;
    server = createServer((request, response) => {
      if (request.url?.startsWith('/isolated')) {
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      }
      const page = `<!doctype html><title>core</title><script type="module">${script}</script>`;
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (!executablePath) throw new Error('no Chromium found; name one in CHROMIUM_PATH');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const places = [
    ['with shared memory', '/isolated', 2, true],
    ['without shared memory', '/plain', 1, false],
  ] as const;

  it.each(places)('gives the bytes of Node %s', async (_name, path, threads, shared) => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(origin + path);
    const run = () => (globalThis as unknown as { runJobs(threads: number): Promise<unknown> }).runJobs(2);
    await page.waitForFunction(() => 'runJobs' in globalThis);
    const result = (await page.evaluate(run)) as { threads: number; shared: boolean; digests: Record<string, string> };
    expect(errors).toEqual([]);
    expect([result.threads, result.shared]).toEqual([threads, shared]);

    const runtime = await createKernelRuntime({ threads: 2 });
    const expected: Record<string, string> = {};
    for (const [name, job] of Object.entries(jobs)) expected[name] = await job(runtime);
    await runtime.dispose();
    expect(result.digests).toEqual(expected);
    await page.close();
  });
});
