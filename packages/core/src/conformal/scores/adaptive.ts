import { CounterweightError } from '../../runtime/errors.ts';
import { classOrder } from '../class-ranks.ts';
import type { ConformalScore } from './score.ts';

export interface ApsOptions {
  /** True unless told: subtract u p_y, which makes coverage exact. False: u = 0, larger sets that are never empty. */
  readonly randomised?: boolean | undefined;
}

export interface RapsOptions extends ApsOptions {
  /** Penalty λ >= 0 a rank beyond `kReg`. */
  readonly lambda: number;
  /** Ranks up to this one cost nothing. */
  readonly kReg: number;
}

/** APS: the mass of y and of all likelier classes, less u p_y. Romano, Sesia, Candès (2020). Ties rank by class code. */
export function aps(options: ApsOptions = {}): ConformalScore {
  const randomised = options.randomised ?? true;
  return Object.freeze({
    ...massScore(randomised, 0, 0),
    name: 'aps',
    toJSON: () => ({ kind: 'aps', randomised }),
  });
}

/**
 * RAPS: APS + λ max(0, rank - kReg). Angelopoulos, Bates, Malik, Jordan (2021); `tuneRaps` finds both numbers.
 * Throws `bad-option` unless λ and kReg are finite and at least 0.
 */
export function raps(options: RapsOptions): ConformalScore {
  const { lambda, kReg, randomised = true } = options;
  if (!(lambda >= 0 && kReg >= 0 && Number.isFinite(lambda + kReg))) {
    throw new CounterweightError('bad-option', `lambda and kReg must be finite and at least 0, got ${lambda}, ${kReg}`);
  }
  return Object.freeze({
    ...massScore(randomised, lambda, kReg),
    name: 'raps',
    toJSON: () => ({ kind: 'raps', lambda, kReg, randomised }),
  });
}

function massScore(
  randomised: boolean,
  lambda: number,
  kReg: number,
): Pick<ConformalScore, 'randomised' | 'largest' | 'requireClasses' | 'scoreRows'> {
  return {
    randomised,
    // Probabilities that sum to 1 only but for rounding may pass 1 by a hair.
    largest: (classes) => 1 + lambda * Math.max(0, classes - kReg),
    requireClasses: () => {},
    scoreRows: (p, classes, begin, end, u, out) => {
      const order = classOrder(classes);
      for (let row = begin, to = 0; row < end; row++, to += classes) {
        const start = row * classes;
        const ranked = order.of(p, start);
        const share = randomised ? u[row]! : 0;
        let mass = 0;
        for (let rank = 1; rank <= classes; rank++) {
          const label = ranked[rank - 1]!;
          const own = p[start + label]!;
          mass += own;
          out[to + label] = mass - share * own + (rank > kReg ? lambda * (rank - kReg) : 0);
        }
      }
    },
  };
}
