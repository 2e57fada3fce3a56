import type { ColumnPlan, Encoder, Standardisation } from '../../data/index.ts';
import { quoted } from '../../data/quoted.ts';
import type { OnnxGraph } from '../../learn/export/onnx-graph.ts';
import { asNumbers, beside, columnsOf } from '../../learn/export/onnx-values.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { cycleWaves } from './onnx-dates.ts';

/** Bounds of standardised values; see the encoder. */
const FURTHEST = 1e6;

/** An input of an exported pipeline: a column of the table, `rows × 1`. */
export interface ExportedInput {
  readonly name: string;
  /** `float64` for numbers, dates (milliseconds since 1970, UTC) and true or false (1, 0), NaN being missing; else text. */
  readonly type: 'float64' | 'string';
  readonly kind: 'numeric' | 'boolean' | 'date-time' | 'categorical';
}

/** A piece of the encoded matrix, with the features that its columns are. */
interface Block {
  readonly value: string;
  readonly features: readonly number[];
}

/**
 * The columns that an encoder reads and ONNX can encode, in their order; those that give no feature are left out. Throws
 * `not-exportable` for free text and for a column without a name.
 */
export function exportedInputs({ inputs }: Encoder, plans: readonly ColumnPlan[]): ExportedInput[] {
  const used = plans.filter(
    (plan) => plan.missing || plan.type === 'categorical' || plan.type === 'text' || plan.value || hasParts(plan),
  );
  for (const { type, name } of used) {
    if (type === 'text') {
      const why = 'taking words out of text has no plain operators';
      throw new CounterweightError(
        'not-exportable',
        `column ${quoted(name)} is free text, which ONNX cannot encode: ${why}`,
        {
          column: name,
        },
      );
    }
    if (name === '') throw new CounterweightError('not-exportable', 'a column has no name, and ONNX inputs need one');
  }
  const named = new Set(used.map(({ name }) => name));
  return inputs
    .filter(({ name }) => named.has(name))
    .map(({ name, kind }) => ({ name, kind, type: kind === 'categorical' ? 'string' : 'float64' }));
}

const hasParts = (plan: ColumnPlan): boolean => plan.type === 'date-time' && plan.parts.length > 0;

/**
 * Appends the encoding of raw columns: `rows × features` in float64, cell for cell what `encoder.transform` gives. Texts of
 * `missingTexts` count as missing.
 */
export function encodedColumns(
  graph: OnnxGraph,
  plans: readonly ColumnPlan[],
  features: number,
  missingTexts: readonly string[],
): string {
  const blocks: Block[] = [];
  const numbers: NumberPart[] = [];
  let first = 0;
  for (const plan of plans) {
    const width = widthOf(plan);
    if (plan.type === 'categorical') {
      if (width > 0) blocks.push(levelBlock(graph, plan, first, missingTexts));
    } else if (plan.type !== 'text') {
      numbers.push(numberPart(plan, first, first + width - 1));
      if (plan.type === 'date-time') blocks.push(...dateBlocks(graph, plan, first));
    }
    first += width;
  }
  blocks.push(
    ...numberBlocks(
      graph,
      numbers.filter(({ value, missing }) => value || missing >= 0),
    ),
  );
  const places = blocks.flatMap(({ features: own }) => own);
  const together = beside(
    graph,
    blocks.map(({ value }) => value),
  );
  if (places.every((feature, place) => feature === place)) return together;
  const order = new Array<number>(features);
  for (const [place, feature] of places.entries()) order[feature] = place;
  return columnsOf(graph, together, order);
}

function widthOf(plan: ColumnPlan): number {
  const missing = plan.missing ? 1 : 0;
  if (plan.type === 'categorical') return plan.levels.length + (plan.rare ? 1 : 0) + missing;
  if (plan.type === 'text') return plan.tokens.length + missing;
  return (plan.value ? 1 : 0) + (plan.type === 'date-time' ? 2 * plan.parts.length : 0) + missing;
}

/** A column of numbers: how its values are standardised, and the features that they and missing cells become; -1 for none. */
interface NumberPart {
  readonly name: string;
  readonly value: Standardisation | null;
  readonly feature: number;
  readonly missing: number;
}

function numberPart(
  plan: Exclude<ColumnPlan, { type: 'categorical' | 'text' }>,
  first: number,
  last: number,
): NumberPart {
  const missing = plan.missing ? last : -1;
  const { name } = plan;
  if (plan.type !== 'boolean') return { name, value: plan.value, feature: first, missing };
  // A missing cell counts as the commoner value only where it has no feature of its own.
  const fill = plan.fill && !plan.missing ? 1 : 0;
  return { name, value: plan.value ? { fill, scale: 1, centre: 0, deviation: 1 } : null, feature: first, missing };
}

/** All columns of numbers at once: fewer and wider nodes are faster than some for each column. */
function numberBlocks(graph: OnnxGraph, parts: readonly NumberPart[]): Block[] {
  if (parts.length === 0) return [];
  const blocks: Block[] = [];
  const cells = beside(
    graph,
    parts.map(({ name }) => name),
  );
  const missing = graph.node('IsNaN', [cells]);
  const valued = parts.flatMap((part, column) => (part.value ? [{ ...part, value: part.value, column }] : []));
  if (valued.length > 0) {
    const places = valued.map(({ column }) => column);
    const some = (matrix: string) => (valued.length === parts.length ? matrix : columnsOf(graph, matrix, places));
    const constants = (of: (value: Standardisation) => number) =>
      graph.numbers(
        valued.map(({ value }) => of(value)),
        [1, valued.length],
      );
    const filled = graph.node('Where', [some(missing), constants(({ fill }) => fill), some(cells)]);
    const centred = graph.node('Sub', [
      graph.node('Mul', [filled, constants(({ scale }) => scale)]),
      constants(({ centre }) => centre),
    ]);
    const standardised = graph.node('Div', [centred, constants(({ deviation }) => deviation)]);
    const value = graph.node('Clip', [standardised, graph.number(-FURTHEST), graph.number(FURTHEST)]);
    blocks.push({ value, features: valued.map(({ feature }) => feature) });
  }
  const flagged = parts.flatMap((part, column) => (part.missing >= 0 ? [{ ...part, column }] : []));
  if (flagged.length > 0) {
    const flags = columnsOf(
      graph,
      asNumbers(graph, missing),
      flagged.map(({ column }) => column),
    );
    blocks.push({ value: flags, features: flagged.map((part) => part.missing) });
  }
  return blocks;
}

/** One column a level, then those of rare levels and of missing cells. */
function levelBlock(
  graph: OnnxGraph,
  plan: Extract<ColumnPlan, { type: 'categorical' }>,
  first: number,
  missingTexts: readonly string[],
): Block {
  const width = widthOf(plan);
  const keys = [...plan.levels];
  const places = keys.map((_, place) => place);
  if (plan.missing) {
    for (const text of missingTexts) {
      if (keys.includes(text)) continue;
      keys.push(text);
      places.push(width - 1);
    }
  }
  // A place beyond the last gets no 1 at all.
  const otherwise = plan.rare ? plan.levels.length : width;
  const codes = graph.node('LabelEncoder', [plan.name], {
    keys_strings: { texts: keys },
    values_int64s: { ints: places },
    default_int64: { int: otherwise },
  });
  const flat = graph.node('Squeeze', [codes, graph.wholes([1])]);
  const ones = graph.node('OneHot', [flat, graph.wholes([width]), graph.wholes([0, 1])], { axis: { int: 1 } });
  return { value: asNumbers(graph, ones), features: Array.from({ length: width }, (_, place) => first + place) };
}

function dateBlocks(graph: OnnxGraph, plan: Extract<ColumnPlan, { type: 'date-time' }>, first: number): Block[] {
  const start = first + (plan.value ? 1 : 0);
  return plan.parts.flatMap((part, p) =>
    cycleWaves(graph, plan.name, part).map((value, wave) => ({ value, features: [start + 2 * p + wave] })),
  );
}
