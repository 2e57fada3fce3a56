import type { Dataset } from '../data/dataset.ts';
import type { Learner } from '../learn/learner.ts';
import type { TrainingRows } from '../learn/logistic-data.ts';
import { treeSettings } from '../learn/trees/forest-options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import type { Work } from '../runtime/work.ts';
import {
  type BaseFits,
  learnerFits,
  type MonotoneOption,
  memberTreeOptionNames,
  type TreeOptions,
  treeFits,
} from './base-fits.ts';
import { checkFitted } from './member-parts.ts';

/** A learner, or what makes one from a member's own seed. */
export type MemberLearner = Learner | ((seed: number) => Learner);

/** Options of ensembles of any learner. Without `learner`, members are trees, to which the other options speak. */
export interface MemberOptions extends TreeOptions {
  readonly learner?: MemberLearner | undefined;
}

export const memberOptionNames = ['learner', ...memberTreeOptionNames];

/** Throws `bad-option`, also for options of trees beside a learner that would not hear them. */
export function checkMember(options: MemberOptions): void {
  checkLearner(options);
  treeSettings(options, 'all');
}

function checkLearner(options: MemberOptions): void {
  if (options.learner === undefined) return;
  checkFitted('learner', 'a learner', options.learner, true);
  const spoken = memberOptionNames.find(
    (name) => name !== 'learner' && options[name as keyof MemberOptions] !== undefined,
  );
  if (spoken === undefined) return;
  const message = `${spoken} is about members that are trees: give it to the learner instead`;
  throw new CounterweightError('bad-option', message, { option: spoken });
}

/** Members on bags of the data. `run` is not asked for its kernels anew: learners open their own work. */
export function memberFits(
  work: Work,
  data: Dataset,
  training: TrainingRows,
  options: MemberOptions & MonotoneOption,
  mostRows?: number,
  run?: RunOptions,
): Promise<BaseFits> {
  const { learner } = options;
  if (learner === undefined) return treeFits(work, data, training, options, mostRows);
  return Promise.resolve(learnerFits(data, training, learner, run));
}
