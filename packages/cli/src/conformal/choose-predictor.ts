import {
  type Classes,
  type ConformalPredictor,
  type ConformalScore,
  CounterweightError,
  classCounts,
  clusteredConformal,
  conformalPredictors,
  conformalScores,
  fuzzyConformal,
  interpQ,
  type Labels,
  labelShiftConformal,
  mondrianConformal,
  type Notice,
  nearestName,
  rc3p,
  splitConformal,
  type TooFewPolicy,
  tunedRapsConformal,
  wpas,
} from '@counterweight/core';
import { byClass } from './class-numbers.ts';

/** What the command line says of the predictor. */
export interface PredictorRequest {
  readonly alpha: number;
  readonly seed: number;
  readonly method?: string | undefined;
  readonly predictor?: string | undefined;
  readonly classConditional?: boolean | undefined;
  /** Whether rows have categories. */
  readonly byCategory: boolean;
  readonly tooFew?: TooFewPolicy | undefined;
  readonly tau?: number | undefined;
  readonly bandwidth?: number | undefined;
  readonly trainCounts?: ReadonlyMap<string, number> | undefined;
  readonly targetShares?: ReadonlyMap<string, number> | undefined;
  readonly importance?: ReadonlyMap<string, number> | undefined;
}

export interface ChosenPredictor {
  /** Name in the registry. */
  readonly name: string;
  /** Name of the score. */
  readonly method: string;
  readonly guarantee: (typeof conformalPredictors)[number]['guarantee'];
  /** Null where the predictor has no classes of its own to have too few rows. */
  readonly tooFew: TooFewPolicy | null;
  /** Makes it for calibration rows with these labels. */
  make(labels: Labels): ConformalPredictor;
  /** The same for a part of the rows, in which a class may lack rows that it has in all: no reason to stop. */
  makeForFold(labels: Labels): ConformalPredictor;
  readonly notices: readonly Notice[];
}

const policies: Readonly<Record<string, readonly TooFewPolicy[]>> = {
  split: ['full', 'error'],
  mondrian: ['full', 'pooled', 'error'],
  'mondrian-category': ['full', 'pooled', 'error'],
  'mondrian-class-and-category': ['full', 'pooled', 'error'],
  rc3p: ['full', 'pooled', 'error'],
};

/** Predictors that the columns of one file can calibrate. */
export const filePredictors: readonly string[] = conformalPredictors
  .filter(({ needs }) => needs !== 'folds')
  .map(({ name }) => name);

/** The predictor and score that are asked for, checked against each other before anything is read. Throws `bad-option`. */
export function choosePredictor(request: PredictorRequest): ChosenPredictor {
  const name = predictorName(request);
  const method = scoreName(name, request.method);
  refuseStrayOptions(name, method, request);
  const allowed = policies[name];
  const tooFew = allowed ? (request.tooFew ?? 'full') : null;
  if (request.tooFew !== undefined && !allowed?.includes(request.tooFew)) {
    throw bad(
      allowed
        ? `--too-few ${request.tooFew} means nothing to --predictor ${name}: it has one bound for all rows; give ${allowed.join(' or ')}`
        : `--too-few means nothing to --predictor ${name}`,
    );
  }
  const { guarantee } = conformalPredictors.find((entry) => entry.name === name)!;
  return Object.freeze({
    name,
    method,
    guarantee,
    tooFew,
    make: (labels: Labels) => build(name, method, tooFew ?? 'full', labels, request),
    makeForFold: (labels: Labels) =>
      build(name, method, tooFew === null || tooFew === 'error' ? 'full' : tooFew, labels, request),
    notices: sharesNotice(name, method, request),
  });
}

function predictorName({ predictor, classConditional, byCategory }: PredictorRequest): string {
  const implied = byCategory
    ? classConditional
      ? 'mondrian-class-and-category'
      : 'mondrian-category'
    : classConditional
      ? 'mondrian'
      : 'split';
  if (predictor === undefined) return implied;
  const known = conformalPredictors.find(({ name }) => name === predictor);
  if (!known) {
    const near = nearestName(predictor, filePredictors);
    throw bad(
      `--predictor ${predictor} is not known; ${near === undefined ? `choose from ${filePredictors.join(', ')}` : `did you mean ${near}?`}`,
    );
  }
  if (known.needs === 'folds') {
    throw bad(
      `--predictor ${predictor} needs the predictions of every fold's model for each new row, which score columns do not hold`,
    );
  }
  if (known.needs === 'categories' && !byCategory) throw bad(`--predictor ${predictor} needs --by COLUMN beside it`);
  if (byCategory && known.needs !== 'categories' && predictor !== 'mondrian') {
    throw bad(`--by means nothing to --predictor ${predictor}`);
  }
  if (predictor === 'mondrian' && byCategory) return 'mondrian-class-and-category';
  const conditional = ['mondrian', 'mondrian-class-and-category'];
  if (classConditional && !conditional.includes(predictor)) {
    throw bad(`--class-conditional asks for the predictor mondrian; leave it out with --predictor ${predictor}`);
  }
  return predictor;
}

function scoreName(predictor: string, method: string | undefined): string {
  if (predictor === 'tuned-raps') {
    if (method !== undefined && method !== 'raps') throw bad('--predictor tuned-raps has the method raps');
    return 'raps';
  }
  const name = method ?? 'lac';
  const names = conformalScores.map((entry) => entry.name);
  if (names.includes(name)) return name;
  const near = nearestName(name, names);
  throw bad(
    `--method ${name} is not known; ${near === undefined ? `choose from ${names.join(', ')}` : `did you mean ${near}?`}`,
  );
}

function refuseStrayOptions(name: string, method: string, request: PredictorRequest): void {
  const { tau, bandwidth, trainCounts, targetShares, importance } = request;
  if (tau !== undefined && name !== 'interp-q') throw bad('--tau belongs to --predictor interp-q');
  if (bandwidth !== undefined && name !== 'fuzzy') throw bad('--bandwidth belongs to --predictor fuzzy');
  if (targetShares && name !== 'label-shift') throw bad('--target-shares belongs to --predictor label-shift');
  if (!targetShares && name === 'label-shift') {
    throw bad(
      '--predictor label-shift needs --target-shares CLASS=SHARE,… beside it: the shares where the sets will be used',
    );
  }
  if (importance && method !== 'wpas') throw bad('--importance belongs to --method wpas');
  if (!importance && method === 'wpas') throw bad('--method wpas needs --importance CLASS=WORTH,… beside it');
  if (trainCounts && name !== 'fuzzy' && !adjusted(method)) {
    throw bad('--train-counts belongs to --method pas or wpas and --predictor fuzzy');
  }
}

const adjusted = (method: string) => method === 'pas' || method === 'wpas';

function build(
  name: string,
  method: string,
  tooFew: TooFewPolicy,
  labels: Labels,
  request: PredictorRequest,
): ConformalPredictor {
  const { alpha, seed, tau, bandwidth } = request;
  const counts = trainingCounts(labels, request);
  const score = makeScore(method, counts, labels.classes, request);
  switch (name) {
    case 'mondrian':
      return mondrianConformal({ score, seed, tooFew });
    case 'mondrian-category':
      return mondrianConformal({ score, seed, tooFew, by: 'category' });
    case 'mondrian-class-and-category':
      return mondrianConformal({ score, seed, tooFew, by: 'class-and-category' });
    case 'clustered':
      return clusteredConformal({ score, seed, alpha, unplaced: 'together' });
    case 'rc3p':
      return rc3p({ score, seed, tooFew });
    case 'interp-q':
      return interpQ({ score, seed, tau });
    case 'fuzzy':
      return fuzzyConformal({ score, seed, bandwidth, trainingCounts: counts });
    case 'label-shift': {
      const targetShares = byClass('--target-shares', request.targetShares!, labels.classes, 0);
      return labelShiftConformal({ score, seed, targetShares });
    }
    case 'tuned-raps':
      return tunedRapsConformal({ alpha, seed });
    default:
      return splitConformal({ score, seed, tooFew: tooFew === 'error' ? 'error' : 'full' });
  }
}

function makeScore(
  method: string,
  counts: Float64Array,
  classes: Classes,
  { importance }: PredictorRequest,
): ConformalScore {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // A class that was never seen gets the share of half a row: any share above 0 will do, none will not.
  const shares = counts.map((count) => Math.max(count, 0.5) / Math.max(1, total));
  if (method === 'wpas') return wpas({ shares, importance: byClass('--importance', importance!, classes, 1) });
  return conformalScores.find(({ name }) => name === method)!.create(shares);
}

function trainingCounts(labels: Labels, { trainCounts }: PredictorRequest): Float64Array {
  if (trainCounts) return byClass('--train-counts', trainCounts, labels.classes, 0);
  return Float64Array.from(classCounts(labels));
}

function sharesNotice(name: string, method: string, { trainCounts }: PredictorRequest): Notice[] {
  if (trainCounts || (name !== 'fuzzy' && !adjusted(method))) return [];
  const who = adjusted(method) ? `method ${method}` : 'predictor fuzzy';
  return [
    {
      code: 'shares-from-calibration',
      severity: 'warning',
      message: `${who} took the class counts from the calibration rows, which bends its guarantee a little; those of the rows the model learned from are right (--train-counts)`,
    },
  ];
}

const bad = (message: string) => new CounterweightError('bad-option', message);
