import { counted, listed } from '../../data/quoted.ts';
import type { Notice } from '../../runtime/notices.ts';
import { quoted } from '../class-counts.ts';
import type { CellCounts, ClassAudit, SyntheticAudit } from './audit-result.ts';

/** From which share of a class's new rows on a finding is made. What breaks a rule of the data is named from one row on. */
export const auditThresholds = Object.freeze({
  /** Rows among other classes. */
  intruding: 0.05,
  /** Rows equal to a row of their class, or to one another. */
  copies: 0.01,
  /** Rows nearer than the 5th percentile of real rows: four times what real rows would have. */
  nearCopies: 0.2,
  /** Rows farther than any real row. */
  far: 0.01,
  /** Rows outside the hull, of those of which it is known. */
  outsideHull: 0.05,
  /** From this share on, a finding that depends on a share is a warning rather than for information. */
  warning: 0.1,
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
      severity: severity ?? (share >= auditThresholds.warning ? 'warning' : 'info'),
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

const equal = ['equals', 'equal'] as const;

function sayNeighbourhood({ labels, intrusions }: Unfinished, one: ClassAudit, say: Finding): void {
  const into = intrusions[labels.indexOf(one.class)]!;
  const intruded = labels.map((label, code) => ({ label, count: into[code]! })).filter(({ count }) => count > 0);
  intruded.sort((a, b) => b.count - a.count);
  const { rows, intruding } = one.realNeighbourhood;
  const real =
    rows > 0
      ? `; ${number(intruding)} of ${counted(rows, 'real row')} of the class ${intruding === 1 ? 'does' : 'do'}`
      : '';
  const where =
    intruded.length === 1
      ? `class ${quoted(intruded[0]!.label)}`
      : `other classes (${intruded
          .slice(0, 5)
          .map(({ label, count }) => `${number(count)} in ${quoted(label)}`)
          .join(', ')}${intruded.length > 5 ? ' …' : ''})`;
  say(
    'intruding-rows',
    one.neighbourhood.intruding,
    auditThresholds.intruding,
    ['lies', 'lie'],
    `among rows of ${where}${real}`,
  );
}

function sayCopies(one: ClassAudit, say: Finding): void {
  const { copies, nearCopies, far } = auditThresholds;
  const { ofOwnClass, ofOtherClass, repeated, clashing } = one.duplicates;
  say('label-conflicts', ofOtherClass, 0, equal, 'an original row of another class in every column', 'warning');
  say('clashing-new-rows', clashing, 0, equal, 'a new row of another class in every column', 'warning');
  say('copied-rows', ofOwnClass, copies, equal, 'an original row of the class in every column');
  say('repeated-new-rows', repeated, copies, equal, 'an earlier new row in every column');
  const lie = ['lies', 'lie'] as const;
  // Between two neighbours no row is farther from the nearer one than half their distance.
  const between = 2 * one.hull.byConstruction >= one.examined;
  const why = between ? ', as rows between two neighbours do' : ': hardly more than copies';
  const near = `nearer to a real row of the class than 95 % of its real rows lie to one another${why}`;
  say('near-copies', one.closest.nearCopies ?? 0, nearCopies, lie, near, between ? 'info' : 'warning');
  say('far-rows', one.closest.far ?? 0, far, lie, 'farther from the class than any of its real rows');
}

function sayCells({ columns }: Unfinished, one: ClassAudit, say: Finding): void {
  const has = ['has', 'have'] as const;
  const inColumns = (rule: keyof CellCounts<number>) => {
    const counts = one.cells[rule];
    const broken = columns.map(({ name }, j) => ({ name, count: counts[j]! })).filter(({ count }) => count > 0);
    broken.sort((a, b) => b.count - a.count);
    const named = broken.map(({ name }) => name);
    return `in ${named.length === 1 ? 'column' : 'columns'} ${listed(named, 5)}`;
  };
  const { outsideClass, outsideData, notWhole, unseen } = one.rowsWith;
  say(
    'outside-data-range',
    outsideData,
    0,
    has,
    `values that no original row reaches, ${inColumns('outsideData')}`,
    'warning',
  );
  say(
    'outside-class-range',
    outsideClass,
    0,
    has,
    `values outside the range of the class, ${inColumns('outsideClass')}`,
  );
  say(
    'unseen-values',
    unseen,
    0,
    has,
    `values that occur in no original row, ${inColumns('unseen')}, which has few`,
    'warning',
  );
  say('not-whole', notWhole, 0, has, `fractions where all original values are whole numbers, ${inColumns('notWhole')}`);
}

function hullFinding(one: ClassAudit): Notice | undefined {
  const { byConstruction, outsideRange, inside, outside, undecided, untested } = one.hull;
  const out = outsideRange + outside;
  const tested = inside + outside + undecided;
  const known = byConstruction + out + inside;
  if (out === 0 || out < auditThresholds.outsideHull * known) return undefined;
  const sample = untested > 0 ? `; ${number(untested)} were left untested` : '';
  return {
    code: 'outside-hull',
    severity: out >= auditThresholds.warning * known ? 'warning' : 'info',
    message:
      `${number(out)} of ${counted(known, 'new row')} of class ${quoted(one.class)} whose place is known ` +
      `${out === 1 ? 'lies' : 'lie'} outside the convex hull of its original rows${sample}`,
    class: one.class,
    numbers: { outside: out, known, tested, untested, undecided },
  };
}
