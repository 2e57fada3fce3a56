import type { Dataset, NumericRows } from '../../data/dataset.ts';
import type { Matrix } from '../../data/matrix.ts';
import { unscaledColumns } from '../../measure/unscaled-columns.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { classCounts, rowsByClass } from '../class-counts.ts';
import { denseRows } from '../dense-rows.ts';
import { checkFinite } from '../options.ts';
import type { Resampled } from '../resampler.ts';
import type { ClassAudit, SyntheticAudit, SyntheticFlag, SyntheticRows } from './audit-result.ts';
import { syntheticFlags, syntheticKinds } from './audit-result.ts';
import { type CellRules, cellRules } from './cell-rules.ts';
import { type AuditOptions, checkClasses, checkRequest } from './check-request.ts';
import { distanceScale } from './distance-scale.ts';
import { drawn, sampleOf } from './draw-rows.ts';
import { type ExaminedRows, examineRows } from './examine-rows.ts';
import { auditFindings } from './findings.ts';
import { checkHull, type RealHull, UNTESTED } from './hull-check.ts';
import { emptySurroundings, originalRows } from './surroundings.ts';
import { type ClassPart, flagDistances, flagHulls, tally } from './tally.ts';

const name = 'the audit';

/**
 * Says what the synthetic rows of a resampling are worth: among which class each fell, what it copies, how far from real rows it
 * lies, and whether it keeps to the ranges, the values and the convex hull of its class.
 *
 * Neighbours are the k nearest original rows by Euclidean distance, also those that the resampling dropped; the parents of a row
 * count, so the neighbourhood is kinder to rows near their parents than to real rows, which are not their own neighbours. A
 * resampling without synthetic rows gets an audit that says so. Hulls are tested exactly (`hullMembership`) on a sample of at
 * most `hullRows` rows a class, fewer where a class is large and wide, for rows that neither lie on a segment between two rows of
 * their class nor outside its ranges. Memory: the original rows made dense, and about 32 MiB of new rows at a time.
 *
 * Throws `bad-option`, `shape-mismatch`, `column-mismatch`, `class-mismatch`, `not-finite` and `distance-overflow` (only where there
 * are synthetic rows), `aborted`.
 *
 * ```ts
 * const audit = await auditSynthetic(data, await smote().resample(data));
 * for (const { message } of audit.findings) console.log(message);
 * ```
 */
export async function auditSynthetic(
  original: Dataset,
  resampled: Resampled,
  options: AuditOptions = {},
  run: RunOptions = {},
): Promise<SyntheticAudit> {
  throwIfAborted(run.signal);
  checkRequest(original, resampled, options);
  const synthetic = syntheticRows(resampled);
  const asked: Asked = { k: 5, scale: 'none', seed: 0, hullRows: 500, ...defined(options) };
  if (synthetic.every((rows) => rows.length === 0)) return withoutNewRows(original, resampled, asked);
  checkFinite(original.X, name);
  checkFinite(resampled.data.X, name);
  const notices: Notice[] = [];
  const X = dense(original.X);
  const counts = classCounts(original.y);
  const members = rowsByClass(original.y, counts);
  checkClasses(original, synthetic, counts);
  const k = Math.min(asked.k, Math.max(1, X.rows - 1));
  if (k < asked.k) notices.push(clamped(asked.k, k));
  if (asked.scale === 'none') notices.push(...unscaledColumns({ X, y: original.y }));
  const rules = cellRules(X, members, options.columnNames);
  const { examined, parts } = await lookAround({ original, X, members, resampled, synthetic, k, rules, asked }, run);
  const classes: ClassAudit[] = parts.map((part) => ({
    class: original.y.classes[part.code]!,
    ...tally(examined, [part], rules, rules.columns),
  }));
  const { classes: labels } = original.y;
  const audit = {
    k,
    scale: scaleName(asked),
    seed: asked.seed,
    output: outputCounts(resampled, original.X.rows),
    classes,
    total: tally(examined, parts, rules, rules.columns),
    labels,
    intrusions: intrusionTable(examined, labels.length),
    columns: rules.columns,
    rows: describeRows(examined, original),
  };
  return Object.freeze({ ...audit, findings: Object.freeze([...notices, ...auditFindings(audit)]) });
}

const scaleName = ({ scale }: Asked): SyntheticAudit['scale'] => (typeof scale === 'string' ? scale : 'given');

type Asked = Required<{ [Key in 'k' | 'scale' | 'seed' | 'hullRows']: NonNullable<AuditOptions[Key]> }> &
  Pick<AuditOptions, 'maxRows'>;

interface Inquiry {
  readonly original: Dataset;
  readonly X: Matrix;
  readonly members: readonly Int32Array[];
  readonly resampled: Resampled;
  /** Output rows that are synthetic, by class. */
  readonly synthetic: readonly Int32Array[];
  readonly k: number;
  readonly rules: CellRules;
  readonly asked: Asked;
}

async function lookAround(inquiry: Inquiry, run: RunOptions): Promise<{ examined: ExaminedRows; parts: ClassPart[] }> {
  const { original, X, members, resampled, synthetic, k, rules, asked } = inquiry;
  const { maxRows = Number.POSITIVE_INFINITY, seed } = asked;
  const scaled = distanceScale(X, asked.scale);
  const own = { signal: run.signal, runtime: run.runtime };
  const index = await originalRows(scaled(X), original.y.codes, members, own);
  const rows = sampleOf(synthetic, maxRows, seed, members);
  try {
    const request = { original: X, codes: original.y.codes, resampled, rows, k, index, scaled, rules };
    const examined = await examineRows(request, run);
    const labels = { codes: examined.codes, classes: original.y.classes };
    const placesOf = rowsByClass(labels, classCounts(labels));
    const parts: ClassPart[] = [];
    for (const [code, all] of synthetic.entries()) {
      if (all.length === 0) continue;
      const places = placesOf[code]!;
      // A single row has no other to be compared with.
      const real = members[code]!.length < 2 ? new Int32Array(0) : drawn(members[code]!, maxRows, seed, 'real');
      const classes = new Int32Array(real.length).fill(code);
      const around = real.length > 0 ? await index.around(real, classes, k, own) : emptySurroundings(0);
      flagDistances(examined, { places, real: around });
      const realHull = await testHull(inquiry, examined, code, places, run);
      parts.push({ code, rows: all.length, places, real: around, realHull });
    }
    flagHulls(examined);
    return { examined, parts };
  } finally {
    index.dispose();
  }
}

function testHull(
  { X, members, resampled, synthetic, asked }: Inquiry,
  examined: ExaminedRows,
  code: number,
  places: Int32Array,
  run: RunOptions,
): Promise<RealHull> {
  const request = {
    original: X,
    members: members[code]!,
    open: places.filter((place) => examined.hull[place] === UNTESTED),
    cellsOf: (place: number) => denseRows(resampled.data.X, examined.rows.subarray(place, place + 1)).data,
    seed: asked.seed,
    most: asked.hullRows,
    classes: synthetic.filter((rows) => rows.length > 0).length,
  };
  return checkHull(request, examined.hull, run);
}

function syntheticRows({ data, provenance }: Resampled): Int32Array[] {
  const { codes, classes } = data.y;
  const counts = new Int32Array(classes.length);
  for (let row = 0; row < codes.length; row++) if (provenance.source[row]! < 0) counts[codes[row]!]!++;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (provenance.source[row]! < 0) lists[code]![counts[code]!++] = row;
  }
  return lists;
}

function outputCounts({ data, provenance }: Resampled, inputRows: number): SyntheticAudit['output'] {
  const { source, dropped } = provenance;
  const seen = new Uint8Array(inputRows);
  let copies = 0;
  let repeatedCopies = 0;
  for (const row of source) {
    if (row < 0) continue;
    copies++;
    repeatedCopies += seen[row] ?? 0;
    seen[row] = 1;
  }
  const rows = data.X.rows;
  return { rows, copies, repeatedCopies, synthetic: rows - copies, dropped: dropped.length };
}

function withoutNewRows(original: Dataset, resampled: Resampled, asked: Asked): SyntheticAudit {
  const examined: ExaminedRows = {
    rows: new Int32Array(0),
    codes: new Int32Array(0),
    around: emptySurroundings(0),
    flags: new Uint16Array(0),
    hull: new Uint8Array(0),
  };
  const { classes: labels } = original.y;
  const audit = {
    k: asked.k,
    scale: scaleName(asked),
    seed: asked.seed,
    output: outputCounts(resampled, original.X.rows),
    classes: [],
    total: tally(examined, [], undefined, []),
    labels,
    intrusions: intrusionTable(examined, labels.length),
    columns: [],
    rows: describeRows(examined, original),
  };
  return Object.freeze({ ...audit, findings: Object.freeze(auditFindings(audit)) });
}

function intrusionTable({ codes, around }: ExaminedRows, classes: number): number[][] {
  const table = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < codes.length; i++) {
    const into = around.intrudes[i]!;
    if (into >= 0) table[codes[i]!]![into]!++;
  }
  return table;
}

function describeRows({ rows, around, flags }: ExaminedRows, { y }: Dataset): SyntheticRows {
  const lists = new Map<number, readonly SyntheticFlag[]>();
  const listOf = (bits: number) => {
    const known = lists.get(bits) ?? Object.freeze(syntheticFlags.filter((_, i) => (bits & (1 << i)) !== 0));
    lists.set(bits, known);
    return known;
  };
  return {
    row: Array.from(rows),
    kind: Array.from(around.kinds, (kind) => syntheticKinds[kind]!),
    others: Array.from(around.others),
    intrudes: Array.from(around.intrudes, (code) => y.classes[code] ?? null),
    nearest: Array.from(around.nearest),
    distance: Array.from(around.distance),
    nearestOwn: Array.from(around.nearestOwn),
    distanceOwn: Array.from(around.distanceOwn),
    flags: Array.from(flags, listOf),
  };
}

function dense(X: NumericRows): Matrix {
  try {
    return denseRows(X);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `no memory for ${X.rows} rows of ${X.columns} columns made dense; audit fewer columns`;
    throw new CounterweightError('out-of-memory', message, { rows: X.rows, columns: X.columns });
  }
}

/** Without entries that are there but undefined. */
function defined(options: AuditOptions): Partial<Asked> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Asked>;
}

function clamped(asked: number, k: number): Notice {
  return {
    code: 'k-clamped',
    severity: 'warning',
    message: `${asked} neighbours were asked for, but there are too few original rows; ${k} are used`,
    numbers: { asked, k },
  };
}
