import type { ConformalScore } from './score.ts';

/** LAC (also THR, hinge): 1 - p_y. Sadinle, Lei, Wasserman (2019): the smallest sets on average. */
export function lac(): ConformalScore {
  return Object.freeze({
    name: 'lac',
    randomised: false,
    largest: () => 1,
    requireClasses: () => {},
    scoreRows: (p: Float64Array, classes: number, begin: number, end: number, _u: Float64Array, out: Float64Array) => {
      for (let from = begin * classes, to = 0; from < end * classes; from++, to++) out[to] = 1 - p[from]!;
    },
    toJSON: () => ({ kind: 'lac' }),
  });
}
