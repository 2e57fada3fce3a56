/** Definitions written out as plainly as they can be: slow, and independent of the library. */

/** Isotonic regression of labels on scores at one score, by the max-min formula over the distinct scores. */
export function isotonicAt(scores, labels, at) {
  const groups = [...new Set(scores)].sort((a, b) => a - b);
  const mean = (low, high) => {
    const own = labels.filter((_, i) => scores[i] >= low && scores[i] <= high);
    return own.reduce((sum, label) => sum + label, 0) / own.length;
  };
  const lows = groups.filter((group) => group <= at);
  const highs = groups.filter((group) => group >= at);
  return Math.max(...lows.map((low) => Math.min(...highs.map((high) => mean(low, high)))));
}

/** p0 and p1: the isotonic fit at the score with the row itself added under either label. */
export const vennAbersAt = (scores, labels, at) =>
  [0, 1].map((label) => isotonicAt([...scores, at], [...labels, label], at));

/** The k-th smallest, k = n + 1 - floor((n + 1) alpha) with alpha as a whole number of hundredths. */
export function rankRule(scores, hundredths) {
  const k = scores.length + 1 - Math.floor(((scores.length + 1) * hundredths) / 100);
  return k > scores.length ? Number.POSITIVE_INFINITY : [...scores].sort((a, b) => a - b)[k - 1];
}

/** Expected calibration error of equal bins (a, b], the first with 0. */
export function binnedError(p, y, bins) {
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const own = [...p.keys()].filter((i) => Math.min(bins - 1, Math.max(0, Math.ceil(p[i] * bins) - 1)) === bin);
    if (own.length === 0) continue;
    const mean = (values) => own.reduce((sum, i) => sum + values[i], 0) / own.length;
    error += (own.length / p.length) * Math.abs(mean(p) - mean(y));
  }
  return error;
}

/** The best F1 over every threshold that any score could be. */
export function bestF1(scores, truth) {
  const positives = truth.reduce((sum, label) => sum + label, 0);
  const at = (threshold) => {
    const flagged = [...scores.keys()].filter((i) => scores[i] >= threshold);
    const hits = flagged.filter((i) => truth[i] === 1).length;
    return (2 * hits) / (flagged.length + positives);
  };
  return Math.max(...[...scores].map(at));
}

/** Share of rows that touch an edge between classes in the minimum spanning tree of points on a line. */
export function borderOnLine(points, labels) {
  const order = [...points.keys()].sort((a, b) => points[a] - points[b]);
  const touched = new Set();
  for (let i = 1; i < order.length; i++) {
    if (labels[order[i]] === labels[order[i - 1]]) continue;
    touched.add(order[i]).add(order[i - 1]);
  }
  return touched.size / points.length;
}

/** r / (1 + r), r the sum of distances to the nearest of the own class over that to the nearest of another. */
export function intraInterOnLine(points, labels) {
  const nearest = (row, own) =>
    Math.min(
      ...[...points.keys()]
        .filter((other) => other !== row && (labels[other] === labels[row]) === own)
        .map((other) => Math.abs(points[other] - points[row])),
    );
  const sum = (own) => [...points.keys()].reduce((total, row) => total + nearest(row, own), 0);
  return sum(true) / (sum(true) + sum(false));
}

/** F4: take the unused column that sets most of the remaining rows apart, drop those rows, go on; the share left. */
export function leftAfterColumns(rows, labels) {
  let left = [...rows.keys()];
  const unused = new Set(rows[0].keys());
  while (unused.size > 0) {
    const apart = (column) => {
      const values = [0, 1].map((label) => left.filter((row) => labels[row] === label).map((row) => rows[row][column]));
      const low = Math.max(...values.map((one) => Math.min(...one)));
      const high = Math.min(...values.map((one) => Math.max(...one)));
      return left.filter((row) => rows[row][column] < low || rows[row][column] > high);
    };
    if (!left.some((row) => labels[row] === 0) || !left.some((row) => labels[row] === 1)) return 0;
    const best = [...unused].reduce((a, b) => (apart(b).length > apart(a).length ? b : a));
    const gone = new Set(apart(best));
    left = left.filter((row) => !gone.has(row));
    unused.delete(best);
  }
  return left.length / rows.length;
}

export const standardNormalTail = (z) => {
  // Simpson's rule on the density from z to 12, beyond which less than 1e-32 lies.
  const steps = 20_000;
  const h = (12 - z) / steps;
  const density = (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(z) + density(12);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density(z + i * h);
  return (sum * h) / 3;
};
