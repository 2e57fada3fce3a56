/**
 * Which class most neighbours have. A tie goes to the class of the nearest of the tied neighbours, so that no name of a class
 * decides; with `compat` to the class that sorts first, as in scikit-learn and SciPy.
 *
 * `codes` are the classes of all rows; the neighbours are `rows[start .. start + k)`, nearest first.
 */
export function makeVote(codes: Int32Array, classes: number, compat: boolean) {
  const counts = new Int32Array(classes);
  return (rows: Int32Array, start: number, k: number): number => {
    let most = 0;
    for (let i = start; i < start + k; i++) {
      const count = ++counts[codes[rows[i]!]!]!;
      if (count > most) most = count;
    }
    let winner = -1;
    for (let i = start; i < start + k; i++) {
      const code = codes[rows[i]!]!;
      if (counts[code] === most && (winner < 0 || (compat && code < winner))) winner = code;
    }
    for (let i = start; i < start + k; i++) counts[codes[rows[i]!]!] = 0;
    return winner;
  };
}
