import { weightedQuantiles } from '../../metrics/weighted-quantile.ts';
import type { DistanceQuantiles } from './audit-result.ts';

const shares = Float64Array.of(0, 0.05, 0.25, 0.5, 0.75, 0.95, 1);

/** Null where there are no distances. */
export function distanceQuantiles(distances: Float64Array): DistanceQuantiles | null {
  if (distances.length === 0) return null;
  const [min, p5, p25, median, p75, p95, max] = weightedQuantiles(distances, undefined, shares);
  return { min: min!, p5: p5!, p25: p25!, median: median!, p75: p75!, p95: p95!, max: max! };
}
