import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type BayesImbalanceImpact, bayesImbalanceImpact } from './bayes-imbalance-impact.ts';
import { levelledSample } from './class-sample.ts';
import type { DifficultyInput } from './difficulty-input.ts';
import { checkedLimit, type DifficultyOptions, samplingNotice } from './difficulty-options.ts';
import { labelNoiseSuspects, type NoiseSuspect } from './label-noise.ts';
import { crossClassDuplicates, type NearDuplicates } from './near-duplicates.ts';
import { type NearestOther, nearestOfOtherClasses } from './nearest-other.ts';
import { type NeighbourDisagreement, neighbourDisagreement } from './neighbour-disagreement.ts';
import { type NeighbourhoodTypes, neighbourhoodTypes } from './neighbourhood-types.ts';
import { findNeighbourhoods } from './neighbourhoods.ts';
import { type RValue, rValue } from './r-value.ts';
import { type ClassDisjuncts, smallDisjuncts } from './small-disjuncts.ts';

/** What each row looked at has around it, and what follows for classes and the whole set. */
export interface NeighbourhoodDifficulty {
  readonly k: number;
  /** Rows looked at, ascending. All `perRow` arrays but that of the impact go along with them. */
  readonly rows: Int32Array;
  readonly types: NeighbourhoodTypes;
  /** kDN, CM, degOver, N3, D3. */
  readonly disagreement: NeighbourDisagreement;
  readonly rValue: RValue;
  /** BI3 and IBI3 of the rarest class. */
  readonly bayesImpact: BayesImbalanceImpact;
  readonly smallDisjuncts: readonly (ClassDisjuncts | null)[];
  readonly noiseSuspects: readonly NoiseSuspect[];
  readonly duplicates: NearDuplicates;
  /** Of each row looked at; null unless asked for. */
  readonly nearestOther: NearestOther | null;
}

const MOST_QUERIES = 20000;

/**
 * Looks around at most 20,000 rows, rare classes whole, and tells what each sees. Adds to `notices` what is not as asked.
 * Rows are named as in the set that `data` was drawn from, where `origin` says which row each was.
 */
export async function neighbourhoodDifficulty(
  data: DifficultyInput,
  request: DifficultyOptions,
  origin: Int32Array | null,
  notices: Notice[],
  options: RunOptions | undefined,
): Promise<NeighbourhoodDifficulty> {
  const { find, k, pairRule } = request;
  const limit = checkedLimit(request.mostQueries ?? MOST_QUERIES, 'mostQueries');
  const rows = levelledSample(data.y, limit, request.seed ?? 0);
  if (rows.length < data.X.rows) notices.push(samplingNotice('neighbourhoods', rows.length, data.X.rows));
  const around = await findNeighbourhoods(data, { find, k, rows }, options);
  notices.push(...around.notices);
  const found: NeighbourhoodDifficulty = {
    k: around.k,
    rows: around.rows,
    types: await neighbourhoodTypes(data, around, { find, pairRule }, options),
    disagreement: neighbourDisagreement(data.y, around),
    rValue: rValue(data.y, around),
    bayesImpact: await bayesImbalanceImpact(data, around, { find }, options),
    smallDisjuncts: smallDisjuncts(data.y, around),
    noiseSuspects: labelNoiseSuspects(data, around),
    duplicates: await crossClassDuplicates(data, around, {}, options),
    nearestOther: request.nearestOther ? await nearestOfOtherClasses(data, around, find, options) : null,
  };
  return Object.freeze(origin ? renamed(found, origin) : found);
}

function renamed(found: NeighbourhoodDifficulty, origin: Int32Array): NeighbourhoodDifficulty {
  const all = (rows: Int32Array) => rows.map((row) => origin[row]!);
  const { duplicates, bayesImpact, nearestOther } = found;
  const pairs = duplicates.pairs.map((pair) => ({ ...pair, row: origin[pair.row]!, other: origin[pair.other]! }));
  return {
    ...found,
    rows: all(found.rows),
    bayesImpact: { ...bayesImpact, rows: all(bayesImpact.rows) },
    smallDisjuncts: found.smallDisjuncts.map((of) => (of ? { ...of, rows: all(of.rows) } : null)),
    noiseSuspects: found.noiseSuspects.map((suspect) => ({ ...suspect, row: origin[suspect.row]! })),
    duplicates: { ...duplicates, pairs },
    nearestOther: nearestOther && {
      ...nearestOther,
      rows: nearestOther.rows.map((row) => (row < 0 ? row : origin[row]!)),
    },
  };
}
