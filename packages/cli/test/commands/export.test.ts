import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CategoricalColumn, NumericColumn } from '@counterweight/core';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/input/index.ts';
import { cli, scratchFolder, smallCsv } from './cli.ts';

/** A run on a small table with the given strategy, and the path of its model. */
async function trained(strategy: string, csv = table(300)) {
  const folder = scratchFolder();
  const data = join(folder, 'data.csv');
  writeFileSync(data, csv);
  const out = join(folder, 'run');
  const [treatment, learner = 'logistic'] = strategy.split('/');
  const fast = ['--folds', '2', '--repeats', '1', '--quiet'];
  const asked = ['--target', 'outcome', '--strategies', treatment!, '--learners', learner, '--out', out, ...fast];
  const { code, stderr } = await cli('run', data, ...asked);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return { folder, data, model: join(out, 'model.json') };
}

/** Beside the columns of `smallCsv` one of dates with cells missing. */
const table = (rows: number) =>
  smallCsv(rows, (row) => (row % 11 === 2 ? 'NA' : `20${10 + (row % 14)}-0${1 + (row % 9)}-1${row % 10}`));

/** What ONNX Runtime says of the rows of a CSV file, read as plain text. */
async function scoredByOnnx(model: string, csv: string) {
  const session = await InferenceSession.create(readFileSync(model), { logSeverityLevel: 3 });
  const [head, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\n');
  const names = head!.split(',');
  const cells = lines.map((line) => line.split(','));
  const column = (name: string) => cells.map((row) => row[names.indexOf(name)]!);
  const numbers = (values: number[]) => new Tensor('float64', Float64Array.from(values), [values.length, 1]);
  const feeds: Record<string, Tensor> = {
    size: numbers(column('size').map((text) => (text === '' ? Number.NaN : Number(text)))),
    colour: new Tensor('string', column('colour'), [cells.length, 1]),
    extra: numbers(column('extra').map((text) => (text === 'NA' ? Number.NaN : Date.parse(text)))),
  };
  const asked = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const { label, probabilities } = await session.run(asked);
  return { labels: [...(label!.data as unknown as string[])], p: probabilities!.data as Float64Array };
}

async function columnOf<T>(path: string, name: string): Promise<T> {
  const { table: read } = await readTable(path);
  return read.columns.find((column) => column.name === name) as T;
}

describe('counterweight export', () => {
  for (const strategy of ['class-weight/logistic', 'none/gradient-boosting', 'balanced-random-forest']) {
    it(`writes an ONNX file of ${strategy} that scores raw rows as predict does`, async () => {
      const { folder, model } = await trained(strategy);
      const [onnx, fresh, scored] = ['model.onnx', 'fresh.csv', 'scored.csv'].map((name) => join(folder, name));
      writeFileSync(fresh!, table(900).replaceAll('green', 'never seen'));
      const { code, stdout, stderr } = await cli('export', model, '--onnx', onnx!);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout).toBe(
        `${onnx}: for ONNX Runtime\n  takes  size (number), colour (text), extra (milliseconds since 1970, UTC)\n  gives  label, probabilities (no, yes)\n`,
      );
      expect((await cli('predict', model, fresh!, '--out', scored!)).code).toBe(0);
      const { p, labels } = await scoredByOnnx(onnx!, fresh!);
      const expected = (await columnOf<NumericColumn>(scored!, 'p')).values;
      const gaps = expected.map((value, row) => Math.abs(value - p[2 * row + 1]!));
      expect(gaps).toHaveLength(900);
      expect(Math.max(...gaps)).toBeLessThan(1e-9);
      const { codes, dictionary } = await columnOf<CategoricalColumn>(scored!, 'prediction');
      expect(labels).toEqual(Array.from(codes, (code) => dictionary[code]));
    });
  }

  it('writes the file of XGBoost too, and tells of both in one JSON document', async () => {
    const { folder, model } = await trained('none/gradient-boosting', smallCsv(300));
    const [onnx, xgboost] = [join(folder, 'm.onnx'), join(folder, 'm.json')];
    const { code, stdout } = await cli('export', model, '--onnx', onnx, '--xgboost', xgboost, '--encoded', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(stdout);
    expect(told.classes).toEqual(['no', 'yes']);
    expect(told.onnx).toMatchObject({ path: onnx, inputs: [{ name: 'X' }], outputs: { label: 'label' } });
    expect(told.onnx.features).toContain('colour = red');
    expect(told.xgboost.columns.map(({ name }: { name: string }) => name)).toEqual(['size', 'colour']);
    expect(JSON.parse(readFileSync(xgboost, 'utf8')).learner.feature_types).toEqual(['q', 'c']);
    expect(existsSync(onnx)).toBe(true);
  });

  it('refuses in one line, and then writes nothing', async () => {
    const { folder, model } = await trained('none/logistic', smallCsv(200));
    const before = readdirSync(folder);
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await cli('export', ...args);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    const onnx = join(folder, 'm.onnx');
    expect(await refused(model, '--onnx', onnx, '--xgboost', join(folder, 'x.json'))).toBe(
      "counterweight: XGBoost's format holds boosted trees, and this model is of kind logistic-regression; ONNX holds other kinds too\n",
    );
    expect(await refused(model)).toBe(
      'counterweight: there is nothing to write: give --onnx FILE, --xgboost FILE or both\n',
    );
    expect(await refused(model, '--xgboost', onnx, '--encoded')).toContain('--encoded is for --onnx');
    expect(await refused(model, '--onnx', model)).toContain('is the input file itself (MODEL)');
    expect(await refused(model, '--onnx', onnx, '--xgboost', onnx)).toContain('name the same file');
    expect(await refused(model, '--xgboost', join(folder, 'm.model'))).toContain('must end in .json');
    expect(await refused(join(folder, 'none.json'), '--onnx', onnx)).toContain('there is no such file');
    expect(await refused(model, '--onnx', join(folder, 'no', 'm.onnx'))).toContain('its folder does not exist');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says how to go on where a column is free text', async () => {
    const words = ['the car was hit', 'water came in', 'a window broke', 'somebody took the bike away'];
    const text = (row: number) => `${words[row % 4]} on day ${row} near the ${row % 7} bridge of the town`;
    const { folder, model } = await trained('none/logistic', smallCsv(200, text));
    const onnx = join(folder, 'm.onnx');
    expect((await cli('export', model, '--onnx', onnx)).stderr).toBe(
      'counterweight: column "extra" is free text, which ONNX cannot encode: taking words out of text has no plain operators; --encoded writes a file that takes the encoded matrix\n',
    );
    const { stdout } = await cli('export', model, '--onnx', onnx, '--encoded');
    expect(stdout).toMatch(/takes {2}X, a matrix of \d+ encoded columns/);
  });
});
