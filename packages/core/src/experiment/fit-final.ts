import { fitEncoder, subsetLabels } from '../data/index.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import type { Decision } from './decision.ts';
import { decisionsOf } from './decisions-of.ts';
import type { ExperimentRunOptions } from './experiment-options.ts';
import { fitStrategy } from './fit-strategy.ts';
import { type Pipeline, pipelineOf } from './pipeline.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Task } from './settle-task.ts';
import type { Strategy } from './strategy.ts';

/** A strategy fitted on all training rows. */
export interface FinalFit {
  readonly id: string;
  /** Decides at the operating point. */
  readonly pipeline: Pipeline;
  /** In the order of the report; the operating point last. */
  readonly decisions: readonly Decision[];
  readonly notices: readonly Notice[];
}

/** Fits encoder, treatment and model on all training rows; `tuned` comes from their out-of-fold probabilities. */
export async function fitFinal(
  strategy: Strategy,
  tuned: Decision,
  { table, labels, schema, split }: PreparedData,
  task: Task,
  target: string,
  seed: number,
  run: ExperimentRunOptions,
): Promise<FinalFit> {
  const encoder = fitEncoder({ table, rows: split.train, schema });
  const training = { X: encoder.transform(table, split.train), y: subsetLabels(labels, split.train) };
  const own = randomStream(seed, 'final', strategy.treatment.name).uint32();
  const { model, correction, notices } = await fitStrategy(strategy, training, task.positive, own, run);
  const decisions = decisionsOf(correction, tuned, task, labels.classes.length);
  const pipeline = pipelineOf({
    strategy: strategy.id,
    target,
    classes: labels.classes,
    positive: task.positive,
    encoder,
    model,
    correction,
    decision: decisions.at(-1)!,
  });
  return { id: strategy.id, pipeline, decisions, notices: [...encoder.notices, ...notices] };
}
