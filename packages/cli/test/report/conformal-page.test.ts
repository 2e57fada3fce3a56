import { describe, expect, it } from 'vitest';
import type { ConformalDocument } from '../../src/report/conformal/document.ts';
import { renderConformalPage } from '../../src/report/conformal/page.ts';
import { renderConformal } from '../../src/terminal/conformal.ts';

const hostile = '<script>alert(1)</script>\u202e"\'&';

/** A document of two classes with every part, names as bad as may be. */
function sampleDocument(classes: readonly string[] = ['plain', hostile]): ConformalDocument {
  const share = { rows: 50, value: 0.9, low: 0.78, high: 0.967 };
  const bins = new Array<number>(20).fill(5);
  const evaluation: ConformalDocument['evaluation'] = {
    ...{ design: 'folds', source: hostile, folds: 10, coverage: { ...share, rows: 100 }, expected: null },
    perClass: classes.map((name) => ({
      ...{ class: name, ...share, meanSize: 1.3, singletonRate: 0.7 },
      sizes: [
        { size: 0, rows: 1 },
        { size: 1, rows: 35 },
        { size: 2, rows: 14 },
      ],
      pValues: bins,
    })),
    perCategory: [
      { category: hostile, ...share, meanSize: 1.2 },
      { category: null, rows: 0, value: null, low: null, high: null, meanSize: null },
    ],
    ...{ macroCoverage: 0.9, coverageGap: 0.01, underCoverageGap: 0, fractionBelowHalf: 0, violatingClasses: 0 },
    ...{ meanSize: 1.3, singletonRate: 0.7, singletonHitRatio: 0.88, emptyRate: 0.02 },
    sizes: [
      { size: 0, rows: 2 },
      { size: 1, rows: 70 },
      { size: 2, rows: 28 },
    ],
    ...{ bySize: [], sizeStratifiedCoverage: null, sizeStratifiedViolation: null, difficultyViolation: null },
    pValues: { bins, statistic: 0.03, pValue: 0.8 },
    ...{ criteria: null, observedCriteria: null },
    confusion: classes.map((_, i) => classes.map((_name, j) => (i === j ? 45 : 20))),
  };
  return {
    format: 'counterweight-conformal',
    formatVersion: 1,
    versions: { counterweight: '0.0.0' },
    data: {
      source: hostile,
      target: hostile,
      rows: 100,
      classes: classes.map((label) => ({ label, rows: 50, share: 0.5 })),
    },
    settings: {
      ...{ alpha: 0.1, method: 'lac', predictor: 'mondrian', guarantee: 'class', tooFew: 'full', smoothed: false },
      ...{ exactCoverage: false, by: hostile, seed: 0, readFromFile: false },
    },
    calibration: {
      ...{ rows: 100, rowsNeeded: 9, expected: null },
      classes: classes.map((name) => ({
        ...{ class: name, rows: 50, judgedBy: 'own-rows' as const, threshold: 0.7 },
        expected: { mean: 0.9, low: 0.8, high: 0.97 },
      })),
      categories: null,
    },
    evaluation,
    newRows: { ...evaluation!, design: 'new-rows', expected: { mean: 0.9, low: 0.83, high: 0.96 } },
    drift: {
      ...{ source: hostile, rows: 100, level: 0.01, alarmAt: 70, largestLog: 400 },
      path: [
        { row: 0, log: 0 },
        { row: 70, log: 4.7 },
        { row: 99, log: 400 },
      ],
      uniformity: null,
    },
    risk: {
      ...{ loss: 'false-negative', level: 0.1, guarantee: 'confidence', delta: 0.05, positive: hostile, rows: 50 },
      ...{ threshold: 0.2, risk: 0.06, price: 0.4 },
    },
    applied: { rows: 10, rowsWithoutSet: 1, out: hostile },
    notices: [{ code: 'drift', severity: 'warning', message: `rows of ${hostile}` }],
  };
}

describe('the page of conformal sets', () => {
  it('lets nothing from the data be more than text', () => {
    const page = renderConformalPage(sampleDocument());
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('\u202e');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).toMatch(/default-src &#39;none&#39;/);
    expect(page).not.toMatch(/ style="/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has every part, each chart for page and phone, ids once, and the same bytes again', () => {
    const page = renderConformalPage(sampleDocument());
    for (const id of ['coverage', 'sizes', 'p-values', 'drift', 'risk', 'notices', 'settings', 'guide']) {
      expect(page).toContain(`<section id="${id}"`);
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page).toMatch(/alarm at data row 71/i);
    expect(renderConformalPage(sampleDocument())).toBe(page);
  });

  it('stays within reason with hundreds of classes', () => {
    const page = renderConformalPage(sampleDocument(Array.from({ length: 400 }, (_, i) => `class ${i}`)));
    expect(page.length).toBeLessThan(1_000_000);
    expect(page).toMatch(/The 20 rarest of 400/);
  });

  it('is complete for a saved model that was only applied', () => {
    const bare = { ...sampleDocument(), data: null, evaluation: null, newRows: null, drift: null, risk: null };
    const page = renderConformalPage(bare);
    expect(page).toContain('<section id="settings"');
    expect(page).not.toContain('<section id="coverage"');
    expect(page).not.toMatch(/NaN|undefined/);
  });
});

describe('the summary of conformal sets in a terminal', () => {
  it('keeps to its width and lets no control character through', () => {
    const text = renderConformal(sampleDocument(), {
      width: 70,
      colour: false,
      files: [{ label: 'page', path: hostile }],
    });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
    expect(text).not.toContain('\u202e');
    expect(text).toMatch(/DRIFT at data row 71/);
    expect(text).toMatch(/10\^173/);
  });
});
