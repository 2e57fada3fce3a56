import type { Dataset } from '../data/dataset.ts';
import { described } from '../data/described.ts';
import type { Resampler } from '../resample/resampler.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { addNewCodes, type Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** A resampler, whose seed is then that of every member, or what makes one from a member's own seed. */
export type MemberSampler = Resampler | ((seed: number) => Resampler);

/** Throws `bad-option` unless it is a learner, a calibrator or whatever else has a `fit`; or, where `made`, what makes one. */
export function checkFitted(option: string, what: string, value: unknown, made = false): void {
  if (value === undefined || (made && typeof value === 'function')) return;
  if (typeof (value as { readonly fit?: unknown } | null)?.fit === 'function') return;
  const maker = made ? `, or a function from a seed to one` : '';
  throw new CounterweightError('bad-option', `${option} must be ${what}${maker}, got ${described(value)}`);
}

/** Throws `bad-option` unless it is a resampler or a function. */
export function checkSampler(sampler: unknown): void {
  if (sampler === undefined || typeof sampler === 'function' || isResampler(sampler)) return;
  throw notResampler(sampler);
}

const isResampler = (value: unknown): value is Resampler =>
  typeof (value as Partial<Resampler> | null | undefined)?.resample === 'function';

function notResampler(got: unknown): CounterweightError {
  return new CounterweightError(
    'bad-option',
    `sampler must be a resampler, such as smote(), or a function from a seed to one, got ${described(got)}`,
  );
}

/** Throws `bad-option` where SMOTE would have to make rows between categories. */
export function checkSmote({ sampler, categoricalFeatures }: SmoteUse): void {
  if (sampler !== undefined || !Array.isArray(categoricalFeatures) || categoricalFeatures.length === 0) return;
  throw new CounterweightError(
    'bad-option',
    'there is nothing between categories for SMOTE to make: give columns of 0 and 1 instead of categoricalFeatures, or a sampler that copies rows',
  );
}

interface SmoteUse {
  readonly sampler?: unknown;
  readonly categoricalFeatures?: readonly number[] | undefined;
}

/**
 * What treated rows count: copies what their row does, new ones as much as a row does on average (as in SMOTEBoost), each
 * times the weight that the resampler gave it, as mixup does.
 */
export function treatedWeights({ data, source }: TreatedRows, weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  const own = data.weights;
  return Float64Array.from(source, (row, at) => (row < 0 ? mean : weights[row]!) * (own ? own[at]! : 1));
}

/** Rows that a resampler has made of others. */
export interface TreatedRows {
  readonly data: Dataset;
  /** Of each row the one that it is a copy of, or -1 for a new one. */
  readonly source: Int32Array;
}

/**
 * What the sampler makes of a member's rows. Rows that it would leave without one of their classes stay as they are, which a
 * notice tells of: a member that never saw a class calls none by it. Throws `bad-option`, and as the resampler.
 */
export async function treatedRows(
  sampler: MemberSampler,
  seed: number,
  rows: Dataset,
  notices: Notice[],
  run?: RunOptions,
): Promise<TreatedRows> {
  const resampler = typeof sampler === 'function' ? sampler(seed) : sampler;
  if (!isResampler(resampler)) throw notResampler(resampler);
  const { data, provenance, notices: told } = await resampler.resample(rows, run);
  addNewCodes(notices, told);
  const left = new Set(data.y.codes);
  const gone = [...new Set(rows.y.codes)].find((code) => !left.has(code));
  if (gone === undefined) return { data, source: provenance.source };
  const label = rows.y.classes[gone]!;
  const message = `${resampler.name} left members without a row of class ${label}; they learned from their rows as they were`;
  addNewCodes(notices, [{ code: 'not-resampled', severity: 'warning', message, class: label }]);
  return { data: rows, source: Int32Array.from({ length: rows.X.rows }, (_, row) => row) };
}
