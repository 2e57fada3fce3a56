import { classOrder } from '../class-ranks.ts';
import type { ConformalScore } from './score.ts';

export interface TopKScoreOptions {
  /** False unless told. True: rank - u, which breaks the many ties and makes coverage exact. */
  readonly randomised?: boolean | undefined;
}

/** Top-k: the rank of y by descending probability (ties by class code), from 1. Sets have k labels in every row. */
export function topK(options: TopKScoreOptions = {}): ConformalScore {
  const randomised = options.randomised ?? false;
  return Object.freeze({
    name: 'top-k',
    randomised,
    largest: (classes: number) => classes,
    requireClasses: () => {},
    scoreRows: (p: Float64Array, classes: number, begin: number, end: number, u: Float64Array, out: Float64Array) => {
      const order = classOrder(classes);
      for (let row = begin, to = 0; row < end; row++, to += classes) {
        const ranked = order.of(p, row * classes);
        const share = randomised ? u[row]! : 0;
        for (let rank = 1; rank <= classes; rank++) out[to + ranked[rank - 1]!] = rank - share;
      }
    },
    toJSON: () => ({ kind: 'top-k', randomised }),
  });
}
