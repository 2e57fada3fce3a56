import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inductiveVennAbers } from '@counterweight/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CalibrateReport } from '../../src/report/calibrate/calibrate-report.ts';
import { cli, scratchFolder } from './cli.ts';

let folder: string;
let data: string;

beforeEach(() => {
  folder = scratchFolder();
  data = join(folder, 'scored.csv');
  writeFileSync(data, scoredCsv(300));
});

const path = (name: string) => join(folder, name);

function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 4294967296;
}

interface ScoredRow {
  readonly yes: boolean;
  readonly score: number;
}

/** Rows whose probabilities are too high, with their logits. */
function scoredRows(rows: number, seed = 1): ScoredRow[] {
  const next = numbers(seed);
  return Array.from({ length: rows }, () => {
    const p = next() ** 3;
    return { yes: next() < p, score: Number(Math.sqrt(p).toFixed(4)) };
  });
}

function scoredCsv(rows: number, seed?: number): string {
  const lines = scoredRows(rows, seed).map(
    ({ yes, score }, i) => `${i},${yes ? 'yes' : 'no'},${score},${(10 * score - 5).toFixed(3)}`,
  );
  return `id,fraud,score,margin\n${lines.join('\n')}\n`;
}

/** Three classes with a probability column each. */
function threeCsv(rows: number): string {
  const next = numbers(5);
  const lines = Array.from({ length: rows }, () => {
    const e = [next(), next(), next() / 3];
    const total = e[0]! + e[1]! + e[2]!;
    const draw = next() * total;
    const label = draw < e[0]! ? 'a' : draw < e[0]! + e[1]! ? 'b' : 'c';
    return `${label},${e.map((value) => (value / total).toFixed(3)).join(',')}`;
  });
  return `kind,pa,b,p_c\n${lines.join('\n')}\n`.replace('pa,', 'p_a,');
}

function table(file: string): Record<string, string>[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

const fit = (...more: string[]) =>
  cli('calibrate', data, '--target', 'fraud', '--quiet', '--replicates', '20', ...more);

async function reportOf(...more: string[]): Promise<CalibrateReport> {
  const { code, stdout, stderr } = await fit('--json', ...more);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as CalibrateReport;
}

describe('counterweight calibrate', () => {
  it('adds p, p0 and p1 as the library finds them, and empty cells where there is no score', async () => {
    writeFileSync(path('new.csv'), 'score,note\n0.31,x\n,y\n0.9999,z\nNA,\n0,w\n');
    const { code } = await fit('--score', 'score', '--apply', path('new.csv'), '--out', path('out.csv'));
    expect(code).toBe(0);
    const rows = table(path('out.csv'));
    expect(Object.keys(rows[0]!)).toEqual(['score', 'note', 'p', 'p0', 'p1']);
    const own = scoredRows(300);
    const { p0, p1 } = inductiveVennAbers({
      scores: Float64Array.from(own, ({ score }) => score),
      labels: Int32Array.from(own, ({ yes }) => Number(yes)),
    }).pairs(Float64Array.of(0.31, 0.9999, 0));
    [rows[0]!, rows[2]!, rows[4]!].forEach((row, i) => {
      expect(Number(row['p0'])).toBe(p0[i]);
      expect(Number(row['p1'])).toBe(p1[i]);
      expect(Number(row['p'])).toBeCloseTo(p1[i]! / (1 - p0[i]! + p1[i]!), 15);
    });
    for (const row of [rows[1]!, rows[3]!]) expect([row['p'], row['p0'], row['p1']]).toEqual(['', '', '']);
    const found = await reportOf('--score', 'score', '--apply', path('new.csv'), '--out', path('out.csv'));
    expect(found.notices).toContainEqual(expect.objectContaining({ code: 'missing-score', numbers: { rows: 2 } }));
    expect(found.applied).toEqual({ input: 'new.csv', out: path('out.csv'), rows: 5, columns: ['p', 'p0', 'p1'] });
  });

  it('applies a saved calibrator later, to the same bytes, for every method', async () => {
    writeFileSync(path('new.csv'), scoredCsv(50, 9));
    for (const method of ['venn-abers', 'platt', 'isotonic', 'beta', 'spline', 'prior']) {
      const more = method === 'prior' ? ['--trained-on', '0.5'] : [];
      const { code, stderr } = await fit(
        ...['--score', 'score', '--method', method, ...more, '--prior', '0.1'],
        ...['--save', path('c.json'), '--apply', path('new.csv'), '--out', path('now.csv')],
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
      const later = await cli(
        ...['calibrate', '--model', path('c.json'), '--apply', path('new.csv'), '--out', path('later.csv'), '--json'],
      );
      expect(later.code).toBe(0);
      expect(JSON.parse(later.stdout)).toMatchObject({ rows: 50, method });
      expect(readFileSync(path('later.csv'), 'utf8')).toBe(readFileSync(path('now.csv'), 'utf8'));
    }
  });

  it('says in its report what calibration changed, out of fold', async () => {
    const report = await reportOf('--score', 'score');
    expect(report).toMatchObject({
      format: 'counterweight-calibration',
      formatVersion: 1,
      data: { source: 'scored.csv', target: 'fraud', positive: 'yes', input: 'probabilities', rows: 300 },
      validation: { folds: 5, replicates: 20, level: 0.95 },
      choice: { chosen: 'venn-abers', by: 'named' },
      reproduce: {
        command: 'counterweight calibrate scored.csv --target fraud --score score --method venn-abers --replicates 20',
        seed: 0,
      },
    });
    const { before, methods, widths, map, reliability } = report;
    expect(before!.check.passes).toBe(false);
    expect(methods[0]!.check.passes).toBe(true);
    expect(methods[0]!.brierScore.value!).toBeLessThan(before!.brierScore.value!);
    expect(methods[0]!.classes[0]!.inTheLarge.value!).toBeGreaterThan(-0.5);
    expect(before!.classes[0]!.inTheLarge.high!).toBeLessThan(0);
    expect(widths!.classes.map((one) => one.class).sort()).toEqual(['no', 'yes']);
    expect(widths!.overall.counts.reduce((sum, count) => sum + count, 0)).toBe(300);
    expect(map!.p0!.every((low, i) => low <= map!.p[i]! && map!.p[i]! <= map!.p1![i]!)).toBe(true);
    expect(reliability).toHaveLength(1);
    expect(reliability[0]!.after.bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(300);
  });

  it('compares methods and takes the best, or the one chosen among them', async () => {
    const all = await reportOf('--score', 'score', '--method', 'all', '--trained-on', '0.5');
    expect(all.methods.map(({ name }) => name)).toEqual([
      ...['platt', 'isotonic', 'beta', 'temperature', 'vector-scaling', 'matrix-scaling', 'dirichlet'],
      ...['histogram-binning', 'bayesian-binning', 'spline', 'venn-abers', 'prior'],
    ]);
    const losses = all.methods.map(({ logLoss }) => logLoss.value!);
    expect(all.choice).toMatchObject({ by: 'best', best: all.choice.chosen });
    expect(all.methods.find(({ name }) => name === all.choice.best)!.logLoss.value).toBe(Math.min(...losses));
    const chosen = await reportOf('--score', 'score', '--method', 'isotonic,platt', '--choose', 'isotonic');
    expect(chosen.choice).toMatchObject({ chosen: 'isotonic', by: 'named' });
    const margins = await reportOf('--score', 'margin', '--method', 'all');
    expect(margins.data.input).toBe('scores');
    expect(margins.before).toBeNull();
    expect(margins.methods.map(({ name }) => name)).not.toContain('beta');
  });

  it('takes one probability column a class, with few decimals', async () => {
    data = path('three.csv');
    writeFileSync(data, threeCsv(200));
    const flags = ['calibrate', data, '--target', 'kind', '--scores', 'p_a,b,p_c', '--quiet', '--replicates', '10'];
    writeFileSync(path('new.csv'), 'b,p_c,p_a,kind\n0.2,0.3,0.5,a\n0.333,0.333,0.333,b\n,0.1,0.1,c\n');
    const apply = ['--apply', path('new.csv'), '--out', path('out.csv')];
    const clash = await cli(...flags, ...apply);
    expect(clash.code).toBe(2);
    expect(clash.stderr).toContain('--prefix');
    expect(existsSync(path('out.csv'))).toBe(false);
    const pairs = await cli(...flags, ...apply, '--prefix', 'new_', '--json');
    expect(pairs.code).toBe(0);
    const report = JSON.parse(pairs.stdout) as CalibrateReport;
    expect(report.notices).toContainEqual(expect.objectContaining({ code: 'probabilities-normalised' }));
    expect(report.applied!.columns).toEqual(['new_p_a', 'new_p_b', 'new_p_c', 'new_width']);
    expect(report.map).toBeNull();
    expect(report.methods[0]!.classes.map((one) => one.class)).toEqual(['a', 'b', 'c']);
    const rows = table(path('out.csv'));
    const sum = ['a', 'b', 'c'].reduce((total, label) => total + Number(rows[0]![`new_p_${label}`]), 0);
    expect(sum).toBeCloseTo(1, 12);
    expect(rows[2]!['new_p_a']).toBe('');
    const rest = await cli(
      ...[...flags, ...apply, '--prefix', 'r_', '--multi-class', 'one-vs-rest', '--save', path('c.json'), '--json'],
    );
    expect((JSON.parse(rest.stdout) as CalibrateReport).applied!.columns).toEqual([
      ...['r_p_a', 'r_p_b', 'r_p_c', 'r_p0_a', 'r_p1_a', 'r_p0_b', 'r_p1_b', 'r_p0_c', 'r_p1_c', 'r_width'],
    ]);
    const first = table(path('out.csv'))[0]!;
    for (const label of ['a', 'b', 'c'])
      expect(Number(first[`r_p0_${label}`])).toBeLessThan(Number(first[`r_p1_${label}`]));
  });

  it('speaks of the class that is named, wherever it stands', async () => {
    const flipped = path('flipped.csv');
    const lines = scoredRows(300).map(({ yes, score }) => `${yes ? 'a' : 'b'},${score}`);
    writeFileSync(flipped, `kind,score\n${lines.join('\n')}\n`);
    const named = await cli(
      ...['calibrate', flipped, '--target', 'kind', '--score', 'score', '--positive', 'a', '--json', '--quiet'],
      ...['--replicates', '20'],
    );
    const report = JSON.parse(named.stdout) as CalibrateReport;
    const plain = await reportOf('--score', 'score');
    expect(report.data.positive).toBe('a');
    expect(report.methods[0]!.brierScore).toEqual(plain.methods[0]!.brierScore);
  });

  it('warns of scores that run the wrong way', async () => {
    const turned = path('turned.csv');
    writeFileSync(
      turned,
      `fraud,score\n${scoredRows(200)
        .map(({ yes, score }) => `${yes ? 'yes' : 'no'},${1 - score}`)
        .join('\n')}\n`,
    );
    data = turned;
    const report = await reportOf('--score', 'score');
    expect(report.notices).toContainEqual(expect.objectContaining({ code: 'reversed-scores', severity: 'warning' }));
  });

  it('moves to another prior', async () => {
    const report = await reportOf('--score', 'score', '--prior', '0.02');
    expect(report.prior).toEqual([0.98, 0.02]);
    const there = report.map!.p.at(-1)!;
    const here = (await reportOf('--score', 'score')).map!.p.at(-1)!;
    expect(there).toBeLessThan(here);
    const share = report.data.classes.find(({ label }) => label === 'yes')!.share;
    const odds = (p: number) => p / (1 - p);
    expect(odds(there) / odds(here)).toBeCloseTo(odds(0.02) / odds(share), 10);
  });

  it('writes a page that asks for nothing and shows hostile names as text', async () => {
    const file = path('hostile.csv');
    const lines = scoredRows(80).map(({ yes, score }) => `${yes ? '<img src=x onerror=alert(1)>' : '&no'},${score}`);
    writeFileSync(file, `"a ""<b>target"" ",score\n${lines.join('\n')}\n`);
    const { code, stdout, stderr } = await cli(
      ...['calibrate', file, '--target', 'a "<b>target" ', '--score', 'score', '--html', path('page.html'), '--quiet'],
      ...['--replicates', '10', '--method', 'venn-abers,platt', '--choose', 'venn-abers'],
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('width p1 - p0');
    const page = readFileSync(path('page.html'), 'utf8');
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('<b>target');
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    for (const id of ['verdict', 'measures', 'reliability', 'map', 'widths', 'methods', 'reproduce']) {
      expect(page).toContain(`id="${id}"`);
    }
  });

  it('gives the same bytes for the same seed', async () => {
    const [first, second] = [await fit('--score', 'score', '--json'), await fit('--score', 'score', '--json')];
    expect(second.stdout).toBe(first.stdout);
    const other = await fit('--score', 'score', '--json', '--seed', '1');
    expect(other.stdout).not.toBe(first.stdout);
  });
});

describe('what calibrate refuses', () => {
  const refused = async (code: number, text: string | RegExp, ...args: string[]) => {
    const outcome = await cli('calibrate', ...args);
    expect(outcome.stderr).toMatch(text);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe('');
    expect(
      outcome.stderr
        .trimEnd()
        .split('\n')
        .filter((line) => line.startsWith('counterweight:')),
    ).toHaveLength(1);
  };

  it('options that contradict or lack one another', async () => {
    const on = [data, '--target', 'fraud', '--quiet'];
    await refused(2, /--target/, data, '--score', 'score');
    await refused(2, /--score COLUMN/, ...on);
    await refused(2, /not both/, ...on, '--score', 'score', '--scores', 'score,margin');
    await refused(2, /single column/, ...on, '--scores', 'score');
    await refused(2, /--out/, ...on, '--score', 'score', '--apply', data);
    await refused(2, /DATA/, '--target', 'fraud', '--score', 'score');
    await refused(2, /--apply/, '--model', path('c.json'));
    await refused(
      2,
      /--html is for fitting/,
      '--model',
      path('c.json'),
      '--apply',
      data,
      '--out',
      path('o.csv'),
      '--html',
      'x.html',
    );
    await refused(
      2,
      /give one of them/,
      ...on,
      '--score',
      'score',
      '--model',
      path('c.json'),
      '--apply',
      data,
      '--out',
      'o.csv',
    );
    await refused(2, /did you mean "isotonic"/, ...on, '--score', 'score', '--method', 'isotonik');
    await refused(2, /--trained-on 0.5/, ...on, '--score', 'score', '--method', 'prior');
    await refused(2, /not among --method/, ...on, '--score', 'score', '--method', 'platt', '--trained-on', '0.5');
    await refused(2, /not among --method/, ...on, '--score', 'score', '--method', 'platt', '--choose', 'beta');
    await refused(2, /names platt twice/, ...on, '--score', 'score', '--method', 'platt,platt');
    await refused(2, /is the target/, ...on, '--score', 'fraud');
    for (const share of ['0', '1', '50', 'half', 'yes=0.5', 'no=1,maybe=1']) {
      await refused(2, /--prior/, ...on, '--score', 'score', '--prior', share);
    }
    await refused(2, /at least 2/, ...on, '--score', 'score', '--folds', '1');
  });

  it('columns that are not there, not numbers, or no probabilities', async () => {
    const on = [data, '--target', 'fraud', '--quiet'];
    await refused(2, /"scor"/, ...on, '--score', 'scor');
    await refused(2, /margin.*no probability/, ...on, '--score', 'margin', '--input', 'probabilities');
    await refused(2, /beta needs probabilities.*platt, isotonic/, ...on, '--score', 'margin', '--method', 'beta');
    await refused(2, /beta needs probabilities/, ...on, '--score', 'score', '--input', 'scores', '--method', 'beta');
    writeFileSync(path('text.csv'), 'fraud,score\nyes,high\nno,low\nyes,high\nno,low\n');
    await refused(2, /holds text/, path('text.csv'), '--target', 'fraud', '--score', 'score', '--quiet');
    writeFileSync(path('sum.csv'), 'kind,a,b,c\na,0.5,0.5,0.5\nb,0.1,0.8,0.1\nc,0.1,0.2,0.7\n');
    await refused(
      2,
      /data row 1: .*sum to 1, these sum to 1.5/,
      path('sum.csv'),
      '--target',
      'kind',
      '--scores',
      'a,b,c',
      '--quiet',
    );
    writeFileSync(path('one.csv'), 'fraud,score\nyes,0.5\nno,0.4\nno,0.3\nno,0.2\n');
    await refused(2, /"yes" has 1 row/, path('one.csv'), '--target', 'fraud', '--score', 'score', '--quiet');
    writeFileSync(path('none.csv'), 'fraud,score\nno,0.5\nno,0.4\n');
    await refused(2, /./, path('none.csv'), '--target', 'fraud', '--score', 'score', '--quiet');
  });

  it('files that are no calibrators, and applied files that do not fit, leaving nothing behind', async () => {
    await fit('--score', 'score', '--save', path('c.json'), '--html', path('page.html'));
    const apply = (model: string, input: string) => [
      '--model',
      path(model),
      '--apply',
      path(input),
      '--out',
      path('out.csv'),
      '--quiet',
    ];
    writeFileSync(path('new.csv'), scoredCsv(20, 3));
    await refused(2, /there is no such file/, ...apply('missing.json', 'new.csv'));
    const saved = JSON.parse(readFileSync(path('c.json'), 'utf8'));
    const broken: [string, RegExp][] = [
      ['not JSON', /not JSON/],
      ['[]', /its format/],
      ['{"format":"counterweight-model"}', /"predict"/],
      ['{"format":"counterweight-calibration"}', /--save/],
      [JSON.stringify({ ...saved, formatVersion: 2 }), /only 1 is known/],
      [JSON.stringify({ ...saved, columns: ['a', 'b', 'c'] }), /3 score columns do not fit 2 classes/],
      [JSON.stringify({ ...saved, columns: [] }), /score columns/],
      [JSON.stringify({ ...saved, positive: 'no' }), /positive/],
      [JSON.stringify({ ...saved, classes: ['x', 'yes'] }), /other classes/],
      [JSON.stringify({ ...saved, calibration: { ...saved.calibration, models: [] } }), /"models"/],
      [JSON.stringify({ ...saved, calibration: { kind: 'magic' } }), /"kind"/],
    ];
    for (const [text, why] of broken) {
      writeFileSync(path('broken.json'), text);
      await refused(2, why, ...apply('broken.json', 'new.csv'));
    }
    writeFileSync(path('wrong.csv'), 'score\n0.5\n1.7\n');
    await refused(2, /1.7, which is no probability/, ...apply('c.json', 'wrong.csv'));
    writeFileSync(path('lacking.csv'), 'other\n0.5\n');
    await refused(2, /"score"/, ...apply('c.json', 'lacking.csv'));
    writeFileSync(path('clash.csv'), 'score,p0\n0.5,1\n');
    await refused(2, /"p0".*--prefix/, ...apply('c.json', 'clash.csv'));
    expect(existsSync(path('out.csv'))).toBe(false);
  });
});
