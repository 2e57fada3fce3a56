import type { Dataset } from '../data/dataset.ts';
import { allRows } from '../data/select.ts';
import { subsetDataset } from '../data/subset-dataset.ts';
import type { TrainingRows } from '../learn/logistic-data.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { memberOf } from './balanced-bagging.ts';
import type { BaseFits } from './base-fits.ts';
import type { MemberOptions } from './member-base.ts';
import { type MemberSampler, treatedRows, treatedWeights } from './member-parts.ts';
import { presentShares } from './present-shares.ts';

/**
 * Members that learn from what a resampler makes of their bag, and judge all rows: of `Wanted` it knows `all-lines`.
 *
 * The rows, `data`, have a row a unit and none of weight 0. Notices of the resampler are added to `notices`.
 */
export function resampledFits(
  data: Dataset,
  { present }: TrainingRows,
  base: MemberOptions,
  sampler: MemberSampler,
  notices: Notice[],
  run?: RunOptions,
): BaseFits {
  const { X, y } = data;
  const lines = allRows(X.rows);
  const fit: BaseFits['fit'] = async (bags, streams, _wanted, take) => {
    for (const [t, { rows, weights }] of bags.entries()) {
      throwIfAborted(run?.signal);
      const stream = streams[t]!;
      const inside = rows.length === X.rows ? { X, y } : subsetDataset({ X, y }, rows);
      const treated = await treatedRows(sampler, stream.uint32(), inside, notices, run);
      const learned = { ...treated.data, weights: treatedWeights(treated, weights) };
      const model = await memberOf(base, stream.child('member').uint32()).fit(learned, run);
      take({ model, shares: presentShares(await model.predictProba(X, run), present), lines }, t);
    }
  };
  return Object.freeze({ fit });
}
