import { checkColumnCount } from '../data/check-dataset.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Classes } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { modelFields } from '../data/model-fields.ts';
import type { Model, ModelJSON } from '../learn/learner.ts';
import { type ForestModel, forestModel } from '../learn/trees/forest-model.ts';
import type { Tree } from '../learn/trees/tree.ts';
import { addVotes, oddsFactor } from '../learn/votes.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { throwIfAborted } from '../runtime/run-options.ts';

/**
 * `mean`: weighted mean of the members' probabilities. `vote`: weighted share of the votes for their likeliest class. The two
 * `-odds`, for boosting: the same sums are log-odds, p_k ∝ exp(Σ_m w_m s_mk), as boosting estimates them (Friedman, Hastie and
 * Tibshirani 2000; of more than two classes Zhu et al. 2009). Weights beyond a sum of 20 are scaled to it: odds of more than
 * e^20 to 1 mean nothing, and ranks would be lost to rounding.
 */
export type Combination = 'mean' | 'vote' | 'mean-odds' | 'vote-odds';

const combinations: readonly Combination[] = Object.freeze(['mean', 'vote', 'mean-odds', 'vote-odds']);

/** Sums of the members' weights between which no share overflows or is lost. */
const LEAST_TOTAL = 1e-200;
const MOST_TOTAL = 1e200;

/** Members and how they are heard. */
export interface CombinedModel extends Model {
  readonly name: string;
  readonly combine: Combination;
  readonly members: readonly Model[];
  /** One positive weight a member. */
  readonly weights: Float64Array;
  /** The members as one forest, where they are trees: what `treeShap` and `gainImportance` take such a model for. */
  readonly forest?: ForestModel | undefined;
  /** What the mean of the forest's trees is multiplied with to be log-odds; absent where it is the probabilities. */
  readonly forestFactor?: number | undefined;
  /**
   * Mean of the members that did not see the row, `rows × classes` of the training data; NaN where all saw it. Present where
   * it was asked for, on the model that was fitted, not on one read back.
   */
  readonly outOfBag?: Matrix | undefined;
}

export interface CombinedParts {
  readonly name: string;
  readonly classes: Classes;
  readonly columns: number;
  readonly combine: Combination;
  readonly members: readonly Model[];
  /** Equal ones where left out. */
  readonly weights?: Float64Array | undefined;
  readonly notices?: readonly Notice[] | undefined;
  readonly outOfBag?: Matrix | undefined;
}

/** A model of members; classification trees are heard all at once. */
export function combinedModel(parts: CombinedParts): CombinedModel {
  const { name, columns, combine, outOfBag } = parts;
  const classes = Object.freeze([...parts.classes]);
  const members = Object.freeze([...parts.members]);
  const weights = parts.weights ?? new Float64Array(members.length).fill(1);
  const notices = Object.freeze([...(parts.notices ?? [])]);
  const votes = combine.startsWith('vote');
  const forest = asForest(members, weights, votes);
  const absent = absentCodes(classes, notices);
  const forestFactor = combine.endsWith('-odds') ? oddsFactor(weights) : undefined;
  const heard = (shares: Matrix) =>
    forestFactor === undefined ? shares : probabilitiesOf(shares, forestFactor, absent);
  const predictProba = async (X: NumericRows, options?: RunOptions): Promise<Matrix> => {
    checkColumnCount(X, columns);
    if (forest) return heard(normalised(await forest.predictProba(X, options), true));
    const sums = new Float64Array(X.rows * classes.length);
    for (const [m, member] of members.entries()) {
      throwIfAborted(options?.signal);
      const p = await member.predictProba(X, options);
      if (votes) addVotes(sums, p.data, classes.length, weights[m]!);
      else for (let i = 0; i < sums.length; i++) sums[i]! += weights[m]! * p.data[i]!;
    }
    return heard(normalised(matrix(sums, X.rows, classes.length), false));
  };
  return Object.freeze({
    name,
    classes,
    notices,
    combine,
    members,
    weights,
    ...(forest ? { forest } : {}),
    ...(forest && forestFactor !== undefined ? { forestFactor } : {}),
    ...(outOfBag ? { outOfBag } : {}),
    predictProba,
    toJSON: () => ({
      kind: name,
      version: 1,
      classes,
      columns,
      combine,
      weights: [...weights],
      members: members.map((member) => member.toJSON()),
      notices,
    }),
  });
}

/** Means of shares differ from sum 1 by rounding alone where they differ by less. */
const ROUNDING = 1e-13;

/** Makes rows sum to 1; with `sparing`, leaves alone those that do but for rounding, unless a sum of weights went beyond 1. */
function normalised(p: Matrix, sparing: boolean): Matrix {
  const { data, columns } = p;
  for (let at = 0; at < data.length; at += columns) {
    let sum = 0;
    let most = 0;
    for (let k = 0; k < columns; k++) {
      sum += data[at + k]!;
      most = Math.max(most, data[at + k]!);
    }
    if (sparing && most <= 1 && Math.abs(sum - 1) < ROUNDING) continue;
    for (let k = 0; k < columns; k++) data[at + k]! /= sum;
  }
  return p;
}

/** Codes of the classes that no member can know, as the notices say. */
function absentCodes(classes: Classes, notices: readonly Notice[]): number[] {
  return notices.filter(({ code }) => code === 'class-absent').map((notice) => classes.indexOf(notice.class!));
}

/** p_k ∝ exp(factor s_k) of shares, in place; 0 for absent classes. */
function probabilitiesOf(shares: Matrix, factor: number, absent: readonly number[]): Matrix {
  const { data, columns } = shares;
  for (let at = 0; at < data.length; at += columns) {
    let most = 0;
    for (let k = 0; k < columns; k++) most = Math.max(most, data[at + k]!);
    for (let k = 0; k < columns; k++) data[at + k] = Math.exp(factor * (data[at + k]! - most));
    for (const code of absent) data[at + code] = 0;
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += data[at + k]!;
    for (let k = 0; k < columns; k++) data[at + k]! /= sum;
  }
  return shares;
}

/** Trees as one forest whose leaves are worth what their member says and weighs; undefined for other members. */
function asForest(members: readonly Model[], weights: Float64Array, votes: boolean): ForestModel | undefined {
  const trees: Tree[] = [];
  let total = 0;
  for (const weight of weights) total += weight;
  const [first] = members as readonly Partial<ForestModel>[];
  for (const [m, member] of (members as readonly Partial<ForestModel>[]).entries()) {
    if (member.name !== 'decision-tree' || member.trees?.length !== 1) return undefined;
    if (String(member.present) !== String(first!.present)) return undefined;
    const [tree] = member.trees;
    const value = new Float64Array(tree!.value.length);
    const factor = (weights[m]! * members.length) / total;
    if (votes) addVotes(value, tree!.value, tree!.outputs, factor);
    else for (let i = 0; i < value.length; i++) value[i] = tree!.value[i]! * factor;
    trees.push({ ...tree!, value, gain: tree!.gain.map((gain) => gain * factor) });
  }
  const { present, columns, classes } = first as ForestModel;
  return forestModel({ name: 'random-forest', classes, present, columns, trees, notices: [] });
}

/** Reads what `toJSON` of a combined model wrote; `read` reads its members. Throws `bad-model`. */
export function combinedModelFromJSON(
  name: string,
  json: ModelJSON,
  read: (member: ModelJSON) => Model,
): CombinedModel {
  const fields = modelFields(json, `${name} model`);
  fields.oneOf('kind', name);
  fields.oneOf('version', 1);
  const classes = fields.classes('classes');
  const columns = fields.count('columns');
  const written = fields.list('members');
  fields.require('members', written.length > 0);
  const weights = fields.numbers('weights', written.length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  fields.require('weights', weights.every((weight) => weight > 0) && total > LEAST_TOTAL && total < MOST_TOTAL);
  const members = written.map((member) => read(member as ModelJSON));
  fields.require(
    'members',
    members.every((member) => JSON.stringify(member.classes) === JSON.stringify(classes)) &&
      written.every((member) => (member as ModelJSON)['columns'] === columns),
  );
  return combinedModel({
    name,
    classes,
    columns,
    combine: fields.oneOf<Combination>('combine', ...combinations),
    members,
    weights,
    notices: fields.notices('notices'),
  });
}
