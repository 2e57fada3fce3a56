/** Sorts classes of one row after the other by descending probability, ties by class code; scratch memory is reused. */
export interface ClassOrder {
  /** Classes of the row that starts at `start`, likeliest first. The array is overwritten by the next call. */
  of(data: Float64Array, start: number): Int32Array;
}

/** Below this an insertion sort beats merging. */
const SMALL = 24;

export function classOrder(classes: number): ClassOrder {
  const order = new Int32Array(classes);
  const spare = new Int32Array(classes);
  const of = (data: Float64Array, start: number) => {
    for (let begin = 0; begin < classes; begin += SMALL) insertionSort(order, data, start, begin, classes);
    let from = order;
    let to = spare;
    for (let width = SMALL; width < classes; width *= 2) {
      for (let begin = 0; begin < classes; begin += 2 * width) merge(from, to, data, start, begin, width, classes);
      [from, to] = [to, from];
    }
    if (from !== order) order.set(from);
    return order;
  };
  return { of };
}

function insertionSort(order: Int32Array, data: Float64Array, start: number, begin: number, classes: number): void {
  const end = Math.min(begin + SMALL, classes);
  for (let label = begin; label < end; label++) {
    const p = data[start + label]!;
    let at = label;
    while (at > begin && data[start + order[at - 1]!]! < p) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = label;
  }
}

function merge(
  from: Int32Array,
  to: Int32Array,
  data: Float64Array,
  start: number,
  begin: number,
  width: number,
  classes: number,
): void {
  const middle = Math.min(begin + width, classes);
  const end = Math.min(middle + width, classes);
  let left = begin;
  let right = middle;
  for (let at = begin; at < end; at++) {
    const takeRight = left >= middle || (right < end && data[start + from[right]!]! > data[start + from[left]!]!);
    to[at] = takeRight ? from[right++]! : from[left++]!;
  }
}
