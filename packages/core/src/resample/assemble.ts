import type { Dataset, NumericRows, Rows } from '../data/dataset.ts';
import type { Notice } from '../runtime/notices.ts';
import { replayProvenance, replayRows } from './replay.ts';
import type { Provenance, Resampled } from './resampler.ts';

/** Provenance of rows that are all copies. */
export function provenanceOfCopies(source: Int32Array, dropped: Int32Array): Provenance {
  const none = new Int32Array(source.length).fill(-1);
  return Object.freeze({
    source,
    base: none,
    neighbour: none,
    gap: new Float64Array(source.length).fill(Number.NaN),
    dropped,
  });
}

/** Rows of 0 .. rows - 1 that `source` does not name, ascending. */
export function droppedRows(source: Int32Array, rows: number): Int32Array {
  const kept = new Uint8Array(rows);
  let distinct = 0;
  for (let i = 0; i < source.length; i++) {
    const row = source[i]!;
    if (kept[row] === 0) distinct++;
    kept[row] = 1;
  }
  const dropped = new Int32Array(rows - distinct);
  for (let row = 0, to = 0; to < dropped.length; row++) if (kept[row] === 0) dropped[to++] = row;
  return dropped;
}

/**
 * The labels, weights and groups of every output row. Labels and groups are the source's or the base's; weights are the
 * source's, or interpolated between base and neighbour, but at least 0 where a row lies beyond its base.
 */
export function replaySides({ y, weights, groups }: Dataset<Rows>, provenance: Provenance): Omit<Dataset, 'X'> {
  return {
    y: { codes: replayProvenance(provenance, y.codes), classes: y.classes },
    ...(weights && { weights: atLeastZero(replayProvenance(provenance, weights, { synthetic: 'interpolate' })) }),
    ...(groups && { groups: replayProvenance(provenance, groups) }),
  };
}

function atLeastZero(weights: Float64Array): Float64Array {
  for (let i = 0; i < weights.length; i++) if (weights[i]! < 0) weights[i] = 0;
  return weights;
}

/** The resampled data that a provenance describes. `made` are the features where provenance alone does not give them. */
export function assemble(
  data: Dataset,
  provenance: Provenance,
  notices: readonly Notice[],
  made?: NumericRows,
): Resampled {
  const resampled: Dataset = { X: made ?? replayRows(provenance, data.X), ...replaySides(data, provenance) };
  return Object.freeze({ data: Object.freeze(resampled), provenance, notices });
}
