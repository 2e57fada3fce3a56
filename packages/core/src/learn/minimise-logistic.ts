import type { LogisticProblem } from './logistic-problem.ts';

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

  for (let iteration = 0; ; iteration++) {
    await onIteration(iteration);
    const step: Step =
      method === 'newton-cg'
        ? await conjugateGradientStep(problem, gradient, decrement)
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

/** Preconditioned by the diagonal; solves the more exactly the nearer the optimum, so that convergence stays fast. */
async function conjugateGradientStep(
  problem: LogisticProblem,
  gradient: Float64Array,
  decrement: number,
): Promise<Step> {
  const diagonal = await problem.diagonal();
  const length = gradient.length;
  const direction = new Float64Array(length);
  const residual = gradient.map((g) => -g);
  const preconditioned = residual.map((r, i) => r / (diagonal[i]! || 1));
  const search = preconditioned.slice();
  let square = inner(residual, preconditioned);
  const forcing = Math.min(0.1, Math.max(1e-4, decrement / 10));
  const goal = square * forcing * forcing;
  for (let iteration = 0; iteration < 1000 && square > goal; iteration++) {
    const image = await problem.product(search);
    const curvature = inner(search, image);
    if (!(curvature > 0)) break;
    const length1 = square / curvature;
    for (let i = 0; i < length; i++) {
      direction[i]! += length1 * search[i]!;
      residual[i]! -= length1 * image[i]!;
      preconditioned[i] = residual[i]! / (diagonal[i]! || 1);
    }
    const next = inner(residual, preconditioned);
    const ratio = next / square;
    square = next;
    for (let i = 0; i < length; i++) search[i] = preconditioned[i]! + ratio * search[i]!;
  }
  return { direction, squaredDecrement: -inner(gradient, direction) };
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
