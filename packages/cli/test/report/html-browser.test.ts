import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFormat } from '../../src/report/format.ts';
import { renderRunReport } from '../../src/report/html.ts';
import { chromiumPath, openPage } from './browser.ts';
import { binaryReport, hostileReport, multiClassReport, rareReport } from './sample-reports.ts';

const executable = chromiumPath('the report is');

const SAMPLES = { binary: binaryReport, rare: rareReport, 'multi-class': multiClassReport, hostile: hostileReport };

describe.skipIf(!executable)('the report in Chromium', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counterweight-report-'));
    for (const [name, make] of Object.entries(SAMPLES))
      writeFileSync(join(folder, `${name}.html`), renderRunReport(make()));
    browser = await chromium.launch({ executablePath: executable as string, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (name: keyof typeof SAMPLES, options: BrowserContextOptions = {}) =>
    openPage(browser, join(folder, `${name}.html`), options);

  const cells = (page: Page) =>
    page.$$eval('#confusion [data-cell]', (found) =>
      Object.fromEntries(
        found.map((one) => [one.getAttribute('data-cell'), one.querySelector('.cell-count')?.textContent]),
      ),
    );
  const shown = (page: Page, name: string) => page.textContent(`[data-out="${name}"]`);

  it('opens from disk without complaint, without the network, and without scrolling sideways on a phone', async () => {
    for (const name of Object.keys(SAMPLES) as (keyof typeof SAMPLES)[]) {
      for (const width of [360, 1280]) {
        const { page, troubles, close } = await open(name, { viewport: { width, height: 800 } });
        const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(scrolled, `${name} at ${width}`).toBeLessThanOrEqual(width);
        expect(troubles, `${name} at ${width}`).toEqual([]);
        await close();
      }
    }
  });

  it('shows the confusion matrix whole beside its chart', async () => {
    const { page, close } = await open('binary', { viewport: { width: 1180, height: 800 } });
    const [width, room] = await page.$eval('#confusion', (table) => [
      table.getBoundingClientRect().width,
      table.parentElement!.clientWidth,
    ]);
    expect(width!).toBeLessThanOrEqual(room!);
    await close();
  });

  it('moves the confusion matrix, the numbers and the cursor with the slider', async () => {
    const report = rareReport();
    const { sweep, threshold, confusion } = report.heldOut;
    const { page, troubles, close } = await open('rare');
    const start = await cells(page);
    const [negatives, positives] = confusion as [[number, number], [number, number]];
    expect(start).toEqual({
      tp: pageFormat.count(positives[1]),
      fn: pageFormat.count(positives[0]),
      fp: pageFormat.count(negatives[1]),
      tn: pageFormat.count(negatives[0]),
    });
    expect(await shown(page, 'threshold')).toBe(pageFormat.probability(threshold));

    const seen: string[] = [];
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft', 'PageDown', 'Home']) {
      await page.press('#threshold-slider', key);
      seen.push((await cells(page))['tp'] ?? '');
    }
    const points = [...sweep, { threshold: threshold ?? 0, tp: positives[1] }].sort(
      (a, b) => b.threshold - a.threshold,
    );
    const step = (i: number) => {
      const point = points[i];
      if (!point) throw new Error('the sample lacks a point');
      return pageFormat.count(point.tp);
    };
    expect(seen).toEqual([step(0), step(1), step(2), step(22), step(points.length - 1)]);

    const middle = sweep[150];
    if (!middle) throw new Error('the sample lacks a point');
    await page.$eval(
      '#threshold-slider',
      (slider, value) => {
        (slider as HTMLInputElement).value = String(value);
        slider.dispatchEvent(new Event('input'));
      },
      Math.sqrt(middle.threshold),
    );
    expect(await cells(page)).toEqual({
      tp: pageFormat.count(middle.tp),
      fn: pageFormat.count(middle.fn),
      fp: pageFormat.count(middle.fp),
      tn: pageFormat.count(middle.tn),
    });
    expect(await shown(page, 'precision')).toBe((middle.tp / (middle.tp + middle.fp)).toFixed(3));
    expect(await shown(page, 'recall')).toBe((middle.tp / (middle.tp + middle.fn)).toFixed(3));
    expect(await shown(page, 'f1')).toBe(((2 * middle.tp) / (2 * middle.tp + middle.fp + middle.fn)).toFixed(3));
    expect(await shown(page, 'specificity')).toBe((middle.tn / (middle.tn + middle.fp)).toFixed(3));
    expect(await shown(page, 'cost')).toBe(pageFormat.count(40 * middle.fn + middle.fp));
    expect(await page.getAttribute('#threshold-slider', 'aria-valuetext')).toContain(
      pageFormat.probability(middle.threshold),
    );
    const cursor = await page.$eval('svg.follows-slider.wide .cursor line', (line) => Number(line.getAttribute('x1')));
    expect(cursor).toBeCloseTo(54 + Math.sqrt(middle.threshold) * (640 - 20 - 54), 3);

    await page.click('[data-preset="chosen"]');
    expect(await cells(page)).toEqual(start);
    expect(troubles).toEqual([]);
    await close();
  });

  it('is complete without JavaScript', async () => {
    const { page, close } = await open('binary', { javaScriptEnabled: false });
    expect(await page.isVisible('#slider-box')).toBe(false);
    for (const selector of [
      '#confusion',
      'svg.plot.wide',
      '#comparison table',
      'svg.follows-slider.wide',
      '#reproduce pre',
    ]) {
      const first = page.locator(selector).first();
      expect(await first.isVisible(), selector).toBe(true);
    }
    await close();
  });

  it('turns dark where the reader prefers it', async () => {
    const brightness = async (scheme: 'light' | 'dark') => {
      const { page, close } = await open('binary', { colorScheme: scheme });
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await close();
      return Math.max(...(paper.match(/\d+/g) ?? []).slice(0, 3).map(Number));
    };
    expect(await brightness('light')).toBe(255);
    expect(await brightness('dark')).toBeLessThan(60);
  });

  it('prints with the wide pictures and without the slider', async () => {
    const { page, close } = await open('binary', { viewport: { width: 360, height: 800 } });
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('#slider-box')).toBe(false);
    expect(await page.locator('svg.narrow').first().isVisible()).toBe(false);
    expect(await page.locator('svg.wide').first().isVisible()).toBe(true);
    await close();
  });
});
