import { quoted } from '../data/quoted.ts';
import type { Advice } from './advice.ts';
import type { AdviceFacts } from './advice-facts.ts';
import { className, commandFor, count, listItem, percent, rowsOf, someOf } from './advice-words.ts';

/** Advice of one kind on more columns than this would hide all other advice. */
const MOST_COLUMNS = 3;
/** Equal rows rarer than this change no figure. */
const DUPLICATE_SHARE = 0.005;
const MOSTLY_MISSING = 0.5;

/** What to look at in the table itself: leaks, wrong labels, copies, groups, time, empty columns. */
export function adviceOnData(facts: AdviceFacts): Advice[] {
  return [
    ...leaks(facts),
    ...dominantColumns(facts),
    ...wrongLabels(facts),
    ...conflicts(facts),
    ...nearCopies(facts),
    ...copies(facts),
    ...groups(facts),
    ...time(facts),
    ...missing(facts),
    ...deepRows(facts),
  ];
}

function leaks(facts: AdviceFacts): Advice[] {
  const found = facts.notices.filter(({ code }) => code === 'suspected-leak');
  return found.slice(0, MOST_COLUMNS).map(({ column = '', numbers }) => ({
    code: 'suspected-leak',
    kind: 'look',
    sentence: `Find out when ${quoted(column)} is known; only if that is before the prediction is made, keep it with --keep.`,
    reason: `Alone it tells the classes apart with a ROC-AUC of ${cut(numbers?.['auc'] ?? 1)}, as copies of the answer do and honest columns rarely. It is left out here, and run leaves it out too${more(found.length)}.`,
    numbers: numbers ?? {},
    evidence: 'Kaufman et al., Leakage in data mining (ACM TKDD 2012)',
    command: commandFor(facts, 'run', '--keep', listItem(column)),
    column,
  }));
}

function dominantColumns(facts: AdviceFacts): Advice[] {
  const found = facts.notices.filter(({ code }) => code === 'dominant-column');
  return found.slice(0, MOST_COLUMNS).map(({ column = '', numbers }) => ({
    code: 'dominant-column',
    kind: 'look',
    sentence: `Ask whether ${quoted(column)} is known at the moment of prediction; if not, leave it out.`,
    reason: `Alone it reaches a ROC-AUC of ${cut(numbers?.['auc'] ?? 1)}${
      numbers?.['next'] === undefined ? '' : `, far above the next column's ${cut(numbers['next'])}`
    }: if it is only known afterwards, all results are too good${more(found.length)}.`,
    numbers: numbers ?? {},
    evidence: 'Kaufman et al., Leakage in data mining (ACM TKDD 2012)',
    command: commandFor(facts, 'run', '--ignore', listItem(column)),
    column,
  }));
}

const more = (columns: number) =>
  columns > MOST_COLUMNS ? `; ${columns - MOST_COLUMNS} more columns do the like (see the notices)` : '';

/** Three digits, cut rather than rounded. */
const cut = (auc: number) => (Math.floor(auc * 1000 + 1e-9) / 1000).toFixed(3);

/** Rows so surprising that a wrong label is the likelier reading. */
function wrongLabels(facts: AdviceFacts): Advice[] {
  const { difficulty } = facts;
  if (!difficulty || difficulty.noiseSuspects.wrongLabel === 0) return [];
  const { wrongLabel, listed } = difficulty.noiseSuspects;
  return [
    {
      code: 'label-noise',
      kind: 'look',
      sentence: `Have the labels of ${rowsOf(wrongLabel)} checked before anything else, beginning with ${firstRows(listed)}.`,
      reason: `Of ${rowsOf(difficulty.lookedAt)} looked at, ${count(wrongLabel)} ${wrongLabel === 1 ? 'has' : 'have'} only rows of one other class around, which in turn have only their own; were the classes mixed at random, less than one row in a thousand would be found so (10 bits).`,
      numbers: { rows: wrongLabel, lookedAt: difficulty.lookedAt },
      evidence: 'CLIMB (NeurIPS 2025, 73 data sets): label noise costs more than imbalance does',
      command: commandFor(facts, 'diagnose', '--rows', 'rows.csv'),
    },
  ];
}

/** Rows of which the data cannot tell whether they are wrong or rare. */
function deepRows(facts: AdviceFacts): Advice[] {
  const { difficulty } = facts;
  if (!difficulty) return [];
  const { rows, wrongLabel, listed } = difficulty.noiseSuspects;
  const unclear = rows - wrongLabel;
  if (unclear === 0) return [];
  const some = listed.filter(({ verdict }) => verdict !== 'wrong-label');
  return [
    {
      code: 'rows-inside-another-class',
      kind: 'look',
      sentence: `Look at ${unclear === 1 ? 'the row that lies' : `some of the ${rowsOf(unclear)} that lie`} deep inside a common class, wrong labels or honest rare cases${some.length === 0 ? '' : `: ${firstRows(some)}`}.`,
      reason: `Of ${rowsOf(difficulty.lookedAt)} looked at, ${count(unclear)} ${unclear === 1 ? 'has' : 'have'} only rows of one other class around, which in turn have only their own. As that class is common, the data cannot tell which of the two they are.`,
      numbers: { rows: unclear, lookedAt: difficulty.lookedAt },
      evidence: null,
      command: commandFor(facts, 'diagnose', '--rows', 'rows.csv'),
    },
  ];
}

function firstRows(listed: readonly { readonly row: number }[]): string {
  const rows = listed.slice(0, 5).map(({ row }) => row);
  return `${rows.length === 1 ? 'row' : 'rows'} ${rows.join(', ')} (counted from 0)`;
}

/** Equal rows of different classes: a bound for every model. */
function conflicts(facts: AdviceFacts): Advice[] {
  const { conflicts: found, data } = facts;
  if (found.rows === 0) return [];
  const worst = found.perClass
    .map((errors, code) => ({ errors, ...data.classes[code]! }))
    .reduce((a, b) => (b.errors / b.rows > a.errors / a.rows ? b : a));
  return [
    {
      code: 'same-row-two-classes',
      kind: 'look',
      sentence: `Look at the ${rowsOf(found.rows)} that are equal in every used column and yet of different classes: wrong labels, a column that is missing, or luck.`,
      reason: `Whatever the model, it errs on at least ${rowsOf(found.leastErrors)} of these (${percent(found.leastErrors / data.rows)} of all). Given the commonest class among equals, class ${className(worst.label)} loses ${percent(worst.errors / worst.rows)} of its rows.`,
      numbers: { rows: found.rows, leastErrors: found.leastErrors },
      evidence: null,
      command: commandFor(facts, 'diagnose', '--rows', 'rows.csv'),
    },
  ];
}

function nearCopies(facts: AdviceFacts): Advice[] {
  const { difficulty } = facts;
  if (!difficulty) return [];
  const near = difficulty.nearDuplicates.rows - difficulty.nearDuplicates.exactRows;
  if (near === 0) return [];
  return [
    {
      code: 'near-duplicates-across-classes',
      kind: 'look',
      sentence: `Look at the ${rowsOf(near)} that another class has almost exactly as well.`,
      reason: `Of ${rowsOf(difficulty.lookedAt)} looked at, ${count(near)} ${near === 1 ? 'lies' : 'lie'} within a hundredth of the usual distance between neighbours of a row of another class without being equal to it.`,
      numbers: { rows: near, lookedAt: difficulty.lookedAt },
      evidence: null,
      command: commandFor(facts, 'diagnose', '--rows', 'rows.csv'),
    },
  ];
}

function copies(facts: AdviceFacts): Advice[] {
  const { data, notices } = facts;
  const share = data.duplicateRows / data.rows;
  if (share < DUPLICATE_SHARE) return [];
  const group = notices.find(({ code }) => code === 'group-identifier')?.column;
  return [
    {
      code: 'duplicate-rows',
      kind: 'look',
      sentence:
        'Find out whether equal rows are copies of one observation; if so, keep one of each or keep copies together.',
      reason: `${rowsOf(data.duplicateRows)} (${percent(share)}) ${data.duplicateRows === 1 ? 'repeats' : 'repeat'} an earlier row in every used column. Copies on both sides of a split make held-out figures too kind; with few and coarse columns equal rows may be honest.`,
      numbers: { rows: data.duplicateRows, share },
      evidence: null,
      command: group === undefined ? null : commandFor(facts, 'run', '--group', group),
    },
  ];
}

function groups(facts: AdviceFacts): Advice[] {
  const found = facts.notices.filter(({ code }) => code === 'group-identifier');
  return found.slice(0, 1).map(({ column = '', numbers }) => ({
    code: 'group-identifier',
    kind: 'look',
    sentence: `If rows with the same ${quoted(column)} belong together (one customer, one patient), split by it.`,
    reason: `It has ${count(numbers?.['distinct'] ?? 0)} values over ${rowsOf(facts.data.rows)}, named like an identifier. A model tested on rows of a group that it has seen is tested on memory.`,
    numbers: numbers ?? {},
    evidence: null,
    command: commandFor(facts, 'run', '--group', column),
    column,
  }));
}

function time(facts: AdviceFacts): Advice[] {
  const column = facts.data.columns.find(({ type, used }) => type === 'date-time' && used);
  if (!column) return [];
  return [
    {
      code: 'time-column',
      kind: 'look',
      sentence: `If the model is to predict what comes later, hold out the latest rows by ${quoted(column.name)}.`,
      reason: `The column holds ${count(column.distinct)} points in time. A random split lets the model learn from the future of the rows it is tested on.`,
      numbers: { distinct: column.distinct },
      evidence: null,
      command: commandFor(facts, 'run', '--time', column.name),
      column: column.name,
    },
  ];
}

function missing(facts: AdviceFacts): Advice[] {
  const { data } = facts;
  const empty = data.columns
    .filter(({ used, missing }) => used && missing > MOSTLY_MISSING * data.rows)
    .sort((a, b) => b.missing - a.missing || (a.name < b.name ? -1 : 1));
  if (empty.length === 0) return [];
  return [
    {
      code: 'mostly-missing',
      kind: 'look',
      sentence: `Find out why ${empty.length === 1 ? 'a column is' : `${empty.length} columns are`} mostly empty: ${someOf(empty.map(({ name }) => name))}.`,
      reason: `${quoted(empty[0]!.name)} lacks ${percent(empty[0]!.missing / data.rows)} of its cells. That a cell is missing is given to models as a fact of its own; it must mean the same in the rows to come.`,
      numbers: { columns: empty.length, largestShare: empty[0]!.missing / data.rows },
      evidence: null,
      command: null,
    },
  ];
}
