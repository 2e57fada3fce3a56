import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { PairRule } from './neighbourhood-types.ts';
import type { FindNeighbours } from './neighbourhoods.ts';

export interface DifficultyOptions {
  /** Finds neighbours: pass `nearestNeighbours`. */
  readonly find: FindNeighbours;
  /** Neighbours a row; default 5. */
  readonly k?: number | undefined;
  readonly pairRule?: PairRule | undefined;
  /** Draws samples and new rows; default 0. */
  readonly seed?: number | undefined;
  /** Rows whose neighbours (among all rows) are sought; default 20,000, rare classes whole. */
  readonly mostQueries?: number | undefined;
  /** Rows among which all distances are taken; default 4,000, each class by its share. */
  readonly mostPairRows?: number | undefined;
  /** Whether to find the nearest row of another class of every row looked at; default not. */
  readonly nearestOther?: boolean | undefined;
}

/** Throws `bad-option` unless the value is an integer from 2. */
export function checkedLimit(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 2) return value;
  throw new CounterweightError('bad-option', `${name} must be an integer from 2, got ${value}`);
}

export function samplingNotice(what: string, rows: number, all: number): Notice {
  return {
    code: 'difficulty-sampled',
    severity: 'info',
    message: `${what}: taken on ${rows} of ${all} rows, drawn by the seed within classes`,
    numbers: { rows, of: all },
  };
}
