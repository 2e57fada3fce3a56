import { requireOptions } from '../../data/check-option-names.ts';
import type { NumericRows } from '../../data/dataset.ts';
import type { Matrix } from '../../data/matrix.ts';
import { counted } from '../../data/quoted.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { sortedOrder } from '../../data/sorted-order.ts';
import { breather } from '../../measure/breathe.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { denseRows } from '../dense-rows.ts';
import { checkWhole } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import type { Compat, SamplingStrategy, SamplingTarget } from '../sampling-strategy.ts';
import { draw } from './bound-removal.ts';
import { farthestDistanceSums } from './farthest-distances.ts';
import { clampNeighbours, findNeighbours } from './find-neighbours.ts';
import { smallestOf } from './smallest-of.ts';
import { type OnTooFew, type UnderProblem, underSampler } from './under-sampler.ts';

export interface NearMissOptions {
  /** Default `auto`: every class down to the smallest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /**
   * 1 (the default): rows stay whose `nNeighbors` nearest rows of the smallest class are nearest on average. 2: whose
   * `nNeighbors` farthest rows of the smallest class are. 3: of the rows among the `nNeighborsVer3` nearest of any row of
   * the smallest class, those stay whose `nNeighbors` nearest rows of it are farthest.
   */
  readonly version?: 1 | 2 | 3 | undefined;
  /** Default 3. */
  readonly nNeighbors?: number | undefined;
  /** Default 3. */
  readonly nNeighborsVer3?: number | undefined;
  /** For the rows that `onTooFew: 'random'` draws. Default 0. */
  readonly seed?: number | undefined;
  /**
   * What happens where the smallest class has fewer rows than neighbours are asked for, and where version 3 looks at fewer
   * rows than are to stay: `clamp-k` (the default) keeps those, `random` adds others, both with a notice.
   */
  readonly onTooFew?: OnTooFew | undefined;
  /**
   * Rows of one group stay or go together, for data with groups. Groups of which the method keeps the
   * largest share stay first; a group with a row of a class that loses none stays; a notice says where counts are not met.
   * Not with `compat`. Default false.
   */
  readonly wholeGroups?: boolean | undefined;
  /** `imbalanced-learn`: the rows of its NearMiss 0.14, in order of their scores, where no distances tie. */
  readonly compat?: Compat | undefined;
}

const name = 'near-miss';

/**
 * NearMiss: of each targeted class the rows stay that lie nearest to the smallest class, in one of three senses.
 *
 * Ties stay in favour of the lower row. Version 2 never holds all pairs of rows. Where the smallest class is itself targeted, a row of it is not its
 * own neighbour; in imbalanced-learn, and with `compat`, it is. Output: the rows that stay, in input order; with `compat`
 * class after class, those of a targeted class in order of their scores.
 *
 * Mani and Zhang, "kNN approach to unbalanced data distributions", ICML workshop (2003). Throws what `planSampling` throws,
 * `too-few-rows` (onTooFew), `not-finite`, `distance-overflow`, `shape-mismatch`; `bad-option`.
 */
export function nearMiss(options: NearMissOptions = {}): DataRowSelector {
  requireOptions(name, options);
  const { version = 1, nNeighbors = 3, nNeighborsVer3 = 3 } = options;
  checkWhole('nNeighbors', nNeighbors, 1);
  checkWhole('nNeighborsVer3', nNeighborsVer3, 1);
  if (![1, 2, 3].includes(version)) {
    throw new CounterweightError('bad-option', `version must be 1, 2 or 3, got ${String(version)}`);
  }
  return underSampler({
    name,
    samplingType: 'under-sampling',
    options,
    known: ['version', 'nNeighbors', 'nNeighborsVer3'],
    choose: async (problem) => {
      const { members, minority, compat, plan } = problem;
      const others = members[minority]!.length - (!compat && problem.targeted[minority] === 1 ? 1 : 0);
      const k = clampNeighbours(problem, nNeighbors, others, 'rows of the smallest class');
      const chosen = new Map<number, Int32Array>();
      for (const target of plan.targets) {
        const candidates = version === 3 ? await near(problem, target, nNeighborsVer3) : members[target.code]!;
        const scores =
          version === 2
            ? await farScores(problem, candidates, k, target.count)
            : await nearScores(problem, candidates, k);
        const signed = version === 3 ? scores.map((score) => -score) : scores;
        const best = lowestOf(signed, target.count);
        const rows = Int32Array.from(best, (i) => candidates[i]!);
        chosen.set(target.code, completed(rows, target, problem));
      }
      return compat ? { source: classAfterClass(problem, chosen) } : { removed: allBut(problem, chosen) };
    },
  });
}

/** Places of the lowest scores, ascending, ties in favour of the lower place: few of many are not worth a sort of all. */
function lowestOf(scores: Float64Array, count: number): Int32Array {
  if (count === 0 || scores.length < 8 * count) return sortedOrder(scores).slice(0, count);
  const best = smallestOf(count);
  for (let i = 0; i < scores.length; i++) best.offer(scores[i]!);
  const limit = best.largest();
  const places: number[] = [];
  for (let i = 0; i < scores.length; i++) if (scores[i]! <= limit) places.push(i);
  const order = sortedOrder(Float64Array.from(places, (place) => scores[place]!));
  return order.slice(0, count).map((i) => places[i]!);
}

/** Rows of the class among the k nearest of any row of the smallest class, ascending. */
async function near(problem: UnderProblem, target: SamplingTarget, asked: number): Promise<Int32Array> {
  const { data, members, minority, compat } = problem;
  const rows = members[target.code]!;
  const withoutSelf = target.code === minority && !compat;
  const k = clampNeighbours(
    problem,
    asked,
    rows.length - (withoutSelf ? 1 : 0),
    `rows of class ${quoted(target.label)}`,
  );
  if (k === 0) return rows;
  const queries = withoutSelf ? Int32Array.from(rows.keys()) : selectNumericRows(data.X, members[minority]!);
  const { indices } = await findNeighbours(problem, selectNumericRows(data.X, rows), queries, k);
  const seen = new Uint8Array(rows.length);
  for (let i = 0; i < indices.length; i++) seen[indices[i]!] = 1;
  return rows.filter((_, i) => seen[i] === 1);
}

/** Sum of the distances to the k nearest rows of the smallest class. */
async function nearScores(problem: UnderProblem, candidates: Int32Array, k: number): Promise<Float64Array> {
  const { data, members, minority, compat } = problem;
  const scores = new Float64Array(candidates.length);
  if (k === 0 || candidates.length === 0) return scores;
  const rows = members[minority]!;
  const withoutSelf = !compat && data.y.codes[candidates[0]!] === minority;
  const placeOf = new Map(withoutSelf ? Array.from(rows, (row, i) => [row, i]) : []);
  const queries = withoutSelf ? candidates.map((row) => placeOf.get(row)!) : selectNumericRows(data.X, candidates);
  const { distances } = await findNeighbours(problem, selectNumericRows(data.X, rows), queries, k);
  for (let i = 0; i < candidates.length; i++) {
    for (let j = i * k; j < (i + 1) * k; j++) scores[i]! += distances[j]!;
  }
  return scores;
}

/** Candidates made dense at a time. */
const BLOCK = 4096;

/**
 * Sum of the distances to the k farthest rows of the smallest class, exact for the `count` candidates with the smallest;
 * infinity for others. Candidates near the middle of the smallest class come first: they set a limit that the sums of most
 * others exceed after a few rows.
 */
async function farScores(
  { data, members, minority, run }: UnderProblem,
  candidates: Int32Array,
  k: number,
  count: number,
) {
  const scores = new Float64Array(candidates.length).fill(Number.POSITIVE_INFINITY);
  if (k === 0) return scores.fill(0);
  if (count === 0) return scores;
  const rare = denseRows(data.X, members[minority]!);
  const sumOf = farthestDistanceSums(rare, k);
  const best = smallestOf(count);
  const order = byDistance(data.X, candidates, middleOf(rare));
  const breath = breather(run, 'farthest rows');
  for (let start = 0; start < order.length; start += BLOCK) {
    const places = order.subarray(start, start + BLOCK);
    const block = denseRows(
      data.X,
      places.map((place) => candidates[place]!),
    );
    for (let i = 0; i < places.length; i++) {
      const score = sumOf(block.data, i * block.columns, best.largest());
      scores[places[i]!] = score;
      best.offer(score);
    }
    await breath(start, order.length);
  }
  if (best.largest() < Number.POSITIVE_INFINITY || count > candidates.length) return scores;
  throw new CounterweightError(
    'distance-overflow',
    'the distances between the rows are too large for a number; scale the features first',
  );
}

function middleOf({ data, rows, columns }: Matrix): Float64Array {
  const middle = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) middle[i % columns]! += data[i]! / rows;
  return middle;
}

/** Places of the candidates, those nearest to a point first. */
function byDistance(X: NumericRows, candidates: Int32Array, point: Float64Array): Int32Array {
  const squared = new Float64Array(candidates.length);
  for (let start = 0; start < candidates.length; start += BLOCK) {
    const block = denseRows(X, candidates.subarray(start, start + BLOCK));
    for (let i = 0, at = 0; i < block.rows; i++) {
      for (let j = 0; j < block.columns; j++) squared[start + i]! += (block.data[at++]! - point[j]!) ** 2;
    }
  }
  return sortedOrder(squared);
}

/** Speaks of, or makes up for, rows that version 3 did not find. */
function completed(rows: Int32Array, { code, label, count }: SamplingTarget, problem: UnderProblem): Int32Array {
  const { notices, onTooFew, compat, members, seed } = problem;
  if (rows.length >= count) return rows;
  const lacking = count - rows.length;
  const what = `class ${quoted(label)}: ${counted(rows.length, 'row')} near the smallest class, ${count} to stay`;
  if (onTooFew === 'error' && !compat) {
    throw new CounterweightError('too-few-rows', `${what}; raise nNeighborsVer3 or set onTooFew`, {
      class: label,
      rows: rows.length,
      needed: count,
    });
  }
  const fill = onTooFew === 'random';
  notices.push({
    code: fill ? 'filled-at-random' : 'fewer-than-asked',
    severity: 'warning',
    message: fill ? `${what}; ${lacking} others were drawn at random` : `${what}; only those stay`,
    class: label,
    numbers: { found: rows.length, asked: count },
  });
  if (!fill) return rows;
  const found = new Set(rows);
  const rest = members[code]!.filter((row) => !found.has(row));
  const more = draw(rest, lacking, classStream(seed, name, members[code]!));
  return Int32Array.from([...rows, ...more]);
}

function classAfterClass({ members }: UnderProblem, chosen: ReadonlyMap<number, Int32Array>): Int32Array {
  const blocks = members.map((rows, code) => chosen.get(code) ?? rows);
  const source = new Int32Array(blocks.reduce((total, block) => total + block.length, 0));
  let end = 0;
  for (const block of blocks) {
    source.set(block, end);
    end += block.length;
  }
  return source;
}

function allBut({ data, members }: UnderProblem, chosen: ReadonlyMap<number, Int32Array>): Uint8Array {
  const removed = new Uint8Array(data.X.rows);
  for (const [code, rows] of chosen) {
    for (const row of members[code]!) removed[row] = 1;
    for (const row of rows) removed[row] = 0;
  }
  return removed;
}
