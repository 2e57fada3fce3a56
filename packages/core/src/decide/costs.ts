import type { ClassLabel } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import type { Confusion } from '../metrics/confusion.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';

/** `costs[predicted][true]`: what it costs to predict the first when the second is true. Gains are negative. */
export type CostMatrix = readonly (readonly number[])[];

/** The cost matrix of a binary task from the costs of its two mistakes, being right costing 0. `positive` is 0 or 1. */
export function binaryCosts(options: {
  readonly falseNegative: number;
  readonly falsePositive: number;
  readonly positive?: number;
}): CostMatrix {
  const { falseNegative, falsePositive, positive = 1 } = options;
  const costs =
    positive === 1
      ? [
          [0, falseNegative],
          [falsePositive, 0],
        ]
      : [
          [0, falsePositive],
          [falseNegative, 0],
        ];
  checkCosts(costs);
  return Object.freeze(costs.map((row) => Object.freeze(row)));
}

/**
 * Checks that a cost matrix can lead to decisions at all (Elkan, IJCAI 2001, section 1.2).
 *
 * Throws `bad-costs` unless it is square, of finite numbers, and, with two classes, each mistake costs more than being
 * right about that class: otherwise one class would always be the cheaper prediction. With more classes the same flaws
 * come back as notices: `mistake-not-dearer` for a cell that is not dearer than its diagonal, `class-never-predicted`
 * for a class that another one beats whatever is true. `names` of the classes stand in messages instead of their numbers.
 */
export function checkCosts(costs: CostMatrix, names?: readonly ClassLabel[]): readonly Notice[] {
  const classes = costs.length;
  if (classes < 2 || costs.some((row) => row.length !== classes)) {
    throw new CounterweightError(
      'bad-costs',
      `costs must be a square matrix, one row a predicted class, got ${shapeOf(costs)}`,
    );
  }
  for (const row of costs) {
    for (const cost of row) {
      if (!Number.isFinite(cost))
        throw new CounterweightError('bad-costs', `costs must be finite numbers, got ${cost}`);
    }
  }
  const cheap = cheapMistakes(costs, names);
  if (classes === 2 && cheap.length > 0) throw new CounterweightError('bad-costs', cheap[0]!.message);
  return [...cheap, ...dominatedClasses(costs)];
}

/**
 * Elkan's threshold: predict positive iff its probability is at least (c10 - c00) / (c10 - c00 + c01 - c11), where c10
 * is the cost of a false alarm and c01 that of a miss. Holds for calibrated probabilities. Throws `bad-costs`.
 */
export function costThreshold(costs: CostMatrix, positive = 1): number {
  checkCosts(costs);
  if (costs.length !== 2 || (positive !== 0 && positive !== 1)) {
    throw new CounterweightError('bad-costs', `a cost threshold needs two classes, got ${costs.length}`);
  }
  const negative = 1 - positive;
  const alarm = costs[positive]![negative]! - costs[negative]![negative]!;
  const miss = costs[negative]![positive]! - costs[positive]![positive]!;
  return alarm / (alarm + miss);
}

/**
 * The class of least expected cost in each row, Σ_j costs[i][j] p_j; the lowest code of equals, but with two classes
 * `positive` (default 1) exactly where its probability reaches `costThreshold`. Throws `bad-costs`, `shape-mismatch`.
 */
export function minimumCostDecisions(probabilities: Matrix, costs: CostMatrix, positive = 1): Int32Array {
  checkCosts(costs);
  const { data, rows, columns } = probabilities;
  requireClasses(columns, costs);
  const decisions = new Int32Array(rows);
  if (columns === 2) {
    const threshold = costThreshold(costs, positive);
    for (let row = 0; row < rows; row++) {
      decisions[row] = data[2 * row + positive]! >= threshold ? positive : 1 - positive;
    }
    return decisions;
  }
  for (let row = 0; row < rows; row++) decisions[row] = cheapestClass(data, row * columns, costs);
  return decisions;
}

/** Mean cost of a row: Σ confusion × costs / Σ confusion. NaN without rows. Throws `shape-mismatch`. */
export function expectedCost(confusion: Confusion, costs: CostMatrix): number {
  const { classes, counts } = confusion;
  requireClasses(classes, costs);
  let sum = 0;
  let total = 0;
  for (let truth = 0; truth < classes; truth++) {
    for (let predicted = 0; predicted < classes; predicted++) {
      const count = counts[truth * classes + predicted]!;
      sum += count * costs[predicted]![truth]!;
      total += count;
    }
  }
  return sum / total;
}

function cheapestClass(data: Float64Array, start: number, costs: CostMatrix): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let label = 0; label < costs.length; label++) {
    const row = costs[label]!;
    let cost = 0;
    for (let truth = 0; truth < row.length; truth++) cost += row[truth]! * data[start + truth]!;
    if (cost < least) {
      least = cost;
      best = label;
    }
  }
  return best;
}

function requireClasses(classes: number, costs: CostMatrix): void {
  if (classes !== costs.length) {
    throw new CounterweightError('shape-mismatch', `costs are ${shapeOf(costs)}, but there are ${classes} classes`);
  }
}

function shapeOf(costs: CostMatrix): string {
  const widths = [...new Set(costs.map((row) => row.length))];
  return `${costs.length} x ${widths.length === 1 ? widths[0] : widths.join('/')}`;
}

function cheapMistakes(costs: CostMatrix, names: readonly ClassLabel[] | undefined): Notice[] {
  const named = (code: number) => (names ? `"${names[code]}"` : code);
  const notices: Notice[] = [];
  for (let truth = 0; truth < costs.length; truth++) {
    for (let predicted = 0; predicted < costs.length; predicted++) {
      const wrong = costs[predicted]![truth]!;
      const right = costs[truth]![truth]!;
      if (predicted === truth || wrong > right) continue;
      notices.push({
        code: 'mistake-not-dearer',
        severity: 'warning',
        message: `predicting class ${named(predicted)} when class ${named(truth)} is true costs ${wrong}, no more than predicting it right (${right})`,
        numbers: { predicted, true: truth, wrong, right },
      });
    }
  }
  return notices;
}

function dominatedClasses(costs: CostMatrix): Notice[] {
  const notices: Notice[] = [];
  for (let label = 0; label < costs.length; label++) {
    const own = costs[label]!;
    const better = costs.findIndex(
      (row, other) =>
        other !== label &&
        row.every((cost, truth) => cost <= own[truth]!) &&
        row.some((cost, truth) => cost < own[truth]!),
    );
    if (better < 0) continue;
    notices.push({
      code: 'class-never-predicted',
      severity: 'warning',
      message: `class ${label} is never worth predicting: class ${better} costs no more whatever is true`,
      numbers: { class: label, better },
    });
  }
  return notices;
}
