/** Keeps the `count` smallest of the numbers offered, in a heap with the largest of them on top. */
export interface SmallestOf {
  offer(value: number): void;
  /** The largest of those kept; infinity while fewer than `count` have been offered. */
  largest(): number;
}

/** `count` is at least 1. */
export function smallestOf(count: number): SmallestOf {
  const heap = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  return Object.freeze({
    largest: () => heap[0]!,
    offer: (value: number) => {
      if (!(value < heap[0]!)) return;
      let at = 0;
      for (;;) {
        const left = 2 * at + 1;
        if (left >= count) break;
        const child = left + 1 < count && heap[left + 1]! > heap[left]! ? left + 1 : left;
        if (heap[child]! <= value) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = value;
    },
  });
}
