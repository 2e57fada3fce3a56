import * as core from '@counterweight/core';

/** Labels with codes 0 .. classes - 1. */
export const labels = (codes, classes) => ({
  codes: Int32Array.from(codes),
  classes: Array.from({ length: classes }, (_, code) => code),
});

export const rows = (values) => core.matrix(Float64Array.from(values.flat()), values.length, values[0].length);

/** One column of numbers. */
export const column = (values) => core.matrix(Float64Array.from(values), values.length, 1);

export const numbers = (...values) => Float64Array.from(values);

export const range = (count, from = 0, step = 1) => Array.from({ length: count }, (_, i) => from + step * i);

export const repeated = (counts) => counts.flatMap((count, label) => new Array(count).fill(label));

/** Class probabilities of a model that is fairly sure: logit 3 for the true class, 0 for the others. */
export const fairlySure = (codes, classes) =>
  rows(
    codes.map((code) => {
      const total = Math.exp(3) + classes - 1;
      return Array.from({ length: classes }, (_, label) => (label === code ? Math.exp(3) : 1) / total);
    }),
  );
