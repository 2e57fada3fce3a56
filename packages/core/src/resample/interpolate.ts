/**
 * The point at `gap` on the way from `base` to `neighbour`: base + gap · (neighbour - base), in this order of operations,
 * which is imbalanced-learn's. Where the difference overflows, the two are weighed instead, so finite numbers give a
 * finite number.
 */
export function interpolate(base: number, neighbour: number, gap: number): number {
  const value = base + gap * (neighbour - base);
  return value - value === 0 ? value : (1 - gap) * base + gap * neighbour;
}
