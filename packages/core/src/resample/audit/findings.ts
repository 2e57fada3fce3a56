import type { ClassLabel } from '../../data/labels.ts';
import { counted, listed } from '../../data/quoted.ts';
import type { Notice } from '../../runtime/notices.ts';
import { quoted } from '../class-counts.ts';
import type { ClassAudit, SyntheticAudit } from './audit-result.ts';

/**
 * From which share of a class's new rows on a finding is made. Label conflicts, values outside the range of the data, values never
 * seen and fractions among whole numbers are named from one row on.
 */
export const auditThresholds = Object.freeze({
  /** Rows among other classes. */
  intruding: 0.05,
  /** Rows equal to a row of their class, or to one another. */
  copies: 0.01,
  /**
   * Rows nearer than the 5th percentile of real rows: four times what real rows would have. Not said where most rows lie on
   * segments between two rows of the class, which alone brings them near.
   */
  nearCopies: 0.2,
  /** Rows farther than any real row. */
  far: 0.01,
  /** Rows outside the range of the class, though not of the data. */
  outsideClass: 0.01,
  /** Rows outside the hull, of those in the ranges of the class of which it is known. */
  outsideHull: 0.05,
  /**
   * From this share and so many rows on, a finding is a warning rather than for information. Rows among other classes, or outside
   * the hull, are one only if they are so more often than real rows of the class.
   */
  warning: 0.1,
  warningRows: 5,
});

type Unfinished = Omit<SyntheticAudit, 'findings'>;

/** What an audit says, in plain sentences: what it looked at, then class after class. */
export function auditFindings(audit: Unfinished): Notice[] {
  const { output, total, classes } = audit;
  if (output.synthetic === 0) return [nothingNew(output)];
  const notices: Notice[] = [];
  if (total.examined < total.rows) {
    notices.push({
      code: 'new-rows-sampled',
      severity: 'info',
      message: `${number(total.examined)} of ${number(total.rows)} new rows were looked at, drawn at random in each class`,
      numbers: { examined: total.examined, rows: total.rows },
    });
  }
  for (const one of classes) notices.push(...classFindings(audit, one));
  return notices;
}

/** Classes or columns that a message names at most. */
const SHOWN = 5;

const number = (value: number) => value.toLocaleString('en-US');

function nothingNew({ rows, copies, repeatedCopies, dropped }: SyntheticAudit['output']): Notice {
  const parts = [
    ...(repeatedCopies > 0 ? [`${number(repeatedCopies)} of them repeated`] : []),
    ...(dropped > 0 ? [`${counted(dropped, 'input row')} dropped`] : []),
  ];
  const message = `the result has no synthetic rows to audit: its ${counted(rows, 'row')} ${rows === 1 ? 'is an input row' : 'are input rows'}`;
  return {
    code: 'no-synthetic-rows',
    severity: 'info',
    message: parts.length > 0 ? `${message} (${parts.join(', ')})` : message,
    numbers: { rows, copies, repeatedCopies, dropped },
  };
}

/** A finding about so many of the rows of a class. */
type Finding = (
  code: string,
  count: number,
  least: number,
  verbs: readonly [one: string, many: string],
  rest: string,
  severity?: Notice['severity'],
) => void;

function classFindings(audit: Unfinished, one: ClassAudit): Notice[] {
  const notices: Notice[] = [];
  const sampled = one.examined < one.rows ? ' looked at' : '';
  const of = `of ${counted(one.examined, 'new row')}${sampled} of class ${quoted(one.class)}`;
  const say: Finding = (code, count, least, verbs, rest, severity) => {
    const share = count / one.examined;
    if (count === 0 || share < least) return;
    notices.push({
      code,
      severity: severity ?? severityOf(count, one.examined),
      message: `${number(count)} ${of} ${verbs[count === 1 ? 0 : 1]} ${rest}`,
      class: one.class,
      numbers: { count, examined: one.examined, share },
    });
  };
  sayNeighbourhood(audit, one, say);
  sayCopies(one, say);
  sayCells(audit, one, say);
  const hull = hullFinding(one);
  if (hull) notices.push(hull);
  return notices;
}

function severityOf(count: number, of: number): Notice['severity'] {
  const { warning, warningRows } = auditThresholds;
  return count >= warning * of && count >= warningRows ? 'warning' : 'info';
}

const equal = ['equals', 'equal'] as const;

function sayNeighbourhood({ labels, intrusions }: Unfinished, one: ClassAudit, say: Finding): void {
  const into = intrusions[labels.indexOf(one.class)]!;
  const intruded = labels.map((label, code) => ({ label, count: into[code]! })).filter(({ count }) => count > 0);
  intruded.sort((a, b) => b.count - a.count);
  const where =
    intruded.length === 1
      ? `class ${quoted(intruded[0]!.label)}`
      : `other classes (${mostIntruded(intruded).join(', ')})`;
  const { rows, intruding } = one.realNeighbourhood;
  const real = `${number(intruding)} of ${counted(rows, 'real row')} of the class ${intruding === 1 ? 'does' : 'do'}`;
  const more = one.neighbourhood.intruding * rows > intruding * one.examined;
  say(
    'intruding-rows',
    one.neighbourhood.intruding,
    auditThresholds.intruding,
    ['lies', 'lie'],
    `among rows of ${where}${rows > 0 ? `; ${real}` : ''}`,
    rows > 0 && !more ? 'info' : undefined,
  );
}

function mostIntruded(classes: readonly { readonly label: ClassLabel; readonly count: number }[]): string[] {
  const shown = classes.slice(0, SHOWN).map(({ label, count }) => `${number(count)} in ${quoted(label)}`);
  const rest = classes.slice(SHOWN).reduce((sum, { count }) => sum + count, 0);
  return rest > 0 ? [...shown, `${number(rest)} in others`] : shown;
}

function sayCopies(one: ClassAudit, say: Finding): void {
  const { copies, nearCopies, far } = auditThresholds;
  const { ofOwnClass, ofOtherClass, repeated, clashing } = one.duplicates;
  say('label-conflicts', ofOtherClass, 0, equal, 'an original row of another class in every column', 'warning');
  say('clashing-new-rows', clashing, 0, equal, 'a new row of another class in every column', 'warning');
  say('copied-rows', ofOwnClass, copies, equal, 'an original row of the class in every column');
  say('repeated-new-rows', repeated, copies, equal, 'an earlier new row in every column');
  const lie = ['lies', 'lie'] as const;
  if (2 * one.hull.byConstruction < one.examined) {
    const near = 'nearer to a real row of the class than 95 % of its real rows lie to one another';
    say('near-copies', one.closest.nearCopies ?? 0, nearCopies, lie, near);
  }
  say('far-rows', one.closest.far ?? 0, far, lie, 'farther from the class than any of its real rows');
}

function sayCells({ columns }: Unfinished, { rowsWith, cells }: ClassAudit, say: Finding): void {
  const has = ['has', 'have'] as const;
  const inColumns = (counts: readonly number[]) => {
    const broken = columns.map(({ name }, j) => ({ name, count: counts[j]! })).filter(({ count }) => count > 0);
    broken.sort((a, b) => b.count - a.count);
    const named = broken.map(({ name }) => name);
    return `in ${named.length === 1 ? 'column' : 'columns'} ${listed(named, SHOWN)}`;
  };
  const beyond = `values that no original row reaches, ${inColumns(cells.outsideData)}`;
  say('outside-data-range', rowsWith.outsideData, 0, has, beyond);
  const within = cells.outsideClass.map((count, j) => count - cells.outsideData[j]!);
  const strange = `values outside the range of the class, though not of the data, ${inColumns(within)}`;
  const strangers = rowsWith.outsideClass - rowsWith.outsideData;
  say('outside-class-range', strangers, auditThresholds.outsideClass, has, strange);
  const unseen = `values that occur in no original row, ${inColumns(cells.unseen)} of few distinct values`;
  say('unseen-values', rowsWith.unseen, 0, has, unseen, 'warning');
  const fractions = `fractions where all original values are whole numbers, ${inColumns(cells.notWhole)}`;
  say('not-whole', rowsWith.notWhole, 0, has, fractions);
}

function hullFinding(one: ClassAudit): Notice | undefined {
  const { byConstruction, inside, outside, undecided, untested } = one.hull;
  const known = byConstruction + inside + outside;
  if (outside === 0 || outside < auditThresholds.outsideHull * known) return undefined;
  const tested = inside + outside + undecided;
  const { rows, outside: realOutside } = one.realHull;
  const real = `${number(realOutside)} of ${counted(rows, 'real row')} ${realOutside === 1 ? 'lies' : 'lie'} outside that of the others`;
  const sample = untested > 0 ? `; ${number(untested)} were left untested` : '';
  return {
    code: 'outside-hull',
    severity: outside * rows > realOutside * known ? severityOf(outside, known) : 'info',
    message:
      `${number(outside)} of ${counted(known, 'new row')} of class ${quoted(one.class)} within its ranges ` +
      `${outside === 1 ? 'lies' : 'lie'} outside the convex hull of its original rows; ${real}${sample}`,
    class: one.class,
    numbers: { outside, known, tested, untested, undecided, realRows: rows, realOutside },
  };
}
