import { subsetLabels } from '../../data/labels.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { supportVectorMachine } from '../../svm/support-vector-machine.ts';
import { classStream } from '../class-stream.ts';
import type { OverProblem } from './over-sampler.ts';

/** The machine's time grows with the square of its rows: with so many it takes seconds. */
const MOST_ROWS = 20_000;

/**
 * Rows that are a support vector of the machine between any two classes. Classes with too many rows are seen by a sample, whose rows count
 * for as many as they stand for; the notice `sampled-rows` says so. With `compat` all rows are seen.
 */
export async function findSupportVectors(problem: OverProblem, mostRows = MOST_ROWS): Promise<Int32Array> {
  const { data, members, run, notices } = problem;
  const { X, y } = data;
  const { signal, runtime } = run;
  const most = largestSample(members, mostRows);
  if (problem.compat || members.every((rows) => rows.length <= most)) {
    const { support } = await supportVectorMachine({ X, y }, {}, { signal, runtime });
    return support;
  }
  const seen = new Int32Array(members.reduce((total, rows) => total + Math.min(most, rows.length), 0));
  const weights = new Float64Array(seen.length);
  let end = 0;
  for (const rows of members) {
    const sample = rows.length <= most ? rows : sampleOf(problem, rows, most);
    seen.set(sample, end);
    weights.fill(rows.length / sample.length, end, end + sample.length);
    end += sample.length;
  }
  notices.push({
    code: 'sampled-rows',
    severity: 'info',
    message: `the support vectors come from ${seen.length} of ${X.rows} rows: at most ${most} of each class, weighted up to its size`,
    numbers: { rows: X.rows, seen: seen.length, most },
  });
  const sampled = { X: selectNumericRows(X, seen), y: subsetLabels(y, seen), weights };
  const { support } = await supportVectorMachine(sampled, {}, { signal, runtime });
  return support.map((i) => seen[i]!);
}

/** The largest number of rows a class with which all classes together have at most `total`, but at least one. */
function largestSample(members: readonly Int32Array[], total: number): number {
  const sizes = members.map((rows) => rows.length).sort((a, b) => a - b);
  let left = total;
  for (const [i, size] of sizes.entries()) {
    const share = Math.floor(left / (sizes.length - i));
    if (size > share) return Math.max(1, share);
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

function sampleOf({ seed, name }: OverProblem, rows: Int32Array, most: number): Int32Array {
  const order = classStream(seed, name, rows).child('sample').permutation(rows.length);
  return order
    .subarray(0, most)
    .map((position) => rows[position]!)
    .sort();
}
