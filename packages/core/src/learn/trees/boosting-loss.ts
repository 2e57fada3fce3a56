import { checkOptionNames } from '../../data/check-option-names.ts';
import type { Classes } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { TrainingRows } from '../logistic-data.ts';

/**
 * What boosting takes down. All but `log-loss` change what the probabilities mean: recalibrate them before they are read as
 * chances.
 */
export type BoostingLoss =
  | 'log-loss'
  | WeightedLoss
  | ClassBalancedLoss
  | FocalLoss
  | AsymmetricLoss
  | LogitAdjustedLoss
  | MarginLoss
  | RowCostLoss
  | CustomLoss;

/** Log-loss with a weight a class: one number a class code, or n / (classes n_c). */
export interface WeightedLoss {
  readonly name: 'weighted';
  readonly classWeights?: 'balanced' | readonly number[] | undefined;
}

/** Log-loss weighted by 1 / E_c, E_c = (1 - beta^n_c) / (1 - beta), scaled to sum to the number of classes (Cui et al. 2019). */
export interface ClassBalancedLoss {
  readonly name: 'class-balanced';
  /** Default 0.999. */
  readonly beta?: number | undefined;
}

/**
 * -(1 - p)^gamma log p with p the probability of the true class (Lin et al. 2017), of the sigmoid or, with more than two classes,
 * the softmax.
 */
export interface FocalLoss {
  readonly name: 'focal';
  /** Default 2. */
  readonly gamma?: number | undefined;
}

/**
 * -(1 - p)^gammaPositive log p of the rarer class, -u^gammaNegative log(1 - u), u = max(p - clip, 0), of the other, p the
 * rarer one's probability (Ridnik et al. 2021). Two classes.
 */
export interface AsymmetricLoss {
  readonly name: 'asymmetric';
  /** Default 0. */
  readonly gammaPositive?: number | undefined;
  /** Default 4. */
  readonly gammaNegative?: number | undefined;
  /** Default 0.05. */
  readonly clip?: number | undefined;
}

/** Log-loss of scores z + tau log(share of the class); the model keeps z (Menon et al. 2021). */
export interface LogitAdjustedLoss {
  readonly name: 'logit-adjusted';
  /** Default 1. */
  readonly tau?: number | undefined;
}

/** Log-loss with n_c^(-1/4), scaled to at most `maxMargin`, off the score of the true class (Cao et al. 2019). */
export interface MarginLoss {
  readonly name: 'margin';
  /** Default 0.5. */
  readonly maxMargin?: number | undefined;
}

/** Log-loss weighted by what it costs to get the row wrong: one number a row of the data, not negative. */
export interface RowCostLoss {
  readonly name: 'row-cost';
  readonly costs: Float64Array;
}

/** Any loss that is twice differentiable in the scores. */
export interface CustomLoss {
  readonly name: string;
  /** Writes gradient and Hessian (not negative) of each row in its score, the log-odds of the second class; labels are 0 and 1. */
  readonly gradients: (scores: Float64Array, labels: Uint8Array, gradient: Float64Array, hessian: Float64Array) => void;
  /**
   * The same of more than two classes: scores, gradient and Hessian (in the one score) are `rows × classes`, a score a class that
   * occurs; labels are their places. A tree a class takes its step alone, so Hessians are best multiplied by
   * classes / (classes - 1), as Friedman (2001) does.
   */
  readonly classGradients?:
    | ((
        scores: Float64Array,
        labels: Int32Array,
        classes: number,
        gradient: Float64Array,
        hessian: Float64Array,
      ) => void)
    | undefined;
}

/** A loss with the numbers of the rows at hand. */
export interface LossPlan {
  readonly name: string;
  /** Whether binary gradients are modulated by focusing exponents. */
  readonly modulated: boolean;
  /** Focusing exponents and clips of label 0 and of label 1. */
  readonly focus: readonly [number, number, number, number];
  /** tau of the shift tau log(share). */
  readonly tau: number;
  /** Taken off the true class's score, one a class. */
  readonly margins: Float64Array;
  /** Sample weights times those of the loss. */
  readonly weights: Float64Array;
  readonly custom: CustomLoss | undefined;
}

/** Name of a loss. */
export function lossName(loss: BoostingLoss): string {
  return typeof loss === 'string' ? loss : loss.name;
}

const parameters: Readonly<Record<string, readonly string[]>> = {
  weighted: ['classWeights'],
  'class-balanced': ['beta'],
  focal: ['gamma'],
  asymmetric: ['gammaPositive', 'gammaNegative', 'clip'],
  'logit-adjusted': ['tau'],
  margin: ['maxMargin'],
  'row-cost': ['costs'],
};

/** Throws `bad-option` for parameters out of range, and for those that the loss has not. */
export function checkLoss(loss: BoostingLoss): void {
  if (loss === 'log-loss') return;
  const refuse = (what: string): never => {
    throw new CounterweightError('bad-option', `loss ${lossName(loss)}: ${what}`);
  };
  if (typeof loss !== 'object' || loss === null) {
    throw new CounterweightError('bad-option', `there is no loss "${String(loss)}"`);
  }
  const within = (name: string, value: unknown, low: number, high: number) => {
    if (value === undefined) return;
    if (typeof value !== 'number' || !(value >= low && value <= high)) refuse(`${name} must lie in ${low} .. ${high}`);
  };
  const fields = loss as unknown as Record<string, unknown>;
  if ('gradients' in loss) {
    if (typeof loss.gradients !== 'function') refuse('gradients must be a function');
    if (loss.classGradients !== undefined && typeof loss.classGradients !== 'function')
      refuse('classGradients must be a function');
    return;
  }
  const { name } = loss;
  if (Object.hasOwn(parameters, name)) checkOptionNames(`loss ${name}`, loss, ['name', ...parameters[name]!]);
  switch (loss.name) {
    case 'weighted': {
      const { classWeights = 'balanced' } = loss;
      const isWeight = (weight: unknown) => Number.isFinite(weight) && (weight as number) > 0;
      const fine = classWeights === 'balanced' || (Array.isArray(classWeights) && classWeights.every(isWeight));
      if (!fine) refuse('classWeights must be "balanced" or positive numbers, one a class');
      break;
    }
    case 'class-balanced':
      within('beta', fields['beta'], 0, 1 - 2 ** -50);
      break;
    case 'focal':
      within('gamma', fields['gamma'], 0, 100);
      break;
    case 'asymmetric':
      for (const name of ['gammaPositive', 'gammaNegative']) within(name, fields[name], 0, 100);
      within('clip', fields['clip'], 0, 0.5);
      break;
    case 'logit-adjusted':
      within('tau', fields['tau'], -100, 100);
      break;
    case 'margin':
      within('maxMargin', fields['maxMargin'], 0, 100);
      break;
    case 'row-cost':
      if (!(loss.costs instanceof Float64Array)) refuse('costs must be a Float64Array');
      break;
    default:
      throw new CounterweightError('bad-option', `there is no loss "${lossName(loss)}"`);
  }
}

/** Sample weights times the costs of rows, for the loss `row-cost`. Throws `shape-mismatch`, `bad-weights`. */
export function costWeights({ costs }: RowCostLoss, rows: number, weights: Float64Array | undefined): Float64Array {
  if (costs.length !== rows) {
    throw new CounterweightError('shape-mismatch', `${rows} rows have ${costs.length} costs`);
  }
  return costs.map((cost, row) => {
    if (cost >= 0 && cost < Number.POSITIVE_INFINITY) return cost * (weights ? weights[row]! : 1);
    throw new CounterweightError(
      'bad-weights',
      `the cost of row ${row} is ${cost}; costs are finite and not negative`,
      {
        row,
      },
    );
  });
}

/** Settles a loss for the rows that train. Throws `bad-option` where it does not fit the classes. */
export function planLoss(loss: BoostingLoss, { present, labels, weights }: TrainingRows, classes: Classes): LossPlan {
  const counts = new Float64Array(present.length);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]! += weights[i]!;
  const plain: LossPlan = {
    name: lossName(loss),
    modulated: false,
    focus: [0, 0, 0, 0],
    tau: 0,
    margins: new Float64Array(present.length),
    weights,
    custom: undefined,
  };
  if (typeof loss === 'string') return plain;
  const twoClasses = (why = '') => {
    if (present.length === 2) return;
    throw new CounterweightError(
      'bad-option',
      `loss ${loss.name} ${why}is for two classes, there are ${present.length}`,
    );
  };
  if ('gradients' in loss) {
    if (!loss.classGradients) twoClasses('without classGradients ');
    return { ...plain, custom: loss };
  }
  switch (loss.name) {
    case 'weighted': {
      const given = loss.classWeights ?? 'balanced';
      if (given !== 'balanced' && given.length !== classes.length) {
        throw new CounterweightError('bad-option', `${classes.length} classes have ${given.length} classWeights`);
      }
      const total = counts.reduce((sum, count) => sum + count);
      const factors = present.map((code, k) =>
        given === 'balanced' ? total / (present.length * counts[k]!) : given[code]!,
      );
      return { ...plain, weights: weights.map((weight, i) => weight * factors[labels[i]!]!) };
    }
    case 'class-balanced': {
      const factors = effectiveWeights(counts, loss.beta ?? 0.999);
      return { ...plain, weights: weights.map((weight, i) => weight * factors[labels[i]!]!) };
    }
    case 'focal': {
      const gamma = loss.gamma ?? 2;
      return { ...plain, modulated: true, focus: [gamma, gamma, 0, 0] };
    }
    case 'asymmetric': {
      twoClasses();
      const { gammaPositive = 0, gammaNegative = 4, clip = 0.05 } = loss;
      const rarer = counts[0]! < counts[1]! ? 0 : 1;
      const focus = [gammaNegative, gammaPositive, clip, 0] as const;
      const turned = [gammaPositive, gammaNegative, 0, clip] as const;
      return { ...plain, modulated: true, focus: rarer === 1 ? focus : turned };
    }
    case 'logit-adjusted':
      return { ...plain, tau: loss.tau ?? 1 };
    case 'margin': {
      const raw = counts.map((count) => 1 / Math.sqrt(Math.sqrt(count)));
      const largest = Math.max(...raw);
      return { ...plain, margins: raw.map((value) => (value / largest) * (loss.maxMargin ?? 0.5)) };
    }
    default:
      return plain;
  }
}

function effectiveWeights(counts: Float64Array, beta: number): Float64Array {
  // 1 - beta^n by expm1, which keeps its digits where beta is near 1.
  const raw = counts.map((count) => (beta === 0 ? 1 : (1 - beta) / -Math.expm1(count * Math.log(beta))));
  const total = raw.reduce((sum, weight) => sum + weight);
  return raw.map((weight) => (weight * counts.length) / total);
}
