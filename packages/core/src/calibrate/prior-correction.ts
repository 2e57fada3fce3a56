import { checkOptionNames } from '../data/check-option-names.ts';
import { described } from '../data/described.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** Puts probabilities right that were learned under other class shares than the true ones. */
export interface PriorCorrection {
  /** Shares of the classes where the model is used, summing to 1. */
  readonly trueShares: Float64Array;
  /** Shares of the classes in what the model saw, summing to 1. */
  readonly seenShares: Float64Array;
  /** True where both shares are the same, so that nothing changes. */
  readonly isIdentity: boolean;
  /** rows × classes; the very same matrix where nothing changes. Throws `shape-mismatch`. */
  apply(probabilities: Matrix): Matrix;
  /** The threshold on corrected probabilities that decides like `threshold` on raw ones. Binary only: `bad-option`. */
  thresholdToCorrected(threshold: number): number;
  /** The threshold on raw probabilities that decides like `threshold` on corrected ones. Binary only: `bad-option`. */
  thresholdToRaw(threshold: number): number;
  toJSON(): PriorCorrectionJSON;
}

export interface PriorCorrectionJSON {
  readonly kind: 'prior-correction';
  readonly trueShares: readonly number[];
  readonly seenShares: readonly number[];
  readonly positive: number;
}

export interface PriorCorrectionOptions {
  /** Shares, counts or weights of the classes where the model is used; any positive scale. */
  readonly trueShares: Float64Array;
  /** The same in the data the model saw after resampling or weighting. */
  readonly seenShares: Float64Array;
  /** Code of the class that thresholds speak of, in a binary task; default 1. */
  readonly positive?: number | undefined;
}

/**
 * The correction for a changed prior: p_y ∝ p_y π_y / π'_y, with π the true shares and π' those that were seen
 * (Saerens, Latinne and Decaestecker, 2002; for undersampling Dal Pozzolo et al., 2015).
 *
 * It is exact where the model learned the posterior of the changed data, and over-corrects models that memorise copied
 * rows. Equal shares change no bit; 0 stays 0 and 1 stays 1. A class with no rows in either is left as it is.
 * Throws `bad-shares` for negative or not finite shares, or for a class that truly occurs but was never seen.
 */
export function priorCorrection(options: PriorCorrectionOptions): PriorCorrection {
  checkOptionNames('the prior correction', options, ['trueShares', 'seenShares', 'positive']);
  const { trueShares, seenShares, positive = 1 } = options;
  requireShares(trueShares, seenShares);
  const truth = normalised(trueShares);
  const seen = normalised(seenShares);
  const factors = truth.map((share, label) => (seen[label] === 0 ? 1 : share / seen[label]!));
  const isIdentity = factors.every((factor) => factor === 1);
  if (factors.length === 2 && positive !== 0 && positive !== 1) {
    throw new CounterweightError('bad-option', `positive must be 0 or 1 in a binary task, got ${positive}`);
  }
  const moved = (threshold: number, up: boolean) => {
    requireBinary(factors.length);
    if (isIdentity) return threshold;
    const own = factors[positive]!;
    const other = factors[1 - positive]!;
    return up ? movedThreshold(threshold, own, other) : movedThreshold(threshold, other, own);
  };
  return Object.freeze({
    trueShares: truth,
    seenShares: seen,
    isIdentity,
    apply: (probabilities: Matrix) =>
      isIdentity ? checked(probabilities, factors) : corrected(probabilities, factors),
    thresholdToCorrected: (threshold: number) => moved(threshold, true),
    thresholdToRaw: (threshold: number) => moved(threshold, false),
    toJSON: (): PriorCorrectionJSON => ({
      kind: 'prior-correction',
      trueShares: [...truth],
      seenShares: [...seen],
      positive,
    }),
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model` if it is something else, `bad-shares` as `priorCorrection`. */
export function priorCorrectionFromJSON(json: unknown): PriorCorrection {
  const { kind, trueShares, seenShares, positive } = (json ?? {}) as Record<string, unknown>;
  if (kind !== 'prior-correction' || !isNumbers(trueShares) || !isNumbers(seenShares) || typeof positive !== 'number') {
    throw new CounterweightError('bad-model', 'the prior correction of this model file is damaged or of another kind');
  }
  return priorCorrection({
    trueShares: Float64Array.from(trueShares),
    seenShares: Float64Array.from(seenShares),
    positive,
  });
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

/** Throws `bad-shares` unless it is an array of numbers. */
export function requireShareList(name: string, shares: unknown): void {
  if (ArrayBuffer.isView(shares) || Array.isArray(shares)) return;
  throw new CounterweightError(
    'bad-shares',
    `${name} must be a Float64Array of one share a class, got ${described(shares)}`,
  );
}

function requireShares(trueShares: Float64Array, seenShares: Float64Array): void {
  requireShareList('trueShares', trueShares);
  requireShareList('seenShares', seenShares);
  if (trueShares.length !== seenShares.length || trueShares.length < 2) {
    throw new CounterweightError(
      'shape-mismatch',
      `trueShares and seenShares need one entry a class, got ${trueShares.length} and ${seenShares.length}`,
    );
  }
  for (const [name, shares] of [
    ['trueShares', trueShares],
    ['seenShares', seenShares],
  ] as const) {
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (!shares.every((share) => share >= 0) || !(total > 0 && total < Number.POSITIVE_INFINITY)) {
      throw new CounterweightError(
        'bad-shares',
        `${name} must be at least 0, finite and not all 0, got ${shares.join(', ')}`,
      );
    }
  }
  const unseen = seenShares.findIndex((share, label) => share === 0 && trueShares[label]! > 0);
  if (unseen >= 0) {
    throw new CounterweightError(
      'bad-shares',
      `class ${unseen} has a true share of ${trueShares[unseen]} but the model saw none of it; no correction can repair that`,
      { class: unseen },
    );
  }
}

/** Divided by their sum, unless that is 1 but for rounding, so that writing and reading again changes no bit. */
function normalised(shares: Float64Array): Float64Array {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return Math.abs(total - 1) <= 4 * shares.length * Number.EPSILON
    ? Float64Array.from(shares)
    : shares.map((share) => share / total);
}

function checked(probabilities: Matrix, factors: Float64Array): Matrix {
  if (probabilities.columns !== factors.length) {
    throw new CounterweightError(
      'shape-mismatch',
      `the prior correction knows ${factors.length} classes, the probabilities have ${probabilities.columns} columns`,
    );
  }
  return probabilities;
}

function corrected(probabilities: Matrix, factors: Float64Array): Matrix {
  const { data, rows, columns } = checked(probabilities, factors);
  const out = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += columns) {
    let total = 0;
    for (let label = 0; label < columns; label++) total += data[start + label]! * factors[label]!;
    for (let label = 0; label < columns; label++) {
      // A row whose whole mass lies on classes that truly never occur has no corrected form; it is left as it is.
      out[start + label] = total > 0 ? (data[start + label]! * factors[label]!) / total : data[start + label]!;
    }
  }
  return matrix(out, rows, columns);
}

function requireBinary(classes: number): void {
  if (classes !== 2) {
    throw new CounterweightError(
      'bad-option',
      `a threshold needs a binary task, this correction has ${classes} classes`,
    );
  }
}

/** t own / (t own + (1 - t) other) inside 0 .. 1; a threshold at or beyond an end (predict all, predict none) stays. */
function movedThreshold(threshold: number, own: number, other: number): number {
  if (!(threshold > 0 && threshold < 1)) return threshold;
  const total = threshold * own + (1 - threshold) * other;
  return total > 0 ? (threshold * own) / total : threshold;
}
