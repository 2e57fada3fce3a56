import type { Advice, Diagnosis, DifficultySummary } from '@counterweight/core';
import { terminalFormat as format } from '../report/format.ts';
import { adviceKinds, groupLabels, measureGuide } from '../report/measure-guide.ts';
import { safeText } from '../report/safe-text.ts';
import { aligned } from './aligned.ts';
import { fitText, type Style, textWidth, wrapText } from './ansi.ts';

const mostClasses = 20;

/** The measures of class counts, in two lines. */
export function imbalanceLines({ imbalance }: Diagnosis, width: number): string[] {
  const { imbalanceDegree, likelihoodRatioDegree, c1, c2, effectiveClasses, counts } = imbalance;
  const two = (value: number) => format.number(value, 2);
  return wrapText(
    `Imbalance: degree (Hellinger) ${two(imbalanceDegree.hellinger)}, LRID ${format.number(likelihoodRatioDegree, 0)}, C1 ${two(c1)}, C2 ${two(c2)}, ${two(effectiveClasses)} effective of ${counts.length} classes`,
    width,
  );
}

/** Types of neighbourhood by class, and all measures by group. */
export function difficultyLines(
  data: Diagnosis['data'],
  difficulty: DifficultySummary,
  width: number,
  room: number,
): string[] {
  const { k, rows, lookedAt, features } = difficulty;
  const around =
    lookedAt === rows
      ? `around all ${format.count(rows)} rows`
      : `around ${format.count(lookedAt)} of ${format.count(rows)} rows`;
  const head = `Difficulty: ${k} nearest rows ${around}, each encoded as ${format.count(features)} ${features === 1 ? 'number' : 'numbers'}`;
  return [...wrapText(head, width), ...typeLines(data, difficulty, room), '', ...measureLines(difficulty, width)];
}

function typeLines({ positive }: Diagnosis['data'], difficulty: DifficultySummary, width: number): string[] {
  const kdn = difficulty.measures.find(({ name }) => name === 'kdn')!;
  const sorted = difficulty.classes
    .map((one, code) => ({ ...one, kdn: kdn.perClass[code]?.value ?? null }))
    .filter(({ types }) => types !== null)
    .sort((a, b) => a.rows - b.rows);
  const shown = sorted.slice(0, mostClasses);
  const table = shown.map(({ label, types, kdn, disjuncts }) => [
    fitText(String(label), 24) + (label === positive ? ' (positive)' : ''),
    ...Object.values(types!).map(({ value }) => format.percent(value)),
    kdn === null ? '' : format.number(kdn, 2),
    disjuncts === null ? '' : format.count(disjuncts.clusters),
  ]);
  const head = ['class', 'safe', 'borderline', 'rare', 'outlier', 'kDN', 'clusters'];
  const lines = aligned([head, ...table], [1, 2, 3, 4, 5, 6]).map((line) =>
    textWidth(line) > width ? fitText(line, width) : line,
  );
  if (shown.length < sorted.length)
    lines.push(`… ${format.count(sorted.length - shown.length)} larger classes (--json lists all)`);
  return lines;
}

function measureLines({ measures, bayesImpact }: DifficultySummary, width: number): string[] {
  const lines = Object.entries(groupLabels).flatMap(([group, label]) => {
    const values = measures
      .filter((measure) => measure.group === group)
      .map(({ name, estimate, scale }) => `${measureGuide[name].label} ${valueText(estimate.value, scale)}`);
    return wrapItems(`${label}: `, values, width);
  });
  const { value, low, high } = bayesImpact;
  const interval = format.interval({ value, low, high }, 2);
  return [
    ...lines,
    `BI3 of class ${fitText(String(bayesImpact.class), 24)}: ${format.number(value, 2)} ${interval}`.trimEnd(),
    ...wrapText('Shares run from 0 (easy) to 1 (hard); --html explains each and gives them by class.', width),
  ];
}

/** Items apart by commas; a line ends between items only. */
function wrapItems(prefix: string, items: readonly string[], width: number): string[] {
  const lines = [prefix];
  for (const [i, item] of items.entries()) {
    const text = i < items.length - 1 ? `${item}, ` : item;
    if (textWidth(lines.at(-1)! + text) > width) lines.push('   ');
    lines[lines.length - 1] += text;
  }
  return lines.map((line) => line.trimEnd());
}

function valueText(value: number | null, scale: 'share' | 'count' | 'ratio'): string {
  if (scale === 'count') return format.count(value);
  if (value !== null && value > 0 && value < 0.01) return value.toPrecision(2);
  return format.number(value, 2);
}

/** Advice in its order, each with its reason and its command. */
export function adviceLines(advice: readonly Advice[], width: number, style: Style): string[] {
  if (advice.length === 0) return [];
  const blocks = advice.map(({ kind, sentence, reason, command }) => {
    const mark = `${adviceKinds[kind]}: `;
    const [first = '', ...rest] = wrapText(mark + safeText(sentence), width);
    return [
      style.bold(first),
      ...rest.map(style.bold),
      ...wrapText(safeText(reason), width - 3).map((line) => `   ${line}`),
      ...(command === null ? [] : [`   ${style.good(`$ ${safeText(command)}`)}`]),
    ];
  });
  return ['What to do, and why', ...blocks.flatMap((block) => ['', ...block])];
}
