/**
 * Rounds of cost-sensitive boosting as their papers have them. Arrays have one entry a row: `weights` sum to 1; `agrees` is 1
 * where the member is right, -1 where it is wrong (y · h of two classes); `costs` are from 0 to 1.
 */
export interface CostRound {
  /** Weight of the member; not positive where it is no better than chance for these costs. */
  readonly alpha: number;
  /** Factor of each row's weight, before weights are scaled to sum to 1 again. */
  readonly factors: Float64Array;
}

export type CostRule = (weights: Float64Array, agrees: Float64Array, costs: Float64Array) => CostRound;

const LEAST = 1e-10;

const halfLog = (over: number, under: number) => Math.log(Math.max(over, LEAST) / Math.max(under, LEAST)) / 2;

function sum(weights: Float64Array, term: (row: number) => number): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]! * term(i);
  return total;
}

/** AdaC1 (Sun et al. 2007): the cost stands in the exponent. */
export const adaC1Round: CostRule = (weights, agrees, costs) => {
  const r = sum(weights, (i) => costs[i]! * agrees[i]!);
  const alpha = halfLog(1 + r, 1 - r);
  return { alpha, factors: weights.map((_w, i) => Math.exp(-alpha * costs[i]! * agrees[i]!)) };
};

/** AdaC2 (Sun et al. 2007): the cost stands before the exponential. */
export const adaC2Round: CostRule = (weights, agrees, costs) => {
  const right = sum(weights, (i) => (costs[i]! * (1 + agrees[i]!)) / 2);
  const wrong = sum(weights, (i) => (costs[i]! * (1 - agrees[i]!)) / 2);
  const alpha = halfLog(right, wrong);
  return { alpha, factors: weights.map((_w, i) => costs[i]! * Math.exp(-alpha * agrees[i]!)) };
};

/** AdaC3 (Sun et al. 2007): the cost stands in both places. */
export const adaC3Round: CostRule = (weights, agrees, costs) => {
  const all = sum(weights, (i) => costs[i]!);
  const r = sum(weights, (i) => costs[i]! * costs[i]! * agrees[i]!);
  const alpha = halfLog(all + r, all - r);
  return { alpha, factors: weights.map((_w, i) => costs[i]! * Math.exp(-alpha * costs[i]! * agrees[i]!)) };
};

/** AdaCost (Fan et al. 1999): right rows of high cost lose little weight, wrong ones gain much: β = 0.5 ∓ 0.5 c. */
export const adaCostRound: CostRule = (weights, agrees, costs) => {
  const adjusted = (i: number) => agrees[i]! * (0.5 - 0.5 * costs[i]! * agrees[i]!);
  const r = sum(weights, adjusted);
  const alpha = halfLog(1 + r, 1 - r);
  return { alpha, factors: weights.map((_w, i) => Math.exp(-alpha * adjusted(i))) };
};

/**
 * AsymBoost (Viola and Jones 2002): AdaBoost whose every round takes up its part of the costs. With more classes than two a
 * member need only beat chance among them, as in SAMME, of which alpha is half.
 */
export function asymBoostRound(rounds: number, classes = 2): CostRule {
  return (weights, agrees, costs) => {
    const r = sum(weights, (i) => agrees[i]!);
    const alpha = halfLog(1 + r, 1 - r) + Math.log(classes - 1) / 2;
    return { alpha, factors: weights.map((_w, i) => costs[i]! ** (1 / rounds) * Math.exp(-alpha * agrees[i]!)) };
  };
}

const MOST_ALPHA = 12;

/**
 * AdaUBoost (Karakoulas and Shawe-Taylor 1999): exponents of costly rows are smaller, by β = least cost / cost, and α takes the
 * sum of the next weights to its least; there Σ w β a exp(-α β a) is 0.
 */
export const adaUBoostRound: CostRule = (weights, agrees, costs) => {
  let least = Number.POSITIVE_INFINITY;
  for (const cost of costs) least = Math.min(least, cost);
  const moves = costs.map((cost, i) => (least / cost) * agrees[i]!);
  const slope = (alpha: number) => sum(weights, (i) => moves[i]! * Math.exp(-alpha * moves[i]!));
  let low = 0;
  let high = MOST_ALPHA;
  if (slope(0) <= 0) high = 0;
  else if (slope(high) >= 0) low = high;
  // The slope falls all along; each step halves where it may cross 0.
  while (high - low > 1e-14 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  const alpha = (low + high) / 2;
  return { alpha, factors: moves.map((move) => Math.exp(-alpha * move)) };
};
