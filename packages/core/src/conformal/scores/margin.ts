import type { ConformalScore } from './score.ts';

/** Margin: the largest probability among the other classes, minus p_y. With one class, -p_y. */
export function margin(): ConformalScore {
  return Object.freeze({
    name: 'margin',
    randomised: false,
    largest: () => 1,
    requireClasses: () => {},
    scoreRows: (p: Float64Array, classes: number, begin: number, end: number, _u: Float64Array, out: Float64Array) => {
      for (let row = begin, to = 0; row < end; row++, to += classes) {
        const start = row * classes;
        let best = 0;
        let second = 0;
        let winner = -1;
        for (let label = 0; label < classes; label++) {
          const value = p[start + label]!;
          if (winner < 0 || value > best) {
            second = winner < 0 ? 0 : best;
            best = value;
            winner = label;
          } else if (value > second) {
            second = value;
          }
        }
        for (let label = 0; label < classes; label++) {
          out[to + label] = (label === winner ? second : best) - p[start + label]!;
        }
      }
    },
    toJSON: () => ({ kind: 'margin' }),
  });
}
