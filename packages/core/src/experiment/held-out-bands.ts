import { type RankedScores, rankScores } from '../metrics/index.ts';
import { randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { bandOf, curveBlock, exactGrids } from './evaluate-curves.ts';
import { rowsByClass, stratumOf } from './evaluate-draws.ts';
import { groupOfScores, groupScores } from './evaluate-groups.ts';
import { mostGroups } from './evaluate-model.ts';
import { bootstrapModels } from './evaluate-statistics.ts';
import type { CurveBands } from './result.ts';

/** Draws of a class in a replicate; beyond, the counts of fewer draws are brought to the spread of all. */
const MOST_DRAWS = 5000;
const LEVEL = 0.95;

/**
 * Pointwise 95 % bands of the ROC and the precision-recall curve of one class against the rest, from replicates of a
 * bootstrap that draws the number of rows of each side and then these. Null where a side has fewer than two rows, which
 * would be drawn as it is every time.
 */
export async function curveBands(
  request: {
    readonly scores: Float64Array;
    readonly truth: Int32Array;
    readonly positive: number;
    readonly ranked?: RankedScores;
    readonly seed: number;
    readonly replicates: number;
  },
  run?: RunOptions,
): Promise<CurveBands | null> {
  const { scores, truth, positive, seed, replicates } = request;
  const ranked = request.ranked ?? rankScores({ scores, truth, positive });
  if (ranked.positives < 2 || ranked.negatives < 2) return null;
  const { floors, positives, negatives } = groupScores(ranked, mostGroups, []);
  const sides = rowsByClass(
    truth.map((code) => Number(code === positive)),
    2,
  );
  const strata = sides.map((rows) => stratumOf(rows, undefined, false, MOST_DRAWS));
  const model = { floors, positives, negatives, groupOfRow: groupOfScores(scores, floors), blocks: [curveBlock] };
  const [drawn] = await bootstrapModels(
    [model],
    {
      strata: [strata[0]!, strata[1]!],
      carried: undefined,
      seed: randomStream(seed, 'held-out bands', positive).uint32(),
      replicates,
    },
    run,
  );
  const exact = exactGrids(ranked);
  return {
    roc: bandOf('roc', exact.roc, drawn!, LEVEL),
    precisionRecall: bandOf('precision', exact.precision, drawn!, LEVEL),
  };
}
