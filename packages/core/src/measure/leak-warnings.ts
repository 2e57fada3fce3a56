import type { Labels } from '../data/labels.ts';
import { quoted } from '../data/quoted.ts';
import type { Schema } from '../data/schema.ts';
import { columnFinder } from '../data/select.ts';
import type { Table } from '../data/table.ts';
import type { Notice } from '../runtime/notices.ts';
import { aloneAuc } from './alone-auc.ts';
import { judgedLabels } from './judged-labels.ts';

export interface LeakSuspect {
  readonly column: string;
  /** ROC-AUC of the column alone. */
  readonly auc: number;
  /** `leak`: leave it out unless its owner vouches for it. `dominant`: ask whether it is known in time. */
  readonly verdict: 'leak' | 'dominant';
  /** Whether the pattern of missing cells alone is what gives the class away. */
  readonly byMissing: boolean;
}

export interface LeakWarnings {
  /** ROC-AUC of each column alone, 0.5 to 1; null for columns that are not used, and for text. */
  readonly aloneAuc: ReadonlyMap<string, number | null>;
  /** From the strongest to the weakest. */
  readonly suspects: readonly LeakSuspect[];
  readonly notices: readonly Notice[];
}

/** Honest columns of real data rarely tell the classes apart so well; copies of the target do. */
const LEAK = 0.99;
const DOMINANT = 0.95;
/** Below this a column is no sensation, whatever the others do. */
const NOTABLE = 0.75;
/**
 * A column is far above the others if its distance from a perfect ranking is at most this share of the next one's. In
 * medicine and finance honest columns reach 0.45 (age and stroke, for one).
 */
const FAR_ABOVE = 0.4;
/** The same for a column whose name speaks of how the matter went on or ended (the call duration of the bank data: 0.56). */
const FAR_ABOVE_IF_NAMED = 0.6;
/** A leak may come in several forms (amount and rate, seconds and minutes), so up to so many columns may lead together. */
const LEADERS = 3;
/** With fewer rows on either side of a class even a perfect ranking may be chance. */
const FEWEST_ROWS_FOR_LEAK = 5;
/** With fewer, the areas of two columns differ by chance as much as the rules below ask for. */
const FEWEST_ROWS_FOR_DOMINANT = 10;
const AFTERWARDS =
  /(^|[^a-z])(duration|elapsed|outcome|result|response|status|final|finish(ed)?|end(ed)?|clos(ed?|ing|ure)|cancel(led|ed|lation)?|resol(ved?|ution)|recover(y|ies|ed)|refund(s|ed)?|settle(d|ment)?|terminat(ed|ion)|exit|after|post)([^a-z]|$)/i;

/**
 * Columns that tell the classes apart so well, each alone on the given (training) rows, that they may hold what is known
 * only afterwards.
 *
 * `leak`: ROC-AUC of at least 0.99, by value or by the pattern of missing cells, where the classes judged have 5 rows and the others too.
 * `dominant`, asked with 10 rows on either side: at least 0.95; or at least 0.75 and far above the next column: with a distance from 1 of at most 0.4 of the
 * next one's, or 0.6 if the column is named like something that happens or is settled later (duration, outcome, status
 * ...). Up to three columns that lead together are compared with the next. Text columns are not judged.
 *
 * Only one column at a time is looked at: a leak in several parts, or one that names a single class of many, stays
 * unseen. No sampling: all given rows are used.
 */
export function leakWarnings(request: {
  readonly table: Table;
  readonly schema: Schema;
  readonly labels: Labels;
  readonly rows: Int32Array;
}): LeakWarnings {
  const { table, schema, labels, rows } = request;
  const judged = judgedLabels(labels, rows);
  const alone = new Map<string, number | null>();
  const candidates: Candidate[] = [];
  const find = columnFinder(table);
  for (const { name, used, type } of schema.columns) {
    if (!used || type === 'text') {
      alone.set(name, null);
      continue;
    }
    const { auc, missingAuc } = aloneAuc(find(name), rows, judged);
    alone.set(name, Math.max(auc, missingAuc));
    candidates.push({ column: name, auc: Math.max(auc, missingAuc), byMissing: missingAuc >= Math.min(LEAK, auc) });
  }
  candidates.sort((a, b) => b.auc - a.auc);
  const sides = judged.judged.map((code) => Math.min(judged.counts[code]!, rows.length - judged.counts[code]!));
  const fewest = Math.min(...sides);
  const leaks = candidates.filter(({ auc }) => auc >= LEAK && fewest >= FEWEST_ROWS_FOR_LEAK);
  const rest = candidates.slice(leaks.length);
  const dominant = fewest >= FEWEST_ROWS_FOR_DOMINANT ? dominantAmong(rest) : [];
  const next = rest[dominant.length];
  const suspects: LeakSuspect[] = [
    ...leaks.map((candidate) => ({ ...candidate, verdict: 'leak' as const })),
    ...dominant.map((candidate) => ({ ...candidate, verdict: 'dominant' as const })),
  ];
  return Object.freeze({
    aloneAuc: alone,
    suspects: Object.freeze(suspects),
    notices: Object.freeze(suspects.map((suspect) => suspectNotice(suspect, next))),
  });
}

interface Candidate {
  readonly column: string;
  readonly auc: number;
  readonly byMissing: boolean;
}

/** The first so many of the sorted candidates that stand out. */
function dominantAmong(sorted: readonly Candidate[]): readonly Candidate[] {
  let count = sorted.findIndex(({ auc }) => auc < DOMINANT);
  if (count < 0) count = sorted.length;
  for (let leaders = Math.min(LEADERS, sorted.length); leaders > count; leaders--) {
    const group = sorted.slice(0, leaders);
    if (group.every((candidate) => standsOut(candidate, sorted[leaders]?.auc ?? 0.5))) return group;
  }
  return sorted.slice(0, count);
}

function standsOut({ column, auc }: Candidate, next: number): boolean {
  if (auc < NOTABLE) return false;
  return 1 - auc <= (AFTERWARDS.test(words(column)) ? FAR_ABOVE_IF_NAMED : FAR_ABOVE) * (1 - next);
}

/** `callDuration` and `call_duration` as `call Duration` and `call duration`. */
function words(name: string): string {
  return name
    .slice(0, 200)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ');
}

function suspectNotice({ column, auc, verdict, byMissing }: LeakSuspect, next: Candidate | undefined): Notice {
  const what = byMissing ? `whether ${quoted(column)} is missing` : `column ${quoted(column)}`;
  const beside =
    next && next.column !== column ? `; the next best column, ${quoted(next.column)}, has ${shown(next.auc)}` : '';
  const found = `${what} alone tells the classes apart with a ROC-AUC of ${shown(auc)}${beside}`;
  const question =
    verdict === 'leak'
      ? 'it probably holds the answer and is left out unless kept on request; keep it only if its value is known at the moment of prediction'
      : 'is its value known at the moment of prediction? If not, leave it out, or all results are too good';
  return {
    code: verdict === 'leak' ? 'suspected-leak' : 'dominant-column',
    severity: 'warning',
    message: `${found}; ${question}`,
    column,
    numbers: { auc, ...(next && next.column !== column ? { next: next.auc } : {}) },
  };
}

/** Three digits, cut rather than rounded, so that nothing is shown as reaching a limit that it does not reach. */
function shown(auc: number): string {
  return (Math.floor(auc * 1000 + 1e-9) / 1000).toFixed(3);
}
