import { readFileSync } from 'node:fs';
import { CounterweightError } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { parseRunReport } from '../../src/report/validate.ts';
import { binaryReport, hostileReport, multiClassReport, rareReport } from './sample-reports.ts';

const copy = () => JSON.parse(JSON.stringify(binaryReport()));

function pathOf(json: unknown): unknown {
  try {
    parseRunReport(json);
  } catch (error) {
    if (error instanceof CounterweightError && error.code === 'bad-report') return error.details['path'];
    throw error;
  }
  return 'accepted';
}

describe('parseRunReport', () => {
  it('gives back what was written', () => {
    for (const report of [binaryReport(), rareReport(), multiClassReport(), hostileReport()]) {
      expect(parseRunReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
    }
  });

  it('reads reports from before learners were compared', () => {
    const { learners: _, ...older } = binaryReport();
    expect(parseRunReport(JSON.parse(JSON.stringify(older)))).toEqual(binaryReport());
  });

  it('names the place of what is wrong', () => {
    const edits: [string, (report: ReturnType<typeof copy>) => void][] = [
      ['format', (report) => (report.format = 'else')],
      ['formatVersion', (report) => (report.formatVersion = 2)],
      ['data.rows', (report) => (report.data.rows = '45211')],
      ['data.classes.1.share', (report) => (report.data.classes[1].share = 1.5)],
      ['strategies.2.validation.f1.low', (report) => delete report.strategies[2].validation.f1.low],
      ['strategies', (report) => (report.strategies = [])],
      ['heldOut.confusion', (report) => report.heldOut.confusion.pop()],
      ['heldOut.sweep.3.tp', (report) => (report.heldOut.sweep[3].tp = -1)],
      ['choice.chosen', (report) => (report.choice.chosen = 'gone')],
      ['notices.0.severity', (report) => (report.notices[0].severity = 'fatal')],
    ];
    for (const [path, edit] of edits) {
      const report = copy();
      edit(report);
      expect(pathOf(report), path).toBe(path);
    }
  });

  it('refuses what is not a document at all', () => {
    for (const json of [null, 1, 'text', [], {}]) expect(() => parseRunReport(json)).toThrow(CounterweightError);
    expect(() => parseRunReport({ ...copy(), costs: undefined })).toThrow(/costs/);
  });
});

describe('docs/report-json.md', () => {
  it('names every key of the document', () => {
    const text = readFileSync(new URL('../../../../docs/report-json.md', import.meta.url), 'utf8');
    const keys = new Set<string>();
    const collect = (value: unknown) => {
      if (value === null || typeof value !== 'object') return;
      for (const [key, inner] of Object.entries(value)) {
        if (!Array.isArray(value)) keys.add(key);
        collect(inner);
      }
    };
    for (const report of [rareReport(), multiClassReport(), hostileReport()]) collect(report);
    expect(keys.size).toBeGreaterThan(80);
    for (const key of keys) expect(text, key).toMatch(new RegExp(`\\b${key}\\b`));
  });
});
