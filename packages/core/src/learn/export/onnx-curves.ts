import type { ModelFields } from '../../data/model-fields.ts';
import { elementCodes } from './onnx-file.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { rowSums } from './onnx-values.ts';

/** Values of an isotonic map, linear between its scores and constant beyond them; `rows × 1` of `rows × 1`. */
export function interpolatedValues(graph: OnnxGraph, scores: string, map: ModelFields): string {
  const knots = map.numbers('scores');
  const heights = map.numbers('values', knots.length);
  const last = knots.length - 1;
  if (last === 0) return lookedUp(graph, heights, countBelow(graph, scores, Float64Array.of(Number.POSITIVE_INFINITY)));
  // The piece that ends at the first knot not below the score.
  const piece = countBelow(graph, scores, knots.subarray(0, last));
  const ends = Float64Array.from({ length: last + 1 }, (_, i) => Math.max(0, i - 1));
  const of = (values: Float64Array, end: 'left' | 'right') =>
    lookedUp(graph, end === 'left' ? ends.map((place) => values[place]!) : values, piece);
  const [left, right] = [of(knots, 'left'), of(knots, 'right')];
  const width = graph.node('Sub', [right, left]);
  const one = graph.numbers([1], [1, 1]);
  const flat = graph.node('Greater', [width, graph.numbers([0], [1, 1])]);
  const share = graph.node('Div', [graph.node('Sub', [scores, left]), graph.node('Where', [flat, width, one])]);
  const inside = graph.node('Clip', [share, graph.number(0), graph.number(1)]);
  const [bottom, top] = [of(heights, 'left'), of(heights, 'right')];
  return graph.node('Add', [bottom, graph.node('Mul', [graph.node('Sub', [top, bottom]), inside])]);
}

/** Values of a map of constant pieces; a piece without a value leaves the score as it is. */
export function steppedValues(graph: OnnxGraph, scores: string, map: ModelFields): string {
  const edges = map.numbers('edges');
  const values = map.list('values');
  if (edges.length === 0) {
    const piece = countBelow(graph, scores, Float64Array.of(Number.POSITIVE_INFINITY));
    return keptOr(graph, scores, values, piece);
  }
  const above = graph.node('Less', [scores, graph.numbers(edges, [1, edges.length])]);
  return keptOr(graph, scores, values, counted(graph, graph.node('Not', [above])));
}

function keptOr(graph: OnnxGraph, scores: string, values: readonly unknown[], piece: string): string {
  const numbers = Float64Array.from(values, (value) => (value === null ? 0 : Number(value)));
  const found = lookedUp(graph, numbers, piece);
  if (!values.includes(null)) return found;
  const kept = lookedUp(
    graph,
    Float64Array.from(values, (value) => (value === null ? 1 : 0)),
    piece,
  );
  return graph.node('Where', [graph.node('Greater', [kept, graph.numbers([0], [1, 1])]), scores, found]);
}

/** How many of the ascending numbers lie below each score, int64. */
function countBelow(graph: OnnxGraph, scores: string, numbers: Float64Array): string {
  return counted(graph, graph.node('Greater', [scores, graph.numbers(numbers, [1, numbers.length])]));
}

function counted(graph: OnnxGraph, holds: string): string {
  return rowSums(graph, graph.node('Cast', [holds], { to: { int: elementCodes.int64 } }));
}

function lookedUp(graph: OnnxGraph, table: Float64Array, places: string): string {
  return graph.node('Gather', [graph.numbers(table), places], { axis: { int: 0 } });
}
