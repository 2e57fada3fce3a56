/**
 * Rounds of cost-sensitive boosting as their papers have them. Arrays have one entry a row: `weights` sum to 1; `agrees` is how
 * far the member is right, y · h of two classes with h from -1 to 1, of K classes from -1 / (K - 1) to 1 with 0 for chance;
 * `costs` are from 0 to 1.
 */
export interface CostRound {
  /** Weight of the member; not positive where it is no better than chance for these costs. */
  readonly alpha: number;
  /** Factor of each row's weight, before weights are scaled to sum to 1 again. */
  readonly factors: Float64Array;
}

export type CostRule = (weights: Float64Array, agrees: Float64Array, costs: Float64Array) => CostRound;

/** Of a sum of weights, in place of 0, as in AdaBoost: a member without error then weighs at most about 12. */
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

/** AdaC2 (Sun et al. 2007): the cost stands before the exponential. Of votes, α is the paper's ½ ln(Σ right w c / Σ wrong w c). */
export const adaC2Round: CostRule = (weights, agrees, costs) => {
  const { alpha, factors } = steepest(
    weights.map((weight, i) => weight * costs[i]!),
    agrees,
  );
  return { alpha, factors: factors.map((factor, i) => factor * costs[i]!) };
};

/** AdaC3 (Sun et al. 2007): the cost stands in both places. */
export const adaC3Round: CostRule = (weights, agrees, costs) => {
  const all = sum(weights, (i) => costs[i]!);
  const r = sum(weights, (i) => costs[i]! * costs[i]! * agrees[i]!);
  const alpha = halfLog(all + r, all - r);
  return { alpha, factors: weights.map((_w, i) => costs[i]! * Math.exp(-alpha * costs[i]! * agrees[i]!)) };
};

/** What AdaCost's exponents are multiplied by: right rows of high cost move little, wrong ones far: 0.5 ∓ 0.5 c. */
export function adaCostMoves(agrees: Float64Array, costs: Float64Array): Float64Array {
  return agrees.map((agreed, i) => agreed * (agreed > 0 ? 0.5 - 0.5 * costs[i]! : 0.5 + 0.5 * costs[i]!));
}

/**
 * AdaCost (Fan et al. 1999), of costs times `strength`. α takes the sum of the next weights to its least, which the paper's
 * ½ ln((1 + r) / (1 - r)) bounds; with β near ½ that bound is about half of it.
 */
export function adaCostRound(strength: number): CostRule {
  return (weights, agrees, costs) => {
    const moves = adaCostMoves(
      agrees,
      costs.map((cost) => strength * cost),
    );
    const { alpha, factors } = steepest(weights, moves);
    // A step of α moves rows half as far as with the others, which add up to log-odds.
    return { alpha: alpha / 2, factors };
  };
}

/** AsymBoost (Viola and Jones 2002): AdaBoost whose every round takes up its part of the costs. */
export function asymBoostRound(rounds: number): CostRule {
  return (weights, agrees, costs) => {
    const { alpha, factors } = steepest(weights, agrees);
    return { alpha, factors: factors.map((factor, i) => factor * costs[i]! ** (1 / rounds)) };
  };
}

/** AdaUBoost (Karakoulas and Shawe-Taylor 1999): exponents of costly rows are smaller, by β = least cost / cost. */
export const adaUBoostRound: CostRule = (weights, agrees, costs) => {
  let least = Number.POSITIVE_INFINITY;
  for (const cost of costs) least = Math.min(least, cost);
  return steepest(
    weights,
    agrees.map((agreed, i) => (agreed * least) / costs[i]!),
  );
};

/** As large as α gets by `LEAST`: odds of e^24 to 1, beside which no other member has a say. */
const MOST_ALPHA = 12;

/**
 * The α that takes Σ w exp(-α move) to its least (Schapire and Singer 1999): there Σ w move exp(-α move), which falls all along,
 * is 0. It is 0 where the moves are no better than chance.
 */
function steepest(weights: Float64Array, moves: Float64Array): CostRound {
  const alpha = rootOfSlope(weightOfMoves(weights, moves));
  return { alpha, factors: moves.map((move) => Math.exp(-alpha * move)) };
}

/** Moves of a tree's leaves are few, however many the rows. */
function weightOfMoves(weights: Float64Array, moves: Float64Array): readonly (readonly [number, number])[] {
  const found = new Map<number, number>();
  for (let i = 0; i < moves.length; i++) found.set(moves[i]!, (found.get(moves[i]!) ?? 0) + weights[i]!);
  return [...found];
}

/** Newton's steps, of which those that leave the bracket are halves of it. */
function rootOfSlope(moves: readonly (readonly [number, number])[]): number {
  const at = (alpha: number) => {
    let slope = 0;
    let fall = 0;
    for (const [move, weight] of moves) {
      const term = weight * move * Math.exp(-alpha * move);
      slope += term;
      fall += term * move;
    }
    return { slope, fall };
  };
  let low = 0;
  let high = MOST_ALPHA;
  if (at(0).slope <= 0) return 0;
  if (at(high).slope >= 0) return high;
  let alpha = 0;
  for (let step = 0; step < 100 && high - low > 1e-14 * high; step++) {
    const { slope, fall } = at(alpha);
    if (slope > 0) low = alpha;
    else high = alpha;
    const next = alpha + slope / fall;
    const moved = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(moved - alpha) <= 1e-15 * high) break;
    alpha = moved;
  }
  return alpha;
}
