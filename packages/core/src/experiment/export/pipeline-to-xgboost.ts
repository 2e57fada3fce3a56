import { boostedTrees } from '../../learn/export/boosted-trees.ts';
import { requireXgboostNames, xgboostTask } from '../../learn/export/model-to-xgboost.ts';
import { type XgboostSplit, xgboostText } from '../../learn/export/xgboost-text.ts';
import type { Tree } from '../../learn/trees/tree.ts';
import type { Pipeline } from '../pipeline.ts';
import { scoreShift } from './score-shift.ts';
import { rawFeatures, type XgboostColumn } from './xgboost-columns.ts';

export interface XgboostPipeline {
  /** The model file. */
  readonly text: string;
  /** Columns of the rows that it asks for, in order. */
  readonly columns: readonly XgboostColumn[];
  /** Labels of its classes; of two, XGBoost gives the probability of the second. */
  readonly classes: readonly (string | number)[];
}

/**
 * A fitted pipeline of gradient boosting as a model file in XGBoost's JSON format, asked with raw rows: every split of an
 * encoded feature is written as one of the raw column, so that missing cells, standardisation and categories are those of
 * the pipeline. Numbers are float32, as always with XGBoost; categories are codes, listed in the attribute `columns` of the
 * file. The prior correction and calibrations that only shift scores are in the scores. Probabilities agree with
 * `pipeline.score` of the same float32 values to some six digits. The decision is in the attribute `decision`, since XGBoost
 * makes none.
 *
 * Throws `not-exportable` for other models, trees that ask for dates or text, and other calibrations.
 */
export function pipelineToXgboost(pipeline: Pipeline): XgboostPipeline {
  const { encoder, model, recalibration, decision, positive, classes, strategy, target } = pipeline;
  const boosted = boostedTrees(model.toJSON());
  const features = rawFeatures(encoder.toJSON().columns);
  const columns = usedColumns(boosted.trees, features);
  requireXgboostNames(columns.map(({ name }) => name));
  const placeOf = new Map(columns.map(({ name }, place) => [name, place]));
  const { factor, shifts } = scoreShift(recalibration, classes.length);
  const own = boosted.classes.map((label) => shifts[classes.indexOf(label)]!);
  const outputShifts = own.length === 2 ? [own[1]! - own[0]!] : own;
  const split = (tree: Tree, node: number): XgboostSplit => {
    const { column, atMost } = features[tree.feature[node]!]!;
    return {
      column: placeOf.get(column.name)!,
      ...atMost(tree.threshold[node]!),
      left: tree.left[node]!,
      right: tree.right[node]!,
    };
  };
  const text = xgboostText({
    ...xgboostTask(boosted.classes),
    initial: boosted.initial.map((score, k) => factor * score + outputShifts[k]!),
    trees: boosted.trees,
    factor,
    split,
    columns: columns.length,
    names: columns.map(({ name }) => name),
    types: columns.map(({ type }) => type),
    attributes: {
      source: 'counterweight',
      strategy,
      target,
      classes: JSON.stringify(boosted.classes),
      columns: JSON.stringify(columns),
      decision: JSON.stringify(decision),
      ...(positive === null ? {} : { positive: JSON.stringify(classes[positive]) }),
    },
  });
  return Object.freeze({ text, columns: Object.freeze(columns), classes: boosted.classes });
}

/** Columns that any split asks for, in the order of the table; the first one where there is no split at all. */
function usedColumns(
  trees: readonly { readonly tree: Tree }[],
  features: readonly { readonly column: XgboostColumn }[],
): XgboostColumn[] {
  const asked = new Set(trees.flatMap(({ tree }) => [...tree.feature]));
  const found = new Map<string, XgboostColumn>();
  for (const [feature, { column }] of features.entries()) if (asked.has(feature)) found.set(column.name, column);
  return found.size > 0 ? [...found.values()] : features.slice(0, 1).map(({ column }) => column);
}
