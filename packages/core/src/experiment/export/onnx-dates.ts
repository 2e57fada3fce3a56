import type { DatePart } from '../../data/index.ts';
import { elementCodes } from '../../learn/export/onnx-file.ts';
import type { OnnxGraph } from '../../learn/export/onnx-graph.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const CYCLE: Readonly<Record<DatePart, number>> = { month: 12, weekday: 7, hour: 24 };

/** Sine and cosine of the place of times (milliseconds since 1970, UTC) in a cycle, each `rows × 1`; 0 for missing ones. */
export function cycleWaves(graph: OnnxGraph, times: string, part: DatePart): readonly [sine: string, cosine: string] {
  const missing = graph.node('IsNaN', [times]);
  const zero = graph.numbers([0], [1, 1]);
  const place = graph.node('Cast', [datePlace(graph, graph.node('Where', [missing, zero, times]), part)], {
    to: { int: elementCodes.int64 },
  });
  const wave = (of: (angle: number) => number): string => {
    const length = CYCLE[part];
    const table = graph.numbers(Float64Array.from({ length }, (_, at) => of((2 * Math.PI * at) / length)));
    const values = graph.node('Gather', [table, place], { axis: { int: 0 } });
    return graph.node('Where', [missing, zero, values]);
  };
  return [wave(Math.sin), wave(Math.cos)];
}

/** Month 0 to 11, weekday 0 (Sunday) to 6 or hour 0 to 23, by arithmetic alone as `datePart` of the encoder. */
function datePlace(graph: OnnxGraph, times: string, part: DatePart): string {
  const step = arithmetic(graph);
  if (part === 'hour') return step.modulo(step.wholeQuotient(times, HOUR), 24);
  const day = step.wholeQuotient(times, DAY);
  if (part === 'weekday') return step.modulo(step.plus(day, 4), 7);
  // Years are counted from 1 March, so that the leap day is their last.
  const ofEra = step.modulo(step.plus(day, 719_468), 146_097);
  const [leaps, centuries, eras] = [1460, 36_524, 146_096].map((by) => step.wholeQuotient(ofEra, by));
  const shifted = graph.node('Sub', [graph.node('Add', [graph.node('Sub', [ofEra, leaps!]), centuries!]), eras!]);
  const year = step.wholeQuotient(shifted, 365);
  const before = [step.times(year, 365), step.wholeQuotient(year, 4)];
  const daysBefore = graph.node('Sub', [graph.node('Add', before), step.wholeQuotient(year, 100)]);
  const ofYear = graph.node('Sub', [ofEra, daysBefore]);
  const fromMarch = step.wholeQuotient(step.plus(step.times(ofYear, 5), 2), 153);
  return step.modulo(step.plus(fromMarch, 2), 12);
}

function arithmetic(graph: OnnxGraph) {
  const number = (value: number) => graph.numbers([value], [1, 1]);
  const plus = (x: string, by: number) => graph.node('Add', [x, number(by)]);
  const times = (x: string, by: number) => graph.node('Mul', [x, number(by)]);
  const wholeQuotient = (x: string, by: number) => graph.node('Floor', [graph.node('Div', [x, number(by)])]);
  const modulo = (x: string, by: number) => graph.node('Sub', [x, times(wholeQuotient(x, by), by)]);
  return { plus, times, wholeQuotient, modulo };
}
