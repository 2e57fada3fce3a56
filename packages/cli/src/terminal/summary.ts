import { decimalsFor, differenceDecimals, terminalFormat as format } from '../report/format.ts';
import type { RunReport, StrategyReport } from '../report/run-report.ts';
import { cutText, safeText } from '../report/safe-text.ts';
import { fitText, lineWidths, padText, type Style, terminalStyle, textWidth, wrapText } from './ansi.ts';
import { fileLines } from './file-lines.ts';

export interface SummaryOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** What was written where, in the order in which it is to be named. */
  readonly files?: readonly { readonly label: string; readonly path: string }[];
}

/** Lines of a screen less those of the prompt. */
const LINES = 23;
const MOST_STRATEGIES = 6;
const MOST_NOTICES = 3;

/**
 * The outcome of a run on one screen of a terminal (80 × 24): verdict, strategies, what the threshold gives, the first notices, and
 * where the files are. Ends with a newline. Names from the data cannot reach the terminal as control characters.
 */
export function renderSummary(report: RunReport, options: SummaryOptions): string {
  const { width, room } = lineWidths(options.width, 100);
  const onScreen = Number.isFinite(room);
  const style = terminalStyle(options.colour);
  const verdict = verdictLines(report, width, style, onScreen ? 4 : room);
  const outcome = [...decisionLines(report, width), ...setLines(report, width)];
  const files = fileLines(options.files ?? [], style);
  const fixed = [verdict, outcome, files].reduce((sum, block) => sum + block.length + 1, 0);
  const least = Math.min(report.strategies.length, 3) + 3;
  const notices = noticeLines(report, width, style, onScreen ? LINES - fixed - least : room);
  const below = [outcome, notices, files].filter((block) => block.length > 0);
  const taken = [verdict, ...below].reduce((sum, block) => sum + block.length + 1, 0);
  const most = Math.max(2, Math.min(MOST_STRATEGIES, LINES - taken - 2));
  return `${[verdict, strategyLines(report, room, style, most), ...below]
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function verdictLines({ verdict, learners }: RunReport, width: number, style: Style, most: number): string[] {
  const paint = verdict.kind === 'better' ? style.good : (text: string) => text;
  const outcome = wrapText(safeText(verdict.sentence), width, most).map((line) => style.bold(paint(line)));
  return [...outcome, ...(learners ? wrapText(safeText(learners.sentence), width, most - 1) : [])];
}

/** The best strategies with the chosen one and doing nothing always among them. */
function strategyLines(report: RunReport, width: number, style: Style, most: number): string[] {
  const { metric, strategies, choice } = report;
  const sign = metric.greaterIsBetter ? -1 : 1;
  const key = ({ validation }: StrategyReport) => {
    const value = validation[metric.name]?.value ?? null;
    return value === null ? Number.POSITIVE_INFINITY : sign * value;
  };
  const ranked = strategies
    .map((strategy, i) => ({ strategy, i, key: key(strategy) }))
    .sort((a, b) => (a.key === b.key ? a.i - b.i : a.key - b.key))
    .map(({ strategy }) => strategy);
  const isRival = ({ treatment }: StrategyReport) => treatment !== strategies[0]!.treatment;
  const must = [strategies.find(({ id }) => id === choice.chosen), strategies[0], ranked.find(isRival)];
  const shown = new Set(must.filter((strategy) => strategy !== undefined));
  for (const strategy of ranked) if (shown.size < most) shown.add(strategy);
  const rows = ranked.filter((strategy) => shown.has(strategy));

  const values = rows.map(({ validation }) => validation[metric.name]?.value);
  const decimals = decimalsFor(values);
  const digits = differenceDecimals(
    values,
    rows.map(({ difference }) => difference?.value),
  );
  const cells = rows.map((strategy) => {
    const estimate = strategy.validation[metric.name] ?? { value: null, low: null, high: null };
    const { difference } = strategy;
    return {
      chosen: strategy.id === choice.chosen,
      id: strategy.id,
      value: `${format.number(estimate.value, decimals)} ${format.interval(estimate, decimals)}`.trim(),
      difference: difference
        ? `${format.signed(difference.value, digits)} ${format.interval(difference, digits)}`.trim()
        : 'doing nothing',
    };
  });
  const against = report.learners === null ? 'doing nothing' : cutText(safeText(strategies[0]!.id), 24);
  const heads = { value: cutText(metric.label, 24), difference: `better than ${against} by` };
  const column = (name: 'value' | 'difference') =>
    Math.max(textWidth(heads[name]), ...cells.map((cell) => textWidth(cell[name])));
  const [valueWidth, differenceWidth] = [column('value'), column('difference')];
  const idWidth = Math.max(
    8,
    Math.min(width - valueWidth - differenceWidth - 6, Math.max(...cells.map(({ id }) => textWidth(safeText(id))))),
  );
  const line = (mark: string, id: string, value: string, difference: string) =>
    `${mark} ${padText(fitText(id, idWidth), idWidth)}  ${padText(value, valueWidth)}  ${difference}`.trimEnd();
  const lines = [
    style.dim(line(' ', 'strategy', heads.value, heads.difference)),
    ...cells.map((cell) => {
      const text = line(cell.chosen ? '>' : ' ', cell.id, cell.value, cell.difference);
      return cell.chosen ? style.bold(text) : text;
    }),
  ];
  const left = ranked.length - rows.length;
  if (left > 0) lines.push(style.dim(`  … ${format.count(left)} more in the report`));
  return lines;
}

function decisionLines(report: RunReport, width: number): string[] {
  const { heldOut, data } = report;
  const found = (i: number) => {
    const row = heldOut.confusion[i] ?? [];
    return { right: row[i] ?? 0, rows: row.reduce((sum, count) => sum + count, 0) };
  };
  if (data.positive === null || heldOut.classes.length !== 2) return multiClassLines(report, found, width);
  const positive = heldOut.classes.findIndex((label) => String(label) === String(data.positive));
  const { right, rows } = found(positive);
  const flagged = heldOut.confusion.reduce((sum, row) => sum + (row[positive] ?? 0), 0);
  const name = cutText(String(data.positive), 20);
  const of =
    flagged === 0
      ? 'flags nothing'
      : `of ${format.count(flagged)} flagged, ${format.count(right)} ${right === 1 ? 'is' : 'are'} ${name} (${format.percent(right / flagged)})`;
  const threshold =
    heldOut.threshold === null ? '' : `Flag ${name} from a probability of ${format.probability(heldOut.threshold)}. `;
  return wrapText(
    `${threshold}On held-out rows: ${of}; finds ${format.count(right)} of ${format.count(rows)} (${format.percent(rows === 0 ? null : right / rows)}).`,
    width,
  );
}

/** Without a threshold the recall of the rarest classes says most. */
function multiClassLines(
  { heldOut }: RunReport,
  found: (i: number) => { right: number; rows: number },
  width: number,
): string[] {
  const rarest = heldOut.classes
    .map((label, i) => ({ label, ...found(i) }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => a.rows - b.rows)
    .slice(0, 4)
    .map(
      ({ label, right, rows }) =>
        `${cutText(String(label), 20)} (${format.count(right)} of ${format.count(rows)}, ${format.percent(right / rows)})`,
    );
  return rarest.length === 0
    ? []
    : wrapText(`Found on held-out rows, rarest class first: ${rarest.join(', ')}.`, width);
}

/** How often label sets hold the rarest class, and how often they settle on one label. */
function setLines({ heldOut }: RunReport, width: number): string[] {
  const { alpha, byClass, singletons } = heldOut.sets;
  const [rarest] = [...byClass].sort((a, b) => a.calibrationRows - b.calibrationRows);
  if (!rarest) return [];
  const name = cutText(String(rarest.class), 20);
  const sets = `Label sets may miss ${format.percent(alpha)} of each class`;
  const { low, high } = rarest.coverage;
  const what = rarest.always
    ? `${name} has too few rows for that and is in every one`
    : `of ${name} they hold ${format.percent(low)} to ${format.percent(high)}`;
  return wrapText(`${sets}: ${what}; ${format.percent(singletons)} of the sets have one label.`, width);
}

/**
 * The first notices in full where they fit into `room` lines, else the first cut to two lines and the others to one. What
 * concerns only strategies that were not chosen is left to the report.
 */
function noticeLines({ notices, choice }: RunReport, width: number, style: Style, room: number): string[] {
  const concerned = notices.filter(({ strategies }) => strategies?.includes(choice.chosen) ?? true);
  const sorted = concerned.sort((a, b) => Number(b.severity === 'warning') - Number(a.severity === 'warning'));
  const shown = sorted.slice(0, MOST_NOTICES);
  const whole = shown.map(({ message }) => wrapText(safeText(message), width - 3));
  const needed = () => whole.reduce((sum, { length }) => sum + length, 1);
  for (let i = shown.length - 1; i >= 0 && needed() > room; i--) {
    whole[i] = wrapText(safeText(shown[i]!.message), width - 3, i === 0 ? 2 : 1);
  }
  const lines = shown.flatMap(({ severity }, i) => {
    const warning = severity === 'warning';
    const [first = '', ...rest] = whole[i]!;
    return [`${warning ? style.warn('!') : style.dim('-')}  ${first}`, ...rest.map((line) => `   ${line}`)];
  });
  const left = notices.length - shown.length;
  if (left > 0) {
    const more = shown.length > 0 ? 'more' : left === 1 ? 'notice' : 'notices';
    lines.push(style.dim(`   … ${format.count(left)} ${more} in the report`));
  }
  return lines;
}
