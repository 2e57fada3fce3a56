import type { LogisticProblem, StandIn } from './logistic-problem.ts';

/** Where a minimisation ended. */
export interface Minimum {
  readonly at: Float64Array;
  readonly iterations: number;
  /** Newton decrement sqrt(g' H^-1 g) at `at`: the gradient's norm in the metric of the Hessian's inverse. */
  readonly gradientNorm: number;
  readonly converged: boolean;
  /** Coefficients ran away: without a penalty there is no finite optimum. */
  readonly diverging: boolean;
}

export interface MinimiseOptions {
  readonly start: Float64Array;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly method: 'newton-cholesky' | 'newton-cg';
  /** Called once an iteration; may throw to stop. */
  readonly onIteration: (iteration: number) => Promise<void>;
}

interface Step {
  readonly direction: Float64Array;
  /** g' H^-1 g. */
  readonly squaredDecrement: number;
}

/** Below this decrement the Hessian of the last iteration is as good as the present one to judge a gradient. */
const SETTLED = 0.01;
/** Without a penalty: steps, in units of the linear predictor, below which coefficients count as at rest. */
const AT_REST = 1e-3;
/** Iterations with a vanished gradient but moving coefficients after which they are held to run away. */
const PATIENCE = 8;

/**
 * Damped Newton. The stop rule is the Newton decrement: since the penalty makes H >= 1 in the coefficients, their distance
 * from the optimum is at most the decrement, whatever the scale of columns and weights.
 */
export async function minimiseLogistic(problem: LogisticProblem, options: MinimiseOptions): Promise<Minimum> {
  const { tolerance, maxIterations, method, onIteration } = options;
  let at: Float64Array = options.start;
  let { value, gradient } = await problem.evaluate(at);
  const scale = problem.penalised ? undefined : await predictorScale(problem);
  let decrement = Number.POSITIVE_INFINITY;
  let running = 0;
  const progress: Progress = { decrement: Number.POSITIVE_INFINITY, square: 1, tolerance };
  const standIn = method === 'newton-cg' ? await problem.standIn() : undefined;

  for (let iteration = 0; ; iteration++) {
    await onIteration(iteration);
    const step: Step =
      method === 'newton-cg'
        ? await conjugateGradientStep(problem, gradient, progress, standIn)
        : await choleskyStep(problem, gradient);
    decrement = Math.sqrt(Math.max(0, step.squaredDecrement));
    const moving = scale !== undefined && largestMove(step.direction, scale) > AT_REST;
    if (decrement <= tolerance && !moving) return end(at, iteration, decrement, true, false);
    if (decrement <= tolerance && ++running > PATIENCE) return end(at, iteration, decrement, false, true);
    if (iteration >= maxIterations) return end(at, iteration, decrement, false, moving);

    const next = await lineSearch(problem, at, value, step);
    if (!next) return end(at, iteration, decrement, false, moving);
    ({ at, value, gradient } = next);
    if (method === 'newton-cholesky' && !moving && decrement < SETTLED) {
      const remaining = Math.sqrt(Math.max(0, inner(gradient, problem.solve(gradient))));
      if (remaining <= tolerance) return end(at, iteration + 1, remaining, true, false);
    }
  }
}

function end(
  at: Float64Array,
  iterations: number,
  gradientNorm: number,
  converged: boolean,
  diverging: boolean,
): Minimum {
  return { at, iterations, gradientNorm, converged, diverging };
}

async function choleskyStep(problem: LogisticProblem, gradient: Float64Array): Promise<Step> {
  await problem.hessian();
  // Collinear columns without a penalty leave H singular; a ridge far below rounding of the data settles them.
  for (let ridge = 0; !problem.factorise(ridge); ridge = ridge === 0 ? 1e-12 : ridge * 100) {
    if (ridge > 1e6) return { direction: gradient.map((g) => -g), squaredDecrement: inner(gradient, gradient) };
  }
  const solved = problem.solve(gradient);
  return { direction: solved.map((s) => -s), squaredDecrement: inner(gradient, solved) };
}

/**
 * Conjugate gradients on H s = -g, preconditioned by the stand-in or, where there is none, by the diagonal. With one score a class, directions are kept to those that
 * sum to 0 over the classes: the optimum lies there, and the rest of the space, where only the penalty curves, would
 * cost most of the iterations.
 */
async function conjugateGradientStep(
  problem: LogisticProblem,
  gradient: Float64Array,
  last: Progress,
  standIn: StandIn | undefined,
): Promise<Step> {
  const diagonal = standIn ? undefined : await problem.diagonal();
  const solve = (vector: Float64Array) => standIn?.solve(vector) ?? precondition(problem, vector, diagonal!);
  const length = gradient.length;
  const direction = new Float64Array(length);
  const residual = gradient.map((g) => -g);
  const preconditioned = solve(residual);
  const search = preconditioned.slice();
  let square = inner(residual, preconditioned);
  const goal = square * forcing(last, square) ** 2;
  const begin = square;
  for (let iteration = 0; iteration < 1000 && square > goal; iteration++) {
    const image = await problem.product(search);
    const curvature = inner(search, image);
    if (!(curvature > 0)) break;
    const step = square / curvature;
    for (let i = 0; i < length; i++) {
      direction[i]! += step * search[i]!;
      residual[i]! -= step * image[i]!;
    }
    const next = solve(residual);
    const nextSquare = inner(residual, next);
    const ratio = nextSquare / square;
    square = nextSquare;
    for (let i = 0; i < length; i++) search[i] = next[i]! + ratio * search[i]!;
  }
  const squaredDecrement = -inner(gradient, direction);
  last.decrement = Math.sqrt(Math.max(0, squaredDecrement));
  last.square = begin;
  return { direction, squaredDecrement };
}

/** What the last conjugate-gradient step found: the decrement, and the squared norm of the preconditioned gradient. */
interface Progress {
  decrement: number;
  square: number;
  readonly tolerance: number;
}

/**
 * How exactly a step is solved, relative to its gradient. The decrement to expect follows from the last one by the ratio of
 * gradients. Newton's own error is of the order of its square, so more is wasted; nor is it worth going far below the tolerance.
 */
function forcing({ decrement, square, tolerance }: Progress, present: number): number {
  const expected = decrement * Math.sqrt(present / square);
  if (!Number.isFinite(expected)) return 0.3;
  return Math.min(0.3, Math.max(0.1 * expected, (0.2 * tolerance) / expected));
}

function precondition(
  { scores, width, used }: LogisticProblem,
  residual: Float64Array,
  diagonal: Float64Array,
): Float64Array {
  const result = new Float64Array(residual.length);
  for (let j = 0; j < used; j++) {
    let shift = 0;
    if (scores > 1) {
      let total = 0;
      for (let k = 0; k < scores; k++) {
        const inverse = 1 / (diagonal[k * width + j]! || 1);
        shift += residual[k * width + j]! * inverse;
        total += inverse;
      }
      shift /= total;
    }
    for (let k = 0; k < scores; k++) {
      const at = k * width + j;
      result[at] = (residual[at]! - shift) / (diagonal[at]! || 1);
    }
  }
  return result;
}

async function lineSearch(
  problem: LogisticProblem,
  at: Float64Array,
  value: number,
  { direction, squaredDecrement }: Step,
) {
  // Near the optimum differences of F drown in its rounding; the slack lets full Newton steps pass there.
  const slack = 1e-12 * Math.abs(value);
  let step = 1;
  for (let halvings = 0; halvings < 40; halvings++) {
    const trial = at.map((x, i) => x + step * direction[i]!);
    const next = await problem.evaluate(trial);
    if (next.value <= value - 1e-4 * step * squaredDecrement + slack) return { at: trial, ...next };
    step /= 2;
  }
  return undefined;
}

/** Root mean square effect of each coefficient on the linear predictor, from the curvature at the start. */
async function predictorScale(problem: LogisticProblem): Promise<Float64Array> {
  const diagonal = await problem.diagonal();
  return diagonal.map((value, i) =>
    i % problem.width < problem.used ? Math.sqrt((4 * value) / problem.totalWeight) : 0,
  );
}

function largestMove(direction: Float64Array, scale: Float64Array): number {
  return direction.reduce((largest, value, i) => Math.max(largest, Math.abs(value * scale[i]!)), 0);
}

function inner(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
