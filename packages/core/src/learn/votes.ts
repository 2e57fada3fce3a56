/** Most log-odds that votes of members come to together: odds of more than e^20 to 1 mean nothing, and ranks would be lost. */
export const MOST_LOG_ODDS = 20;

/**
 * Chances of tasks of two sides are kept this far from 0 and 1 before they are put together: tasks that are sure and do not
 * fit together would leave no class possible.
 */
export const LEAST_CHANCE = 1e-12;

/** What shares of votes are multiplied with to be log-odds: the sum of the members' weights, within its bound. */
export function oddsFactor(weights: Float64Array): number {
  return Math.min(
    MOST_LOG_ODDS,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
}

/**
 * Adds to `sums` (`rows × classes`) a vote of the given weight for each row's likeliest class. Classes that are equally likely
 * share it, so that nothing hangs on their order.
 */
export function addVotes(sums: Float64Array, shares: Float64Array, classes: number, weight: number): void {
  for (let at = 0; at < shares.length; at += classes) {
    let most = shares[at]!;
    let ties = 1;
    for (let k = 1; k < classes; k++) {
      const share = shares[at + k]!;
      if (share > most) {
        most = share;
        ties = 1;
      } else if (share === most) ties++;
    }
    for (let k = 0; k < classes; k++) if (shares[at + k] === most) sums[at + k]! += weight / ties;
  }
}
