/** Equal rows taken together; points are numbered by first appearance. */
export interface UniqueRows {
  readonly count: number;
  /** First row of each point. */
  readonly first: Int32Array;
  /** Point of each row. */
  readonly pointOf: Int32Array;
}

/** Groups equal rows of row-major data; -0 equals 0. */
export function uniqueRows(data: Float64Array, rows: number, columns: number): UniqueRows {
  let capacity = 16;
  while (capacity < 2 * rows) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1);
  const hashes = new Int32Array(rows);
  const first = new Int32Array(rows);
  const pointOf = new Int32Array(rows);
  const number = new Float64Array(1);
  const words = new Int32Array(number.buffer);
  let count = 0;
  for (let row = 0, at = 0; row < rows; row++, at += columns) {
    let hash = 0;
    for (let j = 0; j < columns; j++) {
      number[0] = data[at + j]! + 0; // -0 becomes 0
      hash = Math.imul(hash ^ words[0]!, 0x9e3779b1);
      hash = Math.imul(((hash << 15) | (hash >>> 17)) ^ words[1]!, 0x85ebca6b);
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    hash ^= hash >>> 13;
    let slot = hash & (capacity - 1);
    for (;;) {
      const point = slots[slot]!;
      if (point < 0) {
        slots[slot] = count;
        hashes[count] = hash;
        first[count] = row;
        pointOf[row] = count++;
        break;
      }
      if (hashes[point] === hash && equal(data, first[point]! * columns, at, columns)) {
        pointOf[row] = point;
        break;
      }
      slot = (slot + 1) & (capacity - 1);
    }
  }
  return { count, first: first.slice(0, count), pointOf };
}

function equal(data: Float64Array, a: number, b: number, columns: number): boolean {
  for (let j = 0; j < columns; j++) if (data[a + j] !== data[b + j]) return false;
  return true;
}
