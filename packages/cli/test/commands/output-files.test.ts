import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, logistic, scratchFolder, smallCsv } from './cli.ts';

/** Files that stand in for every input: they must be as they were after each refusal. */
function inputs() {
  const folder = scratchFolder();
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const data = write('data.csv', `y,s\n${'1,0.7\n0,0.2\n'.repeat(30)}`);
  const more = write('more.csv', 's\n0.5\n');
  return { folder, data, more, model: write('model.json', '{}') };
}

describe('outputs that would overwrite an input', () => {
  it.each([
    ['evaluate', (f) => ['evaluate', f.data, '--target', 'y', '--score', 's', '--html', f.data]],
    ['diagnose --rows', (f) => ['diagnose', f.data, '--target', 'y', '--rows', f.data]],
    ['diagnose --html', (f) => ['diagnose', f.data, '--target', 'y', '--html', f.data]],
    ['calibrate --save', (f) => ['calibrate', f.data, '--target', 'y', '--score', 's', '--save', f.data]],
    ['calibrate --html', (f) => ['calibrate', f.data, '--target', 'y', '--score', 's', '--html', f.data]],
    ['calibrate --out', (f) => ['calibrate', '--model', f.model, '--apply', f.more, '--out', f.more]],
    ['calibrate --out of the model', (f) => ['calibrate', '--model', f.model, '--apply', f.more, '--out', f.model]],
    ['conformal --save', (f) => ['conformal', f.data, '--target', 'y', '--score', 's', '--save', f.data]],
    ['conformal --html', (f) => ['conformal', '--model', f.model, '--drift', f.more, '--html', f.more]],
    ['predict', (f) => ['predict', f.model, f.data, '--out', f.data]],
    ['predict onto the model', (f) => ['predict', f.model, f.data, '--out', f.model]],
    ['resample', (f) => ['resample', f.data, '--target', 'y', '--method', 'random-over', '--out', f.data]],
    [
      'resample --provenance',
      (f) => [
        'resample',
        f.data,
        '--target',
        'y',
        '--method',
        'random-over',
        '--out',
        `${f.folder}/n.csv`,
        '--provenance',
        f.data,
      ],
    ],
  ] as [string, (f: ReturnType<typeof inputs>) => string[]][])('%s is refused before work', async (_name, command) => {
    const files = inputs();
    const before = [files.data, files.more, files.model].map((path) => readFileSync(path, 'utf8'));
    const { code, stderr, stdout } = await cli(...command(files));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n').filter(Boolean)).toHaveLength(1);
    expect(stderr).toMatch(/is the input file itself \((DATA|MODEL|--apply|--model|--drift)\) and would overwrite it/);
    expect([files.data, files.more, files.model].map((path) => readFileSync(path, 'utf8'))).toEqual(before);
  });

  it.each([
    [
      'calibrate',
      (f) => [
        'calibrate',
        f.data,
        '--target',
        'y',
        '--score',
        's',
        '--save',
        `${f.folder}/o.json`,
        '--html',
        `${f.folder}/o.json`,
      ],
    ],
    [
      'conformal',
      (f) => [
        'conformal',
        f.data,
        '--target',
        'y',
        '--score',
        's',
        '--save',
        `${f.folder}/o.json`,
        '--html',
        `${f.folder}/./o.json`,
      ],
    ],
    [
      'diagnose',
      (f) => ['diagnose', f.data, '--target', 'y', '--rows', `${f.folder}/o.csv`, '--html', `${f.folder}/o.csv`],
    ],
    [
      'resample',
      (f) => [
        'resample',
        f.data,
        '--target',
        'y',
        '--method',
        'random-over',
        '--out',
        `${f.folder}/o.csv`,
        '--provenance',
        `${f.folder}/o.csv`,
      ],
    ],
  ] as [string, (f: ReturnType<typeof inputs>) => string[]][])(
    '%s: two outputs of one name are refused',
    async (_name, command) => {
      const files = inputs();
      const { code, stderr } = await cli(...command(files));
      expect(code).toBe(2);
      expect(stderr).toMatch(/name the same file/);
      expect(existsSync(join(files.folder, 'o.json')) || existsSync(join(files.folder, 'o.csv'))).toBe(false);
    },
  );
});

describe('the folder of a run', () => {
  const csv = smallCsv(120);

  it('is refused where a file of the run would overwrite the data, or the data lie in what a run removes', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'report.json');
    writeFileSync(data, '{"outcome":"a","x":1}\n');
    mkdirSync(join(folder, 'checkpoint'));
    const kept = join(folder, 'checkpoint', 'data.csv');
    writeFileSync(kept, csv);
    for (const input of [data, kept]) {
      const { code, stderr } = await cli('run', input, '--target', 'outcome', ...logistic, '--out', folder);
      expect(code).toBe(2);
      expect(stderr).toMatch(/overwrite it|which it removes/);
      expect(readFileSync(kept, 'utf8')).toBe(csv);
    }
    const elsewhere = join(folder, 'data.csv');
    writeFileSync(elsewhere, csv);
    const { code, stderr } = await cli(
      'run',
      elsewhere,
      '--target',
      'outcome',
      ...logistic,
      '--out',
      folder,
      '--quiet',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('is not of a run');
    expect(readFileSync(kept, 'utf8')).toBe(csv);
  });

  it('says so where it holds a finished run, and may hold the data', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, csv);
    const command = [
      'run',
      data,
      '--target',
      'outcome',
      ...logistic,
      '--out',
      folder,
      '--repeats',
      '1',
      '--strategies',
      'none',
    ];
    const first = await cli(...command);
    expect([first.code, first.stderr.includes('finished run')]).toEqual([0, false]);
    const second = await cli(...command);
    expect(second.code).toBe(0);
    expect(second.stderr).toContain('holds a finished run, which this one replaces');
    expect(readFileSync(data, 'utf8')).toBe(csv);
  });
});
