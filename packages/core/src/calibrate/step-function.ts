import type { ModelFields } from './model-fields.ts';
import type { BinaryMap } from './one-vs-rest.ts';

/** Constant pieces: `values[i]` for edges[i - 1] <= score < edges[i], the first and the last without end. */
export interface Steps {
  /** Ascending. */
  readonly edges: Float64Array;
  /** One more than edges. NaN inside (written as null) leaves the score as it is. */
  readonly values: Float64Array;
}

/** The place of a score among ascending edges: the number of edges at or below it. */
export function pieceOf(edges: Float64Array, score: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= score) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function stepMap({ edges, values }: Steps): BinaryMap {
  return {
    values: (scores) =>
      scores.map((score) => {
        const value = values[pieceOf(edges, score)]!;
        return Number.isNaN(value) ? score : value;
      }),
    toJSON: () => ({ edges: [...edges], values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)) }),
  };
}

/** Reads a step map back. Throws `bad-model`. */
export function readStepMap(fields: ModelFields): BinaryMap {
  const edges = fields.numbers('edges');
  const values = fields.list('values');
  fields.require(
    'edges',
    edges.every((edge, i) => i === 0 || edge > edges[i - 1]!),
  );
  const valid = (value: unknown) => value === null || (typeof value === 'number' && value >= 0 && value <= 1);
  fields.require('values', values.length === edges.length + 1 && values.every(valid));
  return stepMap({
    edges,
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
  });
}
