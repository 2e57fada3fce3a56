import type { Dataset } from '../../data/dataset.ts';
import { counted } from '../../data/quoted.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { assemble, droppedRows, provenanceOfCopies } from '../assemble.ts';
import { quoted } from '../class-counts.ts';
import { checkOptions, checkWhole, checkWord } from '../options.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import type { SamplingStrategy } from '../sampling-strategy.ts';
import { clampNeighbours, findNeighbours } from './find-neighbours.ts';
import { emptiedClasses, type OnTooFew, poseProblem, type UnderProblem } from './under-sampler.ts';
import { makeVote } from './vote.ts';

export interface SpiderOptions {
  /** Which classes are cleaned. Default `auto`: all but the smallest, whose rows are repeated. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /**
   * `weak` (the default): noisy rows of the smallest class are repeated, noisy rows of the others removed. `relabel`: of
   * the latter, those around noisy rows of the smallest class change over to it instead. `strong`: safe rows of the smallest
   * class are repeated as well, and noisy ones more often.
   */
  readonly kind?: 'weak' | 'relabel' | 'strong' | undefined;
  /** Neighbours that tell safe rows from noisy ones; `strong` also looks at two more. Default 3. */
  readonly nNeighbors?: number | undefined;
  /** Draws nothing; here for the sake of those who give it to every method. */
  readonly seed?: number | undefined;
  /** What happens where there are fewer rows than neighbours are asked for. Default `clamp-k`. */
  readonly onTooFew?: OnTooFew | undefined;
}

const name = 'spider';

/**
 * SPIDER: selective preprocessing. A row is noisy if its neighbours vote for another class, else safe. Each row of the smallest class
 * that is treated is repeated as often as it has safe rows of the cleaned classes among its neighbours; noisy rows of the
 * cleaned classes go. Votes are those of the rows as given, ties as in `editedNearestNeighbours`.
 *
 * Output: the rows that stay in input order, then the copies in the order of their rows. With `relabel` the result's labels
 * say what provenance does not: which rows changed over (notice `relabelled`).
 *
 * Stefanowski and Wilk, "Selective pre-processing of imbalanced data for improving classification performance", DaWaK 2008.
 * Throws what `planSampling` throws, `too-few-rows` (onTooFew), `not-finite`, `distance-overflow`, `shape-mismatch`;
 * `bad-option`.
 */
export function spider(options: SpiderOptions = {}): Resampler {
  checkOptions(name, options, ['samplingStrategy', 'kind', 'nNeighbors', 'seed', 'onTooFew']);
  checkWord('kind', options.kind, ['weak', 'relabel', 'strong']);
  checkWord('onTooFew', options.onTooFew, ['error', 'clamp-k', 'random']);
  checkWhole('nNeighbors', options.nNeighbors, 1);
  return Object.freeze({
    name,
    samplingType: 'clean-sampling',
    resample: (data: Dataset, run: RunOptions = {}) => resample(data, options, run),
  });
}

async function resample(data: Dataset, options: SpiderOptions, run: RunOptions): Promise<Resampled> {
  throwIfAborted(run.signal);
  const problem = poseProblem({ name, options, samplingType: 'clean-sampling' }, data, run);
  const { kind = 'weak', nNeighbors = 3 } = options;
  const around = await lookAround(problem, nNeighbors, kind === 'strong');
  const treatment = treat(problem, around, kind);
  const { codes } = data.y;
  const stay = Int32Array.from(codes.keys()).filter((row) => treatment.removed[row] === 0);
  const copies: number[] = [];
  for (let row = 0; row < codes.length; row++) for (let i = 0; i < treatment.copies[row]!; i++) copies.push(row);
  const source = Int32Array.from([stay, copies].flatMap((rows) => [...rows]));
  const dropped = droppedRows(source, codes.length);
  const notices = [...problem.notices, ...emptiedClasses(data.y, problem.plan, dropped)];
  const relabelled = treatment.relabelled.reduce((total, flag) => total + flag, 0);
  if (relabelled > 0) {
    const label = data.y.classes[problem.minority]!;
    notices.push({
      code: 'relabelled',
      severity: 'warning',
      message: `${counted(relabelled, 'row')} of other classes now ${relabelled === 1 ? 'has' : 'have'} the class ${quoted(label)}`,
      class: label,
      numbers: { rows: relabelled },
    });
  }
  if (copies.length + dropped.length + relabelled === 0) {
    notices.push({ code: 'nothing-removed', severity: 'info', message: `${name} found no row to repeat or remove` });
  }
  const made = assemble(data, provenanceOfCopies(source, dropped), notices);
  if (relabelled === 0) return made;
  const changed = source.map((row) => (treatment.relabelled[row] === 1 ? problem.minority : codes[row]!));
  return Object.freeze({ ...made, data: Object.freeze({ ...made.data, y: { ...data.y, codes: changed } }) });
}

/** Neighbours of every row, how many of them count, and which rows those find noisy. */
interface Surroundings {
  readonly indices: Int32Array;
  readonly width: number;
  readonly k: number;
  readonly noisy: Uint8Array;
  /** Noisy by the vote of all `width` neighbours. */
  readonly noisyFarther: Uint8Array;
}

async function lookAround(problem: UnderProblem, nNeighbors: number, farther: boolean): Promise<Surroundings> {
  const { X, y } = problem.data;
  const k = clampNeighbours(problem, nNeighbors, X.rows - 1, 'other rows');
  const width = farther ? Math.min(X.rows - 1, k + 2) : k;
  const { indices } = await findNeighbours(problem, X, Int32Array.from(y.codes.keys()), width);
  const vote = makeVote(y.codes, y.classes.length, false);
  const noisyBy = (count: number) => {
    return Uint8Array.from(y.codes, (code, row) => (vote(indices, row * width, count) === code ? 0 : 1));
  };
  return { indices, width, k, noisy: noisyBy(k), noisyFarther: noisyBy(width) };
}

interface Treatment {
  readonly removed: Uint8Array;
  readonly relabelled: Uint8Array;
  /** Further copies of each row. */
  readonly copies: Int32Array;
}

function treat(problem: UnderProblem, around: Surroundings, kind: 'weak' | 'relabel' | 'strong'): Treatment {
  const { data, targeted, members, minority } = problem;
  const { codes } = data.y;
  const { indices, width, k, noisy, noisyFarther } = around;
  const isCleaned = (row: number) => codes[row] !== minority && targeted[codes[row]!] === 1;
  const removed = Uint8Array.from(codes, (_, row) => (isCleaned(row) ? noisy[row]! : 0));
  const relabelled = new Uint8Array(codes.length);
  const copies = new Int32Array(codes.length);
  const safeAround = (row: number, count: number) => {
    const own = indices.subarray(row * width, row * width + count);
    return own.reduce((total, other) => total + (isCleaned(other) && noisy[other] === 0 ? 1 : 0), 0);
  };
  for (const row of members[minority]!) {
    if (kind !== 'strong' && noisy[row] === 0) continue;
    const far = kind === 'strong' && noisy[row] === 1 && noisyFarther[row] === 1;
    copies[row] = safeAround(row, far ? width : k);
    if (kind !== 'relabel') continue;
    for (let i = row * width; i < row * width + k; i++) {
      const other = indices[i]!;
      if (!isCleaned(other) || noisy[other] === 0) continue;
      relabelled[other] = 1;
      removed[other] = 0;
    }
  }
  return { removed, relabelled, copies };
}
