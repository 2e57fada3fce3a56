/** The part of each row's vote that goes to its own class: 1, 0, or a share where classes are equally likely. */
export function ownVotes(shares: Float64Array, labels: ArrayLike<number>, classes: number): Float64Array {
  const rows = labels.length;
  const own = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++, at += classes) {
    const share = shares[at + labels[i]!]!;
    let ties = 0;
    for (let k = 0; k < classes; k++) {
      if (shares[at + k]! > share) {
        ties = 0;
        break;
      }
      if (shares[at + k] === share) ties++;
    }
    if (ties > 0) own[i] = 1 / ties;
  }
  return own;
}
