import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import type { DualProblem, DualSolution } from './dual-problem.ts';
import { type DualState, fieldPlaces, interceptOf, startState } from './dual-state.ts';
import { reachOf, setActive, setAside, takeBack } from './shrink-dual.ts';

/** Work of the steps between two looks at the clock, in kernel values and rows. */
const STRIDE_WORK = 1 << 23;
/** Rows are set aside every so many steps at most. */
const SHRINK_STRIDE = 1000;

/** Solves the problem to its tolerance, or as far as `maxIter` goes. Throws `aborted`, `out-of-memory`. */
export function minimiseDual(problem: DualProblem, run: RunOptions = {}): Promise<DualSolution> {
  return withKernels(run, async ({ memory, breathe }) => {
    const state = startState(memory, problem);
    if (problem.start) {
      setActive(state, 0);
      await takeBack(state, breathe);
    }
    const outcome = await solve(problem, state, breathe);
    const views = state.views();
    const weights = new Float64Array(state.size);
    for (let t = 0; t < state.size; t++) weights[state.origin[t]!] = views.b[t]!;
    return { weights, intercept: interceptOf(state, views), ...outcome };
  });
}

type Outcome = Pick<DualSolution, 'iterations' | 'converged'>;

async function solve(
  { tolerance, shrinking, maxIter }: DualProblem,
  state: DualState,
  breathe: () => Promise<void>,
): Promise<Outcome> {
  const { size, memory, address } = state;
  const shrinkStride = shrinking ? Math.min(size, SHRINK_STRIDE) : Number.POSITIVE_INFINITY;
  const stride = Math.max(1, Math.floor(STRIDE_WORK / (size * (state.columns + 8))));
  let nearlyDone = false;
  let iterations = 0;
  let untilShrink = shrinkStride;
  for (;;) {
    if (iterations >= maxIter) {
      await takeBack(state, breathe);
      return { iterations, converged: false };
    }
    if (untilShrink <= 1) {
      untilShrink = shrinkStride;
      const { least, largest } = reachOf(state.active, state.views());
      // Once, before the last steps: what was set aside too early comes back in time.
      if (!nearlyDone && largest - least <= 10 * tolerance) {
        nearlyDone = true;
        await takeBack(state, breathe);
      }
      setAside(state);
    }
    const steps = Math.min(stride, untilShrink - 1, maxIter - iterations) || 1;
    const made = memory.call('svmSteps', address, steps);
    iterations += made;
    untilShrink -= made;
    await breathe();
    if (state.views().fields[fieldPlaces.stopped] === 0) continue;
    if (state.active === size) return { iterations, converged: true };
    await takeBack(state, breathe);
    // One more step where the rows taken back allow it, and then those that idle are set aside again.
    const more = memory.call('svmSteps', address, 1);
    if (more === 0) return { iterations, converged: true };
    iterations += more;
    untilShrink = 1;
  }
}
