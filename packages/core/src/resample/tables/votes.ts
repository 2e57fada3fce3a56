import type { NumpyRandom } from '../../runtime/numpy-random.ts';

/** Categories of the rows of one class, and the neighbours that vote. */
export interface Ballot {
  /** Row-major, `rows × width`. */
  readonly codes: Int32Array;
  readonly width: number;
  /** Positions of voters of each row of the class, `rows × k`, nearest first. */
  readonly voters: Int32Array;
  readonly k: number;
}

/**
 * Position of the nearest voter that holds the category which most voters of a row hold in a column. Of categories with equally
 * many votes it is the row's own, else that of the nearest voter among them; so names of categories decide nothing.
 */
export function winnerOf({ codes, width, voters, k }: Ballot, row: number, column: number): number {
  const own = codes[row * width + column]!;
  let winner = -1;
  let most = 0;
  for (let v = 0; v < k; v++) {
    const voter = voters[row * k + v]!;
    const code = codes[voter * width + column]!;
    let votes = 0;
    let seenBefore = false;
    for (let w = 0; w < k; w++) {
      if (codes[voters[row * k + w]! * width + column]! !== code) continue;
      if (w < v) seenBefore = true;
      votes++;
    }
    if (seenBefore || votes < most || (votes === most && code !== own)) continue;
    most = votes;
    winner = voter;
  }
  return winner;
}

/** As `winnerOf`, but ties go to the smallest code, as in imbalanced-learn's SMOTEN. */
export function smallestWinnerOf({ codes, width, voters, k }: Ballot, row: number, column: number): number {
  const codeOf = (v: number) => codes[voters[row * k + v]! * width + column]!;
  let winner = 0;
  let most = 0;
  for (let v = 0; v < k; v++) {
    let votes = 0;
    for (let w = 0; w < k; w++) if (codeOf(w) === codeOf(v)) votes++;
    if (votes < most || (votes === most && codeOf(v) >= codeOf(winner))) continue;
    most = votes;
    winner = v;
  }
  return voters[row * k + winner]!;
}

/**
 * The vote of imbalanced-learn's SMOTENC in one column: the code that each new row takes. `share` is what one vote weighs there.
 * Ties are broken by one shuffle of all tied (row, code) pairs; sums that differ by less than 1e-8 count as tied, which with
 * numbers on a very small scale lets codes win that no voter holds.
 */
export function shuffledWinners(
  { codes, width, voters, k }: Ballot,
  bases: Int32Array,
  column: { readonly index: number; readonly count: number },
  share: number,
  random: NumpyRandom,
): Int32Array {
  const tiedRow: number[] = [];
  const tiedCode: number[] = [];
  const votes = new Int32Array(column.count);
  for (let i = 0; i < bases.length; i++) {
    votes.fill(0);
    let most = 0;
    for (let v = 0; v < k; v++) {
      const code = codes[voters[bases[i]! * k + v]! * width + column.index]!;
      most = Math.max(most, ++votes[code]!);
    }
    for (let code = 0; code < column.count; code++) {
      if ((most - votes[code]!) * share > 1e-8 + 1e-5 * most * share) continue;
      tiedRow.push(i);
      tiedCode.push(code);
    }
  }
  const order = random.permutation(tiedRow.length);
  const winners = new Int32Array(bases.length).fill(-1);
  for (let p = 0; p < order.length; p++) {
    const row = tiedRow[order[p]!]!;
    if (winners[row]! < 0) winners[row] = tiedCode[order[p]!]!;
  }
  return winners;
}
