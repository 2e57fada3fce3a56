import type { Dataset } from '../../data/dataset.ts';
import { medianInPlace } from '../../data/encode/standardise.ts';
import type { ClassLabel } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import type { Column, Table } from '../../data/table.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { SyntheticAudit } from '../audit/audit-result.ts';
import { auditSynthetic } from '../audit/audit-synthetic.ts';
import type { AuditOptions } from '../audit/check-request.ts';
import { deviation } from '../audit/distance-scale.ts';
import { type DeclaredColumns, planRoles } from './column-roles.ts';
import type { ResampledTable } from './table-resampler.ts';

export interface TableAuditOptions extends Omit<AuditOptions, 'scale' | 'columnNames'>, DeclaredColumns {
  /**
   * `standard` (the default): numbers divided by their standard deviation, so that a category that differs counts as much as
   * 1.4 deviations. `none`: numbers as they stand.
   */
  readonly scale?: 'standard' | 'none' | undefined;
}

/** More levels of a column than this share one feature. */
const MOST_LEVELS = 50;

/**
 * `auditSynthetic` for tables: numbers as they are (a missing one as the median), a 0/1 feature for each of the 50 commonest
 * levels of a category and one for the rest, and no columns that distances leave out. The findings speak of the columns by name.
 * Hulls are tested only where all columns are numbers, unless `hullRows` is given. Throws what `auditSynthetic` and `planRoles` throw.
 */
export async function auditTable(
  original: Dataset<Table>,
  resampled: ResampledTable,
  options: TableAuditOptions = {},
  run: RunOptions = {},
): Promise<SyntheticAudit> {
  const { scale = 'standard', features, ignore, categoricalFeatures, bounds, ...rest } = options;
  const { columns } = planRoles(original.X, { features, ignore, categoricalFeatures, bounds });
  const views = columns.flatMap(({ column, role, seen }, index) => {
    if (!seen || role === 'carried') return [];
    return role === 'number' ? numberView(column, index) : levelViews(column, index);
  });
  const encode = (table: Table): Matrix => encodeAs(views, table);
  const audit = await auditSynthetic(
    { X: encode(original.X), y: original.y },
    {
      data: { X: encode(resampled.data.X), y: resampled.data.y },
      provenance: resampled.provenance,
      notices: resampled.notices,
    },
    {
      ...rest,
      hullRows: rest.hullRows ?? (views.every(({ isNumber }) => isNumber) ? undefined : 0),
      scale: views.map(({ deviation }) => (scale === 'none' ? 1 : deviation)),
      columnNames: views.map(({ name }) => name),
    },
    run,
  );
  const between = betweenTwoRows(resampled);
  const findings = audit.findings.filter((finding) => finding.code !== 'near-copies' || !between.has(finding.class));
  return Object.freeze({ ...audit, scale, findings: Object.freeze(findings) });
}

/**
 * Classes most of whose new rows lie between two rows, which alone brings them near. The audit of numbers sees that in the cells;
 * rounded numbers and categories no longer lie on the segment, so here provenance is asked.
 */
function betweenTwoRows({ data, provenance }: ResampledTable): ReadonlySet<ClassLabel | undefined> {
  const { source, neighbour, gap } = provenance;
  const surplus = new Int32Array(data.y.classes.length);
  for (let row = 0; row < source.length; row++) {
    if (source[row]! < 0)
      surplus[data.y.codes[row]!]! += neighbour[row]! >= 0 && gap[row]! >= 0 && gap[row]! <= 1 ? 1 : -1;
  }
  return new Set(data.y.classes.filter((_, code) => surplus[code]! > 0));
}

/** One feature: what a cell becomes. */
interface FeatureView {
  readonly name: string;
  readonly isNumber: boolean;
  readonly deviation: number;
  write(table: Table, into: Float64Array, feature: number, width: number): void;
}

function encodeAs(views: readonly FeatureView[], table: Table): Matrix {
  const data = new Float64Array(table.rows * views.length);
  views.forEach((view, feature) => {
    view.write(table, data, feature, views.length);
  });
  return matrix(data, table.rows, views.length);
}

const cellsOf = (column: Column) => (column.kind === 'categorical' ? column.codes : column.values);

function numberView(column: Column, index: number): FeatureView[] {
  const present = Float64Array.from(cellsOf(column)).filter((value) => !Number.isNaN(value));
  if (present.length === 0) return [];
  const median = medianInPlace(present.slice());
  const write: FeatureView['write'] = (table, into, feature, width) => {
    const cells = cellsOf(table.columns[index]!);
    for (let row = 0; row < table.rows; row++) {
      const value = cells[row]!;
      into[row * width + feature] = Number.isNaN(value) ? median : value;
    }
  };
  return [{ name: column.name, isNumber: true, deviation: deviation(present) || 1, write }];
}

/** Dictionaries are kept by resampling, so a code means the same before and after. */
function levelViews(column: Column, index: number): FeatureView[] {
  const counts = new Map<number, number>();
  for (const cell of cellsOf(column)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const levels = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([cell]) => cell);
  const own = new Set(levels.slice(0, MOST_LEVELS));
  const viewOf = (name: string, has: (cell: number) => boolean): FeatureView => ({
    name: `${column.name} = ${name}`,
    isNumber: false,
    deviation: 1,
    write: (table, into, feature, width) => {
      const cells = cellsOf(table.columns[index]!);
      for (let row = 0; row < table.rows; row++) into[row * width + feature] = has(cells[row]!) ? 1 : 0;
    },
  });
  const views = [...own].map((level) => viewOf(nameOf(column, level), (cell) => Object.is(cell, level)));
  return levels.length > MOST_LEVELS ? [...views, viewOf('others', (cell) => !own.has(cell))] : views;
}

function nameOf(column: Column, level: number): string {
  if (Number.isNaN(level) || (column.kind !== 'numeric' && level < 0)) return 'missing';
  if (column.kind === 'boolean') return level === 1 ? 'true' : 'false';
  return column.kind === 'categorical' ? column.dictionary[level]! : String(level);
}
