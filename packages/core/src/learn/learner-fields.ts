import type { Classes } from '../data/labels.ts';
import { type ModelFields, modelFields } from '../data/model-fields.ts';
import type { Notice } from '../runtime/notices.ts';
import type { ModelJSON } from './learner.ts';
import { isPresent } from './trees/model-fields.ts';

/** What the JSON of every model holds. */
export interface LearnerFields {
  readonly classes: Classes;
  /** Class codes that have a score, ascending. */
  readonly present: readonly number[];
  readonly columns: number;
  readonly notices: readonly Notice[];
  readonly fields: ModelFields;
}

/** Reads what every model's JSON holds. Throws `bad-model` with the field that is wrong. */
export function learnerFields(json: ModelJSON, kind: string): LearnerFields {
  const fields = modelFields(json, `${kind} model`);
  fields.oneOf('kind', kind);
  fields.oneOf('version', 1);
  const classes = fields.classes('classes');
  const present = fields.list('present') as readonly number[];
  fields.require('present', isPresent(present, classes.length));
  return {
    classes,
    present: Object.freeze([...present]),
    columns: fields.count('columns'),
    notices: fields.notices('notices'),
    fields,
  };
}
