import { type ConformalModel, coverageRange, rowsNeeded, type TooFewPolicy } from '@counterweight/core';
import type { CalibrationClass, ConformalDocument, JudgedBy } from '../report/conformal/document.ts';
import type { CategoryColumn } from './categories.ts';
import { range } from './evaluate.ts';

/** What a fitted model rests on: rows, policy and expected coverage of each class. */
export function describeCalibration(
  model: ConformalModel,
  alpha: number,
  categories: CategoryColumn | null,
): ConformalDocument['calibration'] {
  const json = model.toJSON();
  const codes = json['codes'] as readonly number[];
  const counts = new Int32Array(model.classes.length);
  for (const code of codes) counts[code]!++;
  const needed = rowsNeeded(alpha);
  const tooFew = (json['tooFew'] as TooFewPolicy | undefined) ?? 'full';
  const thresholds = categories === null ? safeThresholds(model, alpha) : undefined;
  const clusters = json['clusterOfClass'] as readonly number[] | undefined;
  const classes = model.classes.map((label, code): CalibrationClass => {
    const rows = counts[code]!;
    const group = clusters === undefined || clusters[code]! < 0 ? codes.length : clusterRows(clusters, code, counts);
    const judgedBy = judge(model.name, {
      rows,
      all: codes.length,
      group,
      needed,
      tooFew,
      placed: (clusters?.[code] ?? -1) >= 0,
    });
    const threshold = thresholds?.[code];
    return {
      class: label,
      rows,
      judgedBy,
      threshold: threshold !== undefined && Number.isFinite(threshold) ? threshold : null,
      expected:
        model.name === 'mondrian' && judgedBy !== 'all-rows'
          ? range(coverageRange({ calibrationRows: rows, alpha }))
          : null,
    };
  });
  const marginal = marginalRows(model);
  return {
    rows: codes.length,
    rowsNeeded: needed,
    expected: marginal === null ? null : range(coverageRange({ calibrationRows: marginal, alpha })),
    classes,
    categories: categories && categoryRows(categories, json['categories'] as readonly number[]),
  };
}

/** Calibration rows of the one bound that judges all rows; null where there is no such bound. */
export function marginalRows(model: ConformalModel): number | null {
  if (model.name !== 'split' && model.name !== 'tuned-raps') return null;
  return (model.toJSON()['codes'] as readonly number[]).length;
}

function safeThresholds(model: ConformalModel, alpha: number): Float64Array | undefined {
  return model.name.includes('category') ? undefined : model.thresholds?.(alpha);
}

function clusterRows(clusters: readonly number[], code: number, counts: Int32Array): number {
  return clusters.reduce((sum, cluster, other) => sum + (cluster === clusters[code] ? counts[other]! : 0), 0);
}

interface GroupFacts {
  readonly rows: number;
  readonly all: number;
  readonly group: number;
  readonly needed: number;
  readonly tooFew: TooFewPolicy;
  readonly placed: boolean;
}

function judge(name: string, { rows, all, group, needed, tooFew, placed }: GroupFacts): JudgedBy {
  const enough = (count: number, by: JudgedBy): JudgedBy => (count >= needed ? by : 'every-set');
  switch (name) {
    case 'mondrian':
    case 'rc3p':
      return rows < needed && tooFew === 'pooled' ? enough(all, 'all-rows') : enough(rows, 'own-rows');
    case 'mondrian-category':
      return 'category';
    case 'mondrian-class-and-category':
      return 'class-and-category';
    case 'clustered':
      return enough(group, placed ? 'cluster' : 'all-rows');
    case 'interp-q':
      return enough(all, 'mixture');
    case 'fuzzy':
      return 'similar-classes';
    default:
      return enough(all, 'all-rows');
  }
}

function categoryRows({ values }: CategoryColumn, codes: readonly number[]) {
  const counts = new Int32Array(values.length);
  for (const code of codes) counts[code]!++;
  return values.map((category, code) => ({ category, rows: counts[code]! }));
}
