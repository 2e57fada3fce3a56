import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { cli, logistic, quickRun, scratchFolder, smallCsv } from './cli.ts';

const outputs = ['model.json', 'predictions.parquet', 'report.html', 'report.json'];
const report = (folder: string): RunReport => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));

async function numbers(path: string, name: string): Promise<Float64Array> {
  const { table } = await readTable(path);
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column?.kind !== 'numeric') throw new Error(`${name} is not numeric`);
  return column.values;
}

describe('counterweight run', () => {
  it('writes the four files and a summary of about one screen', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(300));
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await cli('run', data, '--target', 'outcome', '--out', out);
    expect(stderr).toMatch(/^reading the data\n/);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(outputs);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(30);
    expect(stdout).toContain('report.html');
    const { reproduce, data: summary } = report(out);
    expect(reproduce.command).toBe('counterweight run data.csv --target outcome --seed 0');
    expect(summary.source).toBe('data.csv');
  });

  it('prints one JSON document and nothing else with --json', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(120));
    const { code, stdout, stderr } = await quickRun(data, join(folder, 'o'), '--json');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(report(join(folder, 'o')));
  });

  it.each(['--strategies', '--learners'])('asks for a name where %s is empty', async (option) => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(60));
    const { code, stderr } = await quickRun(data, join(folder, 'o'), option, ' ,');
    expect(code).toBe(2);
    expect(stderr).toMatch(/Name at least one, or leave the option out\./);
    expect(readdirSync(folder)).toEqual(['data.csv']);
  });

  it('gives the same bytes for one and two threads', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(400));
    for (const threads of ['1', '2']) {
      await quickRun(data, join(folder, threads), '--threads', threads);
    }
    for (const name of outputs) {
      expect(readFileSync(join(folder, '1', name)).equals(readFileSync(join(folder, '2', name))), name).toBe(true);
    }
  });

  it('scores the held-out rows again, through predict, to the same digits', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(500));
    const out = join(folder, 'out');
    await quickRun(data, out);
    const scored = join(folder, 'scored.parquet');
    const header = join(folder, 'header.csv');
    writeFileSync(header, `${readFileSync(data, 'utf8').split('\n')[0]}\n`);
    const nothing = await cli('predict', join(out, 'model.json'), header, '--out', join(folder, 'none.csv'), '--quiet');
    expect(nothing).toMatchObject({ code: 0, stdout: expect.stringContaining('has a header but no rows') });
    const { code, stdout } = await cli('predict', join(out, 'model.json'), data, '--out', scored, '--quiet');
    expect(code).toBe(0);
    expect(stdout).toContain('500 rows scored');
    const all = await numbers(scored, 'p');
    const held = await numbers(join(out, 'predictions.parquet'), 'p');
    const rows = await numbers(join(out, 'predictions.parquet'), 'row');
    expect(Array.from(rows, (row) => all[row])).toEqual([...held]);
  });

  it('takes names and values of HTML, quotes, line breaks and emoji as they are, and escapes them in the report', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'da<b>ta.csv');
    const nasty = '"<script>alert(""x"")</script>\n🦀, \'quoted\'"';
    const lines = smallCsv(200)
      .replace('colour', nasty)
      .replaceAll(',yes\n', ',"<img src=x onerror=alert(1)>"\n')
      .replaceAll('red', '"</style>\u202e"');
    writeFileSync(data, lines);
    const out = join(folder, 'out');
    const { code, stderr } = await quickRun(data, out);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<img src=x');
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(report(out).data.positive).toBe('<img src=x onerror=alert(1)>');
    expect(report(out).data.columns.map(({ name }) => name)).toContain('<script>alert("x")</script>\n🦀, \'quoted\'');
  });

  it('reads UTF-16 and a byte order mark like the plain file', async () => {
    const folder = scratchFolder();
    const text = smallCsv(200);
    writeFileSync(join(folder, 'plain.csv'), text);
    writeFileSync(join(folder, 'bom.csv'), `\ufeff${text}`);
    writeFileSync(join(folder, 'wide.csv'), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
    const strategies: string[] = [];
    for (const name of ['plain', 'bom', 'wide']) {
      const out = join(folder, name);
      const { code } = await quickRun(join(folder, `${name}.csv`), out);
      expect(code, name).toBe(0);
      strategies.push(JSON.stringify(report(out).strategies));
    }
    expect(strategies[1]).toBe(strategies[0]);
    expect(strategies[2]).toBe(strategies[0]);
  });

  it('decides by a cost matrix from a file', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'data.csv'), smallCsv(300));
    writeFileSync(join(folder, 'costs.csv'), 'predicted,yes,no\nyes,0,1\nno,4,0\n');
    const args = ['run', join(folder, 'data.csv'), '--target', 'outcome', ...logistic, '--quiet', '--repeats', '1'];
    await cli(...args, '--out', join(folder, 'matrix'), '--cost-matrix', join(folder, 'costs.csv'));
    await cli(...args, '--out', join(folder, 'flags'), '--cost-fn', '4', '--cost-fp', '1');
    expect(report(join(folder, 'matrix')).costs).toMatchObject({
      matrix: [
        [0, 4],
        [1, 0],
      ],
      threshold: 0.2,
    });
    expect(report(join(folder, 'matrix')).strategies).toEqual(report(join(folder, 'flags')).strategies);
  });

  it('goes on after a kill to the same bytes, leaving no half-written file', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(3000));
    const args = ['run', data, '--target', 'outcome', ...logistic, '--quiet', '--repeats', '4'];
    await cli(...args, '--out', join(folder, 'whole'));

    const bin = fileURLToPath(new URL('../../bin/counterweight.js', import.meta.url));
    const out = join(folder, 'killed');
    const child = spawn(process.execPath, [bin, ...args, '--out', out], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const begun = () =>
      existsSync(join(out, 'checkpoint')) &&
      readdirSync(join(out, 'checkpoint')).filter((name) => name.startsWith('fold-')).length >= 10;
    while (!begun() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(out)).toEqual(['checkpoint']);

    const { code, stderr } = await cli('run', '--resume', out, '--quiet');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(outputs);
    for (const name of ['report.json', 'model.json', 'report.html']) {
      expect(readFileSync(join(out, name), 'utf8'), name).toBe(readFileSync(join(folder, 'whole', name), 'utf8'));
    }
    expect(await cli('run', '--resume', out)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to resume'),
    });
  });

  it('does not go on where the data or the question has changed', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(300));
    const out = join(folder, 'out');
    const bin = fileURLToPath(new URL('../../bin/counterweight.js', import.meta.url));
    const child = spawn(
      process.execPath,
      [bin, 'run', data, '--target', 'outcome', ...logistic, '--out', out, '--repeats', '20', '--quiet'],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(join(out, 'checkpoint', 'run.json')) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    await ended;
    expect(child.exitCode).toBe(1);
    const other = await cli(
      'run',
      data,
      '--target',
      'outcome',
      ...logistic,
      '--repeats',
      '20',
      '--seed',
      '1',
      '--resume',
      out,
      '--quiet',
    );
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('another seed') });
    const dropped = await cli('run', '--resume', out, '--metric', 'f1');
    expect(dropped).toMatchObject({ code: 2, stderr: expect.stringContaining('leave out --metric') });
    writeFileSync(data, smallCsv(301));
    const changed = await cli('run', '--resume', out, '--quiet');
    expect(changed).toMatchObject({ code: 2, stderr: expect.stringContaining('has changed since') });
  });
});

describe('counterweight predict', () => {
  it('names a missing and a retyped column, refuses a broken model, and leaves nothing behind', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(200));
    const model = join(folder, 'out', 'model.json');
    await quickRun(data, join(folder, 'out'));
    const scored = join(folder, 'scored.csv');
    const predict = (file: string, text: string) => {
      writeFileSync(join(folder, file), text);
      return cli('predict', model, join(folder, file), '--out', scored, '--quiet');
    };
    expect(await predict('missing.csv', smallCsv(9).replace('colour', 'color'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/colour.*color/),
    });
    expect(await predict('retyped.csv', 'size,colour\nbig,red\n')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/size.*big/),
    });
    writeFileSync(join(folder, 'broken.json'), readFileSync(model, 'utf8').replace('"recalibration"', '"calibrated"'));
    expect(await cli('predict', join(folder, 'broken.json'), data, '--out', scored)).toMatchObject({ code: 2 });
    writeFileSync(join(folder, 'text.json'), 'not json');
    expect(await cli('predict', join(folder, 'text.json'), data, '--out', scored)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not JSON'),
    });
    expect(existsSync(scored)).toBe(false);
  });

  it('scores missing cells and levels never seen like training did, row by row in order', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallCsv(200));
    await quickRun(data, join(folder, 'out'));
    const odd = join(folder, 'odd.csv');
    writeFileSync(odd, 'note,colour,size\na,violet,0.5\nb,,\nc,red,1\n');
    const scored = join(folder, 'scored.csv');
    expect((await cli('predict', join(folder, 'out', 'model.json'), odd, '--out', scored, '--quiet')).code).toBe(0);
    const lines = readFileSync(scored, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('note,colour,size,p,p0,p1,prediction,set');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['note', 'a', 'b', 'c']);
    for (const line of lines.slice(1)) {
      const [p, p0, p1, prediction, set] = line.split(',').slice(3);
      for (const value of [p, p0, p1]) expect(Number(value)).toBeGreaterThanOrEqual(0);
      expect(Number(p0)).toBeLessThan(Number(p1));
      expect(prediction).toMatch(/^(yes|no)$/);
      expect(set).toMatch(/^(no|yes|no\|yes|)$/);
    }
  });
});

describe('counterweight diagnose', () => {
  it('counts, types and warns', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'data.csv');
    writeFileSync(
      data,
      smallCsv(300, (row, yes) => `${(yes ? 10 : 0) + (row % 7) / 10}`),
    );
    const { code, stdout } = await cli('diagnose', data, '--target', 'outcome');
    expect(code).toBe(0);
    expect(stdout).toMatch(/yes \(positive\)/);
    expect(stdout).toMatch(/! +column "extra"/);
    const json = await cli('diagnose', data, '--target', 'outcome', '--json');
    expect(JSON.parse(json.stdout).data.columns).toHaveLength(3);
  });
});
