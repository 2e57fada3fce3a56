/**
 * How many rows of each class the next batch has, call after call: its share of the batch size and what earlier batches left
 * owing, rounded down, and the places left over to those owed most (ties to the class that sorts first). Every deal sums
 * to the batch size, and no class without a share gets a row.
 */
export function quotaDealer(shares: Float64Array, batchSize: number): () => Int32Array {
  const owed = new Float64Array(shares.length);
  return () => {
    const dealt = new Int32Array(shares.length);
    let left = batchSize;
    for (let code = 0; code < shares.length; code++) {
      owed[code]! += shares[code]! * batchSize;
      // What misses a whole number by rounding only counts as that number.
      dealt[code] = Math.max(0, Math.min(left, Math.floor(owed[code]! + 1e-9)));
      owed[code]! -= dealt[code]!;
      left -= dealt[code]!;
    }
    for (; left > 0; left--) {
      let most = -1;
      for (let code = 0; code < shares.length; code++) {
        if (shares[code]! > 0 && (most < 0 || owed[code]! > owed[most]! + 1e-9)) most = code;
      }
      dealt[most]!++;
      owed[most]! -= 1;
    }
    return dealt;
  };
}
