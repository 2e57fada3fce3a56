import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import { gradientBoosting, gradientBoostingRegression, modelToXgboost } from '../../../src/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { largestGap } from '../helpers.ts';

/** A model, rows to ask it about, and its file for XGBoost. */
export interface XgboostCase {
  readonly name: string;
  readonly text: string;
  readonly X: Matrix;
  /** What the model itself says: of two classes the probability of the second, of more one a class, of a regression the number. */
  readonly ours: Float64Array;
}

/** XGBoost's predictions for the very files of these cases; see xgboost.py beside the fixture. */
const golden = JSON.parse(readFileSync(new URL('../../fixtures/xgboost.json', import.meta.url), 'utf8')) as {
  readonly cases: Readonly<Record<string, { readonly sha256: string; readonly predictions: readonly number[] }>>;
};

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** XGBoost must say of a case what we say, but for less than `gap`, as it was asked about this very file. */
export function expectAsXgboost({ name, text, ours }: XgboostCase, gap: number): void {
  const { sha256, predictions } = golden.cases[name]!;
  expect(hash(text), `${name}: the file is no longer the one that XGBoost was asked about`).toBe(sha256);
  expect(largestGap(predictions, ours), name).toBeLessThan(gap);
}

/** Folder that xgboost.py reads; undefined in ordinary runs. */
export const casesFolder = process.env['WRITE_XGBOOST_CASES'];

/** Writes the files and the rows that XGBoost is asked about. */
export function writeCases(group: string, cases: readonly XgboostCase[]): void {
  for (const [place, { name, text, X }] of cases.entries()) {
    const file = `${group}-${place}`;
    writeFileSync(join(casesFolder!, `${file}.json`), text);
    const cells = Array.from(X.data, (cell) => (Number.isNaN(cell) ? null : cell));
    const rows = { name, sha256: hash(text), rows: X.rows, cells };
    writeFileSync(join(casesFolder!, `${file}.rows`), JSON.stringify(rows));
  }
}

const rows = 400;

/**
 * Two columns of numbers, one with missing values, and one of category codes, all of them float32; rows to ask add every
 * threshold rounded to float32, the float32 below and that above.
 */
function drawn() {
  const stream = randomStream(11, 'xgboost cases');
  const cells = new Float64Array(3 * rows);
  for (let i = 0; i < rows; i++) {
    cells[3 * i] = Math.fround(stream.normal());
    cells[3 * i + 1] = stream.uniform() < 0.25 ? Number.NaN : Math.fround(100 * stream.uniform());
    cells[3 * i + 2] = stream.uniform() < 0.1 ? Number.NaN : stream.integer(12);
  }
  const codes = Int32Array.from({ length: rows }, (_, i) => {
    const [a, b, c] = cells.subarray(3 * i, 3 * i + 3);
    if (Number.isNaN(b!)) return stream.uniform() < 0.8 ? 2 : 0;
    return [2, 3, 9].includes(c!) ? 1 : Number(a! + stream.normal() > 0.5);
  });
  return { X: matrix(cells, rows, 3), codes };
}

type Split = readonly [feature: number, threshold: number];

function askedRows(X: Matrix, splits: readonly Split[]): Matrix {
  const cells = [...X.data];
  for (const [feature, threshold] of splits) {
    const rounded = Math.fround(threshold);
    const step = 2 ** (Math.floor(Math.log2(Math.abs(rounded) || 1e-30)) - 23);
    for (const value of [rounded, Math.fround(rounded + step), Math.fround(rounded - step)]) {
      if (Number.isFinite(value)) cells.push(...[0.1, 50, 3].map((cell, j) => (j === feature ? value : cell)));
    }
  }
  for (const code of [20, 200, 255]) cells.push(0.1, 50, code);
  return matrix(Float64Array.from(cells), cells.length / 3, 3);
}

interface Trees {
  readonly trees: readonly { readonly tree: { readonly feature: Int32Array; readonly threshold: Float64Array } }[];
}

function splitsOf({ trees }: Trees): Split[] {
  return trees
    .slice(0, 12)
    .flatMap(({ tree }) =>
      Array.from(tree.feature, (feature, node): Split => [feature, tree.threshold[node]!]).filter(
        ([f]) => f >= 0 && f < 2,
      ),
    );
}

export async function xgboostCases(): Promise<XgboostCase[]> {
  const { X, codes } = drawn();
  const options = { maxIterations: 25, minSamplesLeaf: 3, maxLeafNodes: 12 };
  const cases: XgboostCase[] = [];
  const classifiers = [
    { name: 'binary', last: 1, classes: ['no', 'yes'] as const, categoricalFeatures: [] },
    { name: 'binary with categories', last: 1, classes: ['no', 'yes'] as const, categoricalFeatures: [2] },
    { name: 'three classes with categories', last: 2, classes: ['a', 'b', 'c'] as const, categoricalFeatures: [2] },
  ];
  for (const { name, last, classes, categoricalFeatures } of classifiers) {
    const y = { codes: codes.map((code) => Math.min(code, last)), classes };
    const model = await gradientBoosting({ ...options, categoricalFeatures }).fit({ X, y });
    const asked = askedRows(X, splitsOf(model));
    const { data } = await model.predictProba(asked);
    const ours = last === 1 ? data.filter((_, at) => at % 2 === 1) : data;
    cases.push({ name, text: modelToXgboost(model), X: asked, ours });
  }
  const targets = Float64Array.from({ length: rows }, (_, i) => 40 + 10 * codes[i]! + X.data[3 * i]!);
  const model = await gradientBoostingRegression(options).fit({ X, targets });
  const asked = askedRows(X, splitsOf(model));
  cases.push({ name: 'regression', text: modelToXgboost(model), X: asked, ours: await model.predict(asked) });
  return cases;
}
