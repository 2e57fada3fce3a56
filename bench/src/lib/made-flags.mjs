import * as core from '@counterweight/core';

/** Hidden factors that make the flags go together, and how much of a flag's spread is theirs. */
const factors = 6;
const shared = 0.6;

/**
 * Rows of `columns` correlated flags, 0 or 1, that are set in 2 % to 95 % of the rows, with a rare class: about `share` of
 * the rows, by a score of a third of the flags, some pairs of them and noise. In the form of `encodedRows`, from the seed
 * alone. The shape is that of tables of face attributes (CelebA: 39 flags beside one that is rare).
 */
export function madeFlags({ rows, columns, share, seed }) {
  const stream = core.randomStream(seed, 'flags');
  const loadings = Array.from({ length: columns }, () => unit(Array.from({ length: factors }, () => stream.normal())));
  const cuts = Array.from({ length: columns }, (_, j) => normalQuantile(0.02 + (0.93 * (j + 0.5)) / columns));
  const weights = Array.from({ length: columns }, (_, j) => (j % 3 === 0 ? stream.normal() : 0));
  const pairs = Array.from({ length: 8 }, () => [stream.integer(columns), stream.integer(columns), stream.normal()]);
  const X = new Float64Array(rows * columns);
  const scores = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const hidden = Array.from({ length: factors }, () => stream.normal());
    const row = X.subarray(i * columns, (i + 1) * columns);
    let score = 1.5 * stream.normal();
    for (let j = 0; j < columns; j++) {
      let together = 0;
      for (let f = 0; f < factors; f++) together += loadings[j][f] * hidden[f];
      row[j] = Math.sqrt(shared) * together + Math.sqrt(1 - shared) * stream.normal() < cuts[j] ? 1 : 0;
      score += weights[j] * row[j];
    }
    for (const [a, b, weight] of pairs) score += weight * row[a] * row[b];
    scores[i] = score;
  }
  const bar = scores.slice().sort()[Math.floor(rows * (1 - share))];
  const y = Int32Array.from(scores, (score) => (score >= bar ? 1 : 0));
  return { X, y, labels: Array.from(y, String), columns, categorical: [] };
}

function unit(vector) {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** By bisection of the normal distribution's series; no more than a bench needs. */
function normalQuantile(p) {
  let low = -5;
  let high = 5;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

function normalShare(x) {
  let term = x;
  let sum = x;
  for (let k = 1; k < 120; k++) {
    term *= (-x * x * (2 * k - 1)) / (2 * k * (2 * k + 1));
    sum += term;
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}
