import { type Classes, type ConformalModel, CounterweightError, conformalModelFromJSON } from '@counterweight/core';
import { readModelJson } from '../input/read-model-json.ts';
import type { CategoryColumn } from './categories.ts';
import type { ScoreColumns } from './read-rows.ts';

/** A fitted model with what it needs of a file. */
export interface SavedConformal {
  readonly columns: ScoreColumns;
  readonly categories: CategoryColumn | null;
  /** Column of the truth, as it was called in the calibration rows. */
  readonly target: string;
  readonly alpha: number;
  readonly smoothed: boolean;
  readonly exactCoverage: boolean;
  readonly seed: number;
  readonly model: ConformalModel;
}

const FORMAT = 'counterweight-conformal-model';

/** Plain data; the same model gives the same bytes. */
export function conformalToJSON(saved: SavedConformal): string {
  const { columns, categories, target, alpha, smoothed, exactCoverage, seed, model } = saved;
  const { names, positive } = columns;
  return `${JSON.stringify({
    format: FORMAT,
    formatVersion: 1,
    columns: { names, positive },
    categories,
    target,
    alpha,
    smoothed,
    exactCoverage,
    seed,
    model: model.toJSON(),
  })}\n`;
}

/** Reads what `conformalToJSON` wrote. Throws `no-such-file`, `bad-model` naming the field. */
export async function readConformalFile(path: string): Promise<SavedConformal> {
  return parseSaved(path, await readModelJson(path, 'model', damaged));
}

function parseSaved(path: string, json: unknown): SavedConformal {
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const fail = (name: string) => damaged(path, `field "${name}" is missing or wrong`);
  if (fields['format'] !== FORMAT) throw damaged(path, 'it was not written by --save');
  if (fields['formatVersion'] !== 1) throw damaged(path, `this version reads format 1, not ${fields['formatVersion']}`);
  const { target, alpha, smoothed, exactCoverage, seed } = fields;
  if (typeof target !== 'string') throw fail('target');
  if (typeof alpha !== 'number' || !(alpha > 0 && alpha < 1)) throw fail('alpha');
  if (typeof smoothed !== 'boolean') throw fail('smoothed');
  if (typeof exactCoverage !== 'boolean') throw fail('exactCoverage');
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0) throw fail('seed');
  const model = readModel(path, fields['model']);
  const columns = scoreColumns(fields['columns'], model.classes);
  if (!columns) throw fail('columns');
  const categories = categoryColumn(fields['categories']);
  const needed = /-category$/.test(model.name);
  if (categories === undefined || needed !== (categories !== null)) throw fail('categories');
  return Object.freeze({ columns, categories, target, alpha, smoothed, exactCoverage, seed, model });
}

function readModel(path: string, json: unknown): ConformalModel {
  try {
    return conformalModelFromJSON(json);
  } catch (error) {
    if (error instanceof CounterweightError) throw damaged(path, error.message);
    throw error;
  }
}

function scoreColumns(json: unknown, classes: Classes): ScoreColumns | undefined {
  const { names, positive } = (json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  if (positive === null) return names.length === classes.length ? { names, classes, positive } : undefined;
  if (names.length !== 1 || classes.length !== 2 || (positive !== 0 && positive !== 1)) return undefined;
  return { names, classes, positive };
}

const kinds: readonly unknown[] = ['numeric', 'boolean', 'categorical', 'date-time'];

function categoryColumn(json: unknown): CategoryColumn | null | undefined {
  if (json === null) return null;
  const { name, kind, values } = (json ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !kinds.includes(kind) || !Array.isArray(values)) return undefined;
  if (!values.every((value) => value === null || typeof value === 'string')) return undefined;
  return { name, kind: kind as CategoryColumn['kind'], values };
}

function damaged(path: string, why: string): CounterweightError {
  return new CounterweightError('bad-model', `${path} is no usable conformal model: ${why}`);
}
