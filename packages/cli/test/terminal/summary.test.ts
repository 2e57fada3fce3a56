import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/report/run-report.ts';
import { textWidth } from '../../src/terminal/ansi.ts';
import { renderSummary } from '../../src/terminal/summary.ts';
import { binaryReport, hostileReport, multiClassReport, rareReport } from '../report/sample-reports.ts';

const FILES = ['report.html', 'report.json', 'model.json', 'predictions.parquet'].map((name) => ({
  label: name.replace(/\..*/, ''),
  path: `bank-run/${name}`,
}));

describe('renderSummary', () => {
  it('fits one screen of 80 by 24', () => {
    for (const make of [binaryReport, rareReport, multiClassReport, hostileReport]) {
      for (const colour of [false, true]) {
        const lines = renderSummary(make(), { width: 80, colour, files: FILES }).split('\n');
        expect(lines.at(-1)).toBe('');
        expect(lines.length - 1).toBeLessThanOrEqual(23);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(80);
      }
    }
  });

  it('says what was found, in numbers', () => {
    const text = renderSummary(binaryReport(), { width: 80, colour: false, files: FILES });
    expect(text).toContain('SMOTE is better than doing nothing');
    expect(text).toMatch(/> smote\/logistic +0\.564 \[0\.543, 0\.585\] +\+0\.0083 \[0\.0022, 0\.0144\]/);
    expect(text).toMatch(/none\/logistic +0\.556 \[0\.535, 0\.577\] +doing nothing/);
    const words = text.replace(/\s+/g, ' ');
    const [[, fp = 0] = [], [fn = 0, tp = 0] = []] = binaryReport().heldOut.confusion;
    expect(words).toContain('Flag yes from a probability of 0.214.');
    expect(words).toContain(
      `of ${(tp + fp).toLocaleString('en')} flagged, ${tp} are yes (${((100 * tp) / (tp + fp)).toFixed(1)} %)`,
    );
    expect(words).toContain(`finds ${tp} of ${(tp + fn).toLocaleString('en')}`);
    expect(text).toContain('bank-run/report.html');
  });

  it('speaks of the rarest classes where there is no threshold', () => {
    const text = renderSummary(multiClassReport(), { width: 80, colour: false }).replace(/\s+/g, ' ');
    expect(text).toContain('rarest class first: BOMBAY (26 of 31, ');
    expect(text).not.toContain('probability of');
  });

  it('shows at most three notices, warnings first, and counts the rest', () => {
    const text = renderSummary(hostileReport(), { width: 80, colour: false });
    expect(text.match(/^! {2}notice/gm)).toHaveLength(3);
    expect(text).toContain('… 297 more in the report');
  });

  it('lets no control character of the data reach the terminal', () => {
    const text = renderSummary(hostileReport(), { width: 80, colour: false });
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    expect(text).not.toMatch(/undefined|NaN/);
  });

  it('is the same text with colour, but for the colours', () => {
    const plain = renderSummary(binaryReport(), { width: 80, colour: false });
    const coloured = renderSummary(binaryReport(), { width: 80, colour: true });
    expect(coloured).not.toBe(plain);
    expect(coloured.replaceAll(/\p{Cc}\[\d+m/gu, '')).toBe(plain);
  });

  it('keeps the chosen strategy and doing nothing in sight among many', () => {
    const base = binaryReport();
    const [first] = base.strategies;
    if (!first) throw new Error('the sample lacks strategies');
    const many = Array.from({ length: 40 }, (_, i) => ({
      ...first,
      id: `s${i}/logistic`,
      difference: { value: i / 1000, low: 0, high: 1, pValue: 1 },
      validation: { averagePrecision: { value: 0.6 + i / 1000, low: 0.5, high: 0.7 } },
    }));
    const text = renderSummary(
      { ...base, strategies: [...base.strategies, ...many] },
      { width: 80, colour: false, files: FILES },
    );
    expect(text).toContain('> smote/logistic');
    expect(text).toContain('none/logistic');
    const rows = text.split('\n').filter((line) => line.includes('/logistic ')).length;
    expect(rows).toBeGreaterThanOrEqual(3);
    expect(text).toContain(`… ${45 - rows} more in the report`);
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(23);
  });

  const long = `${'many words that say what is not plain here '.repeat(4)}and the end.`;
  const withNotices = (...notices: RunReport['notices']) => ({ ...binaryReport(), notices });

  it('cuts no sentence away from a terminal, and on one screen only what does not fit', () => {
    const notices = [1, 2, 3].map((n) => ({ code: 'a', severity: 'warning' as const, message: `${n} ${long}` }));
    const piped = renderSummary(withNotices(...notices), { width: Number.POSITIVE_INFINITY, colour: false });
    expect(piped.match(/and the end\./g)).toHaveLength(3);
    expect(piped.replace('… 2 more in the report', '')).not.toContain('…');
    const screen = renderSummary(withNotices(notices[0]!), { width: 80, colour: false, files: FILES });
    expect(screen.match(/and the end\./g)).toHaveLength(1);
  });

  it('leaves what concerns only strategies that were not chosen to the report', () => {
    const { chosen } = binaryReport().choice;
    const told = (strategies: string[]) =>
      renderSummary(
        withNotices({ code: 'recalibrated', severity: 'info', message: 'a calibrator was fitted', strategies }),
        { width: 80, colour: false },
      );
    expect(told([chosen, 'x/logistic'])).toContain('a calibrator was fitted');
    expect(told(['x/logistic'])).not.toContain('a calibrator was fitted');
    expect(told(['x/logistic'])).toContain('1 notice in the report');
  });
});
