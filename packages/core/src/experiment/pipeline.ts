import { type Recalibration, recalibrationFromJSON } from '../calibrate/index.ts';
import { type Classes, type Encoder, encoderFromJSON, type Table } from '../data/index.ts';
import type { Matrix } from '../data/matrix.ts';
import { ensembles } from '../ensemble/registry.ts';
import { learners, type Model, type ModelJSON } from '../learn/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type Decision, decide, decisionFromJSON } from './decision.ts';
import {
  type Sureness,
  surenessOf,
  type Uncertainty,
  type UncertaintyJSON,
  uncertaintyFromJSON,
  uncertaintyToJSON,
} from './uncertainty.ts';

/** Everything between a table and its decisions, as fitted. */
export interface PipelineParts {
  readonly strategy: string;
  readonly target: string;
  readonly classes: Classes;
  /** Index of the positive class in a binary task, else null. */
  readonly positive: number | null;
  readonly encoder: Encoder;
  readonly model: Model;
  /** Puts the model's probabilities right. */
  readonly recalibration: Recalibration;
  readonly decision: Decision;
  /** Null before it is calibrated. */
  readonly uncertainty: Uncertainty | null;
}

export interface Scores {
  /** As the model gives them, `rows × classes`. */
  readonly raw: Matrix;
  /** Calibrated, `rows × classes`. */
  readonly probabilities: Matrix;
  /** Decided class a row, as an index into `classes`. */
  readonly decisions: Int32Array;
  /** Brackets of the probabilities and label sets; null where the pipeline has no uncertainty. */
  readonly sureness: Sureness | null;
}

/** A fitted pipeline: encoder, model, calibration, decision, brackets and label sets. Immutable. */
export interface Pipeline extends PipelineParts {
  /** Scores all rows of a table, or the given ones. Throws `missing-column` or `retyped-column`. */
  score(table: Table, rows?: Int32Array, options?: RunOptions): Promise<Scores>;
  /** Plain data from which `pipelineFromJSON` makes the same pipeline. */
  toJSON(): PipelineJSON;
}

export interface PipelineJSON {
  readonly format: 'counterweight-model';
  readonly formatVersion: 2;
  readonly strategy: string;
  readonly target: string;
  readonly classes: Classes;
  readonly positive: number | null;
  readonly encoder: unknown;
  readonly model: ModelJSON;
  readonly recalibration: unknown;
  readonly decision: unknown;
  readonly uncertainty: UncertaintyJSON | null;
}

export function pipelineOf(parts: PipelineParts): Pipeline {
  const { encoder, model, recalibration, decision, positive, uncertainty } = parts;
  return Object.freeze({
    ...parts,
    async score(table: Table, rows?: Int32Array, options: RunOptions = {}): Promise<Scores> {
      const raw = await model.predictProba(encoder.transform(table, rows), options);
      const probabilities = recalibration.apply(raw);
      return {
        raw,
        probabilities,
        decisions: decide(probabilities, decision, positive, raw),
        sureness: uncertainty && surenessOf(uncertainty, probabilities),
      };
    },
    toJSON: (): PipelineJSON => ({
      format: 'counterweight-model',
      formatVersion: 2,
      strategy: parts.strategy,
      target: parts.target,
      classes: parts.classes,
      positive,
      encoder: encoder.toJSON(),
      model: model.toJSON(),
      recalibration: recalibration.toJSON(),
      decision,
      uncertainty: uncertainty && uncertaintyToJSON(uncertainty),
    }),
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model` for anything else: models are data, never trusted. */
export function pipelineFromJSON(json: unknown): Pipeline {
  const bad = (what: string) => new CounterweightError('bad-model', `this is no usable model: ${what}`);
  if (typeof json !== 'object' || json === null) throw bad('it is not an object');
  const fields = json as Record<string, unknown>;
  const { format, formatVersion, strategy, target, classes, positive, encoder, model, uncertainty } = fields;
  if (format !== 'counterweight-model') throw bad('its format is not "counterweight-model"');
  if (formatVersion !== 2) throw bad(`its format version is ${String(formatVersion)}, and only 2 is known`);
  if (typeof strategy !== 'string' || typeof target !== 'string') throw bad('strategy or target is not a string');
  if (!isClasses(classes)) throw bad('its classes are not two or more different labels of one type');
  if (positive !== null && positive !== 0 && positive !== 1) throw bad('positive is neither null, 0 nor 1');
  if ((positive === null) !== classes.length > 2) throw bad('positive does not fit the number of classes');
  if (typeof model !== 'object' || model === null) throw bad('its model is not an object');
  const kind = (model as { kind?: unknown }).kind;
  const reader = learners.find(({ name }) => name === kind) ?? ensembles.get(String(kind));
  if (!reader) throw bad(`its model kind ${String(kind)} is unknown`);
  const read = reader.fromJSON(model as ModelJSON);
  const encoderRead = encoderFromJSON(encoder);
  if (!sameClasses(read.classes, classes)) throw bad('its model speaks of other classes');
  const { columns } = model as { readonly columns?: unknown };
  const { features } = encoderRead;
  if (columns !== features.length) {
    throw bad(`its encoder makes ${features.length} columns, its model takes ${String(columns)}`);
  }
  const recalibration = recalibrationFromJSON(fields['recalibration']);
  const { correction, calibration } = recalibration;
  if (correction && correction.trueShares.length !== classes.length) {
    throw bad('its correction is for another number of classes');
  }
  if (correction && positive !== null && correction.toJSON().positive !== positive) {
    throw bad('its correction speaks of another positive class');
  }
  if (calibration && !sameClasses(calibration.classes, classes)) throw bad('its calibration speaks of other classes');
  return pipelineOf({
    strategy,
    target,
    classes,
    positive,
    encoder: encoderRead,
    model: read,
    recalibration,
    decision: decisionFromJSON(fields['decision'], classes.length),
    uncertainty: uncertainty === null ? null : uncertaintyFromJSON(uncertainty, classes),
  });
}

const sameClasses = (a: Classes, b: Classes): boolean => a.length === b.length && a.every((label, i) => label === b[i]);

function isClasses(value: unknown): value is Classes {
  if (!Array.isArray(value) || value.length < 2 || new Set(value).size !== value.length) return false;
  const type = typeof value[0];
  return (type === 'string' || type === 'number') && value.every((label) => typeof label === type);
}
