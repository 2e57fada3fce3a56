import { describe, expect, it } from 'vitest';
import { smote } from '../../src/resample/over/smote.ts';
import { createResampler, resamplers } from '../../src/resample/registry.ts';
import { createTableResampler, tableResamplers } from '../../src/resample/tables/table-registry.ts';
import { numeric, table } from '../data/tables.ts';
import { labelsOf, rowsOf } from './data.ts';

/** Data of another kind than a method takes are refused in one line that says what to call instead, whatever the method. */

const rows = [[1], [2], [3], [4]];
const names = ['a', 'b', 'b', 'b'];
const records = rows.map(([n]) => ({ n }));
const matrix = rowsOf(rows);
const X = table(numeric('n', [1, 2, 3, 4]));
const y = labelsOf(names);

const line = (code: string, ...parts: string[]) =>
  expect.objectContaining({ name: 'CounterweightError', code, message: expect.stringMatching(parts.join('.*')) });

describe.each([...resamplers.keys()])('%s for numbers refuses', (name) => {
  it.each([
    ['rows in arrays', { X: rows, y: names }, line('bad-rows', 'matrix', 'got an array', 'fitResample')],
    ['labels in an array', { X: matrix, y: names }, line('bad-labels', 'codes', 'got an array', 'fitResample')],
    ['no labels', { X: matrix }, line('bad-labels', 'got undefined')],
    ['nothing', undefined, line('bad-rows', 'got undefined')],
    ['a table', { X, y }, line('bad-rows', 'got a table', 'createTableResampler')],
  ])('%s', async (_, data, error) => {
    await expect(createResampler(name).resample(data as never)).rejects.toEqual(error);
  });
});

describe.each([...tableResamplers.keys()])('%s for tables refuses', (name) => {
  it.each([
    ['records', { X: records, y }, line('bad-rows', 'table', 'got an array', 'fitResample')],
    ['labels in an array', { X, y: names }, line('bad-labels', 'codes', 'got an array', 'fitResample')],
    ['a matrix', { X: matrix, y }, line('bad-rows', 'got a matrix', 'createResampler')],
  ])('%s', async (_, data, error) => {
    await expect(createTableResampler(name).resample(data as never)).rejects.toEqual(error);
  });
});

describe.each([...tableResamplers.keys()])('%s refuses options that are', (name) => {
  it.each([
    ['null', null],
    ['a number', 5],
    ['text', 'seed=1'],
    ['a list', ['seed']],
    ['misspelt', { sed: 1 }],
  ])('%s', (_, options) => {
    const wanted = _ === 'misspelt' ? ['no option "sed"'] : ['options of', 'must be an object'];
    const refused = line('bad-option', ...wanted);
    expect(() => createTableResampler(name, options as never)).toThrow(refused);
    if (resamplers.has(name)) expect(() => createResampler(name, options as never)).toThrow(refused);
  });
});

it('takes the data that it asks for', async () => {
  const { data } = await smote({ seed: 1, onTooFew: 'random' }).resample({ X: matrix, y });
  expect(data.X.rows).toBe(6);
});
