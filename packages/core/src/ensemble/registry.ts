import type { Learner, Model, ModelJSON } from '../learn/learner.ts';
import { learners } from '../learn/registry.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { adaBoost, easyEnsemble, overBoost, rusBoost } from './ada-boost.ts';
import { balanceCascade } from './balance-cascade.ts';
import { balancedBagging } from './balanced-bagging.ts';
import { balancedRandomForest } from './balanced-random-forest.ts';
import type { EnsembleCosts } from './class-costs.ts';
import type { Coding } from './code-matrix.ts';
import { type CombinedModel, combinedModelFromJSON } from './combined-model.ts';
import { adaC1, adaC2, adaC3, adaCost, adaUBoost, asymBoost } from './cost-boost.ts';
import { costRejection } from './cost-rejection.ts';
import {
  type DecompositionOptions,
  decomposedModelFromJSON,
  oneVersusOne,
  oneVersusRest,
  outputCodes,
} from './decomposition.ts';
import { iiVotes } from './ii-votes.ts';
import { adaBoostM2, smoteBoost } from './m2-boost.ts';
import { metaCost } from './meta-cost.ts';
import { overBagging, underBagging } from './plain-bagging.ts';
import { selfPacedEnsemble } from './self-paced-ensemble.ts';
import { smoteBagging } from './smote-bagging.ts';
import { voting } from './voting.ts';

export interface EnsembleEntryOptions {
  readonly seed?: number | undefined;
  readonly nEstimators?: number | undefined;
  readonly costs?: EnsembleCosts | undefined;
}

/** An ensemble as programs find it by name; the common checks run over all of them. */
export interface EnsembleEntry {
  /** The field's name in kebab-case, also the `kind` of the model's JSON. */
  readonly name: string;
  /** For people: "balanced random forest". */
  readonly label: string;
  /** Shares of the classes that its probabilities speak of: those of the rows, or `even` ones. */
  readonly seen: 'rows' | 'even';
  /** Whether it learns from what mistakes cost. */
  readonly takesCosts: boolean;
  /**
   * Makes the ensemble with its defaults, or with a seed, a number of members or, where it takes them, costs. Throws `bad-option`
   * for options that it has not.
   */
  create(options?: EnsembleEntryOptions): Learner;
  /** Reads a model back, of members that are models of `learners` or of `ensembles`. Throws `bad-model`. */
  fromJSON(json: ModelJSON): Model;
}

/** Every ensemble by name. */
export const ensembles: ReadonlyMap<string, EnsembleEntry> = new Map(
  [
    entry('balanced-random-forest', 'balanced random forest', balancedRandomForest),
    entry('balanced-bagging', 'balanced bagging', balancedBagging),
    entry('easy-ensemble', 'EasyEnsemble', easyEnsemble),
    entry('rus-boost', 'RUSBoost', rusBoost),
    entry('over-boost', 'OverBoost', overBoost),
    entry('ada-boost', 'AdaBoost', adaBoost, 'rows'),
    entry('under-bagging', 'under-bagging', underBagging),
    entry('over-bagging', 'over-bagging', overBagging),
    entry('ada-boost-m2', 'AdaBoost.M2', adaBoostM2, 'rows'),
    entry('smote-boost', 'SMOTEBoost', smoteBoost),
    entry('smote-bagging', 'SMOTEBagging', smoteBagging),
    entry('ada-cost', 'AdaCost', adaCost, 'even', true),
    // Next to nothing of the costs goes into a round of these.
    entry('ada-c1', 'AdaC1', adaC1, 'rows', true),
    entry('ada-c2', 'AdaC2', adaC2, 'even', true),
    entry('ada-c3', 'AdaC3', adaC3, 'rows', true),
    entry('asym-boost', 'AsymBoost', asymBoost, 'even', true),
    entry('ada-u-boost', 'AdaUBoost', adaUBoost, 'even', true),
    entry('meta-cost', 'MetaCost', metaCost, 'rows', true),
    entry('cost-rejection', 'cost-proportionate rejection', costRejection, 'even', true),
    entry('ii-votes', 'IIVotes', iiVotes, 'rows'),
    entry('voting', 'voting', (options) => voting(withoutMembers(options)), 'rows'),
    codedEntry('one-vs-rest', 'one versus rest', oneVersusRest),
    codedEntry('one-vs-one', 'one versus one', oneVersusOne),
    codedEntry('output-codes', 'error-correcting output codes', outputCodes),
    entry('balance-cascade', 'BalanceCascade', balanceCascade),
    entry('self-paced-ensemble', 'self-paced ensemble', selfPacedEnsemble),
  ].map((one) => [one.name, one]),
);

function entry(
  name: string,
  label: string,
  create: EnsembleEntry['create'],
  seen: EnsembleEntry['seen'] = 'even',
  takesCosts = false,
): EnsembleEntry {
  const fromJSON = (json: ModelJSON) => ensembleFromJSON(name, json);
  return Object.freeze({ name, label, seen, takesCosts, create, fromJSON });
}

function codedEntry(name: Coding, label: string, make: (options: DecompositionOptions) => Learner): EnsembleEntry {
  const fromJSON = (json: ModelJSON) => decomposedModelFromJSON(name, json, memberFromJSON);
  return Object.freeze({
    name,
    label,
    seen: 'rows',
    takesCosts: false,
    create: (options: Parameters<EnsembleEntry['create']>[0]) => make(withoutMembers(options)),
    fromJSON,
  });
}

/** For ensembles whose members are told one by one. */
function withoutMembers<T extends { readonly nEstimators?: number | undefined }>(options: T = {} as T) {
  if (!Object.hasOwn(options ?? {}, 'nEstimators')) return options;
  const { nEstimators: _, ...rest } = options;
  return rest;
}

function ensembleFromJSON(name: string, json: ModelJSON): CombinedModel {
  return combinedModelFromJSON(name, json, memberFromJSON);
}

/** Reads a model of any learner or ensemble by its kind. Throws `bad-model`. */
export function memberFromJSON(json: ModelJSON): Model {
  const kind = (json as ModelJSON | null)?.kind;
  const found = learners.find(({ name }) => name === kind) ?? ensembles.get(String(kind));
  if (!found) throw new CounterweightError('bad-model', `a member is of kind "${String(kind)}", which is unknown`);
  return found.fromJSON(json);
}
