import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../commands/cli.ts';
import { generator } from '../conformal/scored-csv.ts';
import { chromiumPath, openPage } from './browser.ts';

const executable = chromiumPath('the pages are');

/** Names that mean something to HTML, to a terminal or to the direction of text, and one too long for any column. */
const names = {
  script: '<script>alert(1)</script>',
  image: '<img src=x onerror=alert(2)>',
  quotes: `it's "quoted" & \u202ereversed`,
  long: `${'Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.repeat(5)} and more`,
};
const classes = [names.script, names.quotes, names.long];

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
const csv = (lines: readonly (readonly (string | number)[])[]) =>
  `${lines.map((line) => line.map((one) => (typeof one === 'string' ? cell(one) : one)).join(',')).join('\n')}\n`;

/** Two classes, two models; `shift` moves the scores of later rows. */
function binaryScores(rows: number, seed: number, shift = 0) {
  const { uniform, normal } = generator(seed);
  const lines = Array.from({ length: rows }, () => {
    const yes = uniform() < 0.2;
    const p = 1 / (1 + Math.exp(-(-2 + normal() + shift + (yes ? 2 : 0))));
    const q = Math.min(1, Math.max(0, p + 0.2 * (uniform() - 0.5)));
    return [yes ? names.script : names.quotes, Number(p.toFixed(5)), q, uniform() < 0.5 ? names.image : names.long];
  });
  return csv([[names.image, names.long, names.quotes, 'by'], ...lines]);
}

/** Three classes with a probability column each. */
function classScores(rows: number, seed: number) {
  const { uniform } = generator(seed);
  const lines = Array.from({ length: rows }, () => {
    const draw = uniform();
    const label = draw < 0.5 ? 0 : draw < 0.85 ? 1 : 2;
    const raw = classes.map((_, k) => (0.2 + uniform()) * (k === label ? 3 : 1));
    const sum = raw.reduce((total, value) => total + value, 0);
    return [classes[label]!, ...raw.map((value) => value / sum)];
  });
  return csv([[names.image, ...classes.map((name) => `p_${name}`)], ...lines]);
}

/** A table of features of awkward names. */
function features(rows: number) {
  const { uniform, normal } = generator(5);
  const lines = Array.from({ length: rows }, () => {
    const label = uniform() < 0.15 ? 0 : uniform() < 0.6 ? 1 : 2;
    return [classes[label]!, normal() + label, uniform() < 0.5 ? names.image : names.script, normal()];
  });
  return csv([[names.quotes, names.image, names.long, names.script], ...lines]);
}

/** The command lines whose pages are looked at; `at` gives the path of a file. */
function pages(at: (name: string) => string): Readonly<Record<string, readonly string[]>> {
  const binary = [at('binary.csv'), '--target', names.image];
  const three = [at('classes.csv'), '--target', names.image];
  const columns = classes.map((name) => `p_${name}`.replaceAll(',', '\\,')).join(',');
  return {
    'evaluate, two models': [
      'evaluate',
      ...[...binary, '--score', names.long, '--score', names.quotes, '--cost-fn', '9', '--cost-fp', '1'],
    ],
    'evaluate, three classes': ['evaluate', ...three, '--scores', columns],
    'calibrate, two classes': ['calibrate', ...binary, '--score', names.long, '--replicates', '20'],
    'calibrate, three classes': ['calibrate', ...three, '--scores', columns, '--replicates', '20'],
    'conformal, two classes': [
      'conformal',
      ...[...binary, '--score', names.long, '--by', 'by', '--drift', at('later.csv')],
    ],
    'conformal, three classes': ['conformal', ...three, '--scores', columns, '--class-conditional'],
    diagnose: ['diagnose', at('features.csv'), '--target', names.quotes],
    'diagnose, one class against the rest': [
      'diagnose',
      ...[at('features.csv'), '--target', names.quotes, '--positive', names.long],
    ],
  };
}

describe.skipIf(!executable)('the pages of the commands in Chromium', () => {
  let browser: Browser;
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counterweight-pages-'));
    writeFileSync(at('binary.csv'), binaryScores(400, 1));
    writeFileSync(at('later.csv'), binaryScores(200, 2, 1));
    writeFileSync(at('classes.csv'), classScores(300, 3));
    writeFileSync(at('features.csv'), features(300));
    browser = await chromium.launch({ executablePath: executable as string, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [i, name] of Object.keys(pages((file) => file)).entries()) {
    it(`${name}: opens without complaint or network, does not scroll sideways, and lets no name become markup`, async () => {
      const html = at(`page-${i}.html`);
      const { code, stderr } = await cli(...pages(at)[name]!, '--html', html, '--quiet');
      expect(stderr).toBe('');
      expect(code).toBe(0);
      for (const width of [390, 1180]) {
        const { page, troubles, close } = await openPage(browser, html, { viewport: { width, height: 800 } });
        const found = await page.evaluate(() => ({
          width: document.documentElement.scrollWidth,
          foreign: document.querySelectorAll('img, [onerror], [style], script:not([type="application/json"])').length,
          text: document.body.innerText,
          charts: document.querySelectorAll('svg.plot').length,
        }));
        expect(troubles, `at ${width}`).toEqual([]);
        expect(found.width, `at ${width}`).toBeLessThanOrEqual(width);
        expect(found.foreign).toBe(0);
        expect(found.charts).toBeGreaterThan(1);
        expect(found.text.includes('<script>') || found.text.includes('<img')).toBe(true);
        expect(found.text).not.toContain('\u202e');
        expect(found.text).not.toMatch(/\bNaN\b|undefined|\bInfinity\b|\[object/);
        await close();
      }
    });
  }
});
