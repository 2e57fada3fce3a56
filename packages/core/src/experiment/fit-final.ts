import type { PriorCorrection } from '../calibrate/index.ts';
import { fitEncoder, subsetLabels } from '../data/index.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { settleProbabilities } from './cross-validate.ts';
import type { Decision } from './decision.ts';
import { decisionsOf } from './decisions-of.ts';
import type { ExperimentRunOptions } from './experiment-options.ts';
import { fitStrategy } from './fit-strategy.ts';
import type { OutOfFold } from './out-of-fold.ts';
import { type Pipeline, pipelineOf } from './pipeline.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Task } from './settle-task.ts';
import type { Strategy } from './strategy.ts';

/** A strategy fitted on all training rows. */
export interface FinalFit {
  readonly id: string;
  /** Decides at the operating point. */
  readonly pipeline: Pipeline;
  /** Class shares that the learner saw, and the true ones. */
  readonly correction: PriorCorrection;
  /** In the order of the report; the operating point last. */
  readonly decisions: readonly Decision[];
  readonly notices: readonly Notice[];
}

/**
 * Fits encoder, treatment and model on all training rows. Calibration and decision come from the out-of-fold
 * probabilities of these rows.
 */
export async function fitFinal(
  strategy: Strategy,
  { outOfFold, tuned }: { readonly outOfFold: OutOfFold; readonly tuned: Decision },
  { table, labels, schema, split }: PreparedData,
  task: Task,
  target: string,
  seed: number,
  run: ExperimentRunOptions,
): Promise<FinalFit> {
  const encoder = fitEncoder({ table, rows: split.train, schema });
  const training = { X: encoder.transform(table, split.train), y: subsetLabels(labels, split.train) };
  const own = randomStream(seed, 'final', strategy.treatment.name).uint32();
  const { model, correction, notices } = await fitStrategy(strategy, training, task.positive, own, {
    ...run,
    costs: task.costs ?? undefined,
  });
  const settled = await settleProbabilities(outOfFold.raw, outOfFold.truth, labels, correction, run);
  const { recalibration } = settled;
  const decisions = decisionsOf(recalibration, tuned, task);
  const pipeline = pipelineOf({
    strategy: strategy.id,
    target,
    classes: labels.classes,
    positive: task.positive,
    encoder,
    model,
    recalibration,
    decision: decisions.at(-1)!,
    uncertainty: null,
  });
  return {
    id: strategy.id,
    pipeline,
    correction,
    decisions,
    notices: [
      ...encoder.notices,
      ...notices,
      ...settled.notices.map((notice) => ({ ...notice, strategies: [strategy.id] })),
    ],
  };
}
