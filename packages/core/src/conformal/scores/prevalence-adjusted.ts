import { CounterweightError } from '../../runtime/errors.ts';
import type { ConformalScore } from './score.ts';

export interface PasOptions {
  /** Share of each class in the rows the model learned from, all above 0; need not sum to 1. */
  readonly shares: Float64Array;
}

export interface WpasOptions extends PasOptions {
  /** What covering each class is worth, at least 0. */
  readonly importance: Float64Array;
}

/**
 * PAS: -p_y / π_y, so that rare classes are not asked for the confidence of frequent ones; aims at macro coverage with
 * a marginal guarantee. Ding, Fermanian, Salmon (2026). The shares must not come from the calibration rows.
 * Throws `bad-shares`.
 */
export function pas(options: PasOptions): ConformalScore {
  const shares = checkedShares(options.shares);
  return Object.freeze({
    ...scaledScore(shares.map((share) => 1 / share)),
    name: 'pas',
    toJSON: () => ({ kind: 'pas', shares: [...shares] }),
  });
}

/** WPAS: -ω_y p_y / π_y: as PAS, for coverage weighted by ω. Throws `bad-shares`, `bad-option`. */
export function wpas(options: WpasOptions): ConformalScore {
  const shares = checkedShares(options.shares);
  const importance = options.importance.slice();
  if (importance.length !== shares.length || !importance.every((value) => value >= 0 && Number.isFinite(value))) {
    throw new CounterweightError('bad-option', 'importance must have one finite number of at least 0 for each class');
  }
  return Object.freeze({
    ...scaledScore(shares.map((share, label) => importance[label]! / share)),
    name: 'wpas',
    toJSON: () => ({ kind: 'wpas', shares: [...shares], importance: [...importance] }),
  });
}

function checkedShares(shares: Float64Array): Float64Array {
  const bad = shares.findIndex((share) => !(share > 0 && Number.isFinite(1 / share)));
  if (shares.length === 0 || bad >= 0) {
    throw new CounterweightError(
      'bad-shares',
      shares.length === 0
        ? 'shares need one entry a class'
        : `shares must be above 0, got ${shares[bad]} for class ${bad}; give a class that was never seen a small share`,
      shares.length === 0 ? {} : { class: bad },
    );
  }
  return shares.slice();
}

function scaledScore(
  factors: Float64Array,
): Pick<ConformalScore, 'randomised' | 'largest' | 'requireClasses' | 'scoreRows'> {
  return {
    randomised: false,
    largest: () => 0,
    requireClasses: (classes) => {
      if (classes !== factors.length) {
        throw new CounterweightError('shape-mismatch', `shares have ${factors.length} entries for ${classes} classes`);
      }
    },
    scoreRows: (p, classes, begin, end, _u, out) => {
      for (let row = begin, to = 0; row < end; row++) {
        for (let label = 0; label < classes; label++, to++) out[to] = 0 - p[row * classes + label]! * factors[label]!;
      }
    },
  };
}
