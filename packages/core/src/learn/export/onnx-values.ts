import type { Classes } from '../../data/labels.ts';
import { elementCodes } from './onnx-file.ts';
import type { OnnxGraph } from './onnx-graph.ts';

/** `x W + b`: `rows × outputs` from `rows × columns`; `weights` is `outputs × columns`. */
export function affine(
  graph: OnnxGraph,
  x: string,
  weights: ArrayLike<number>,
  biases: ArrayLike<number>,
  columns: number,
): string {
  const outputs = biases.length;
  const transposed = Float64Array.from(
    { length: columns * outputs },
    (_, at) => weights[(at % outputs) * columns + Math.floor(at / outputs)]!,
  );
  const product = graph.node('MatMul', [x, graph.numbers(transposed, [columns, outputs])]);
  return graph.node('Add', [product, graph.numbers(biases)]);
}

/** Probabilities of two classes from the log-odds of the second, `rows × 1`. */
export function sigmoidPair(graph: OnnxGraph, logOdds: string): string {
  const against = graph.node('Neg', [logOdds]);
  const both = graph.node('Concat', [against, logOdds], { axis: { int: 1 } });
  return graph.node('Sigmoid', [both]);
}

/** 1 less each value. */
export function complement(graph: OnnxGraph, values: string): string {
  return graph.node('Sub', [graph.numbers([1], [1, 1]), values]);
}

/** Sum of each row, `rows × 1`. */
export function rowSums(graph: OnnxGraph, values: string): string {
  return graph.node('ReduceSum', [values, graph.wholes([1])], { keepdims: { int: 1 } });
}

/** Numbers of any type, or true and false as 1 and 0, in float64. */
export function asNumbers(graph: OnnxGraph, values: string): string {
  return graph.node('Cast', [values], { to: { int: elementCodes.float64 } });
}

/** Matrices beside each other. */
export function beside(graph: OnnxGraph, parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : graph.node('Concat', parts, { axis: { int: 1 } });
}

/** The given columns of a matrix, in their order. */
export function columnsOf(graph: OnnxGraph, matrix: string, columns: readonly number[]): string {
  return graph.node('Gather', [matrix, graph.wholes(columns)], { axis: { int: 1 } });
}

/** Softmax of each row. */
export function softmax(graph: OnnxGraph, scores: string): string {
  return graph.node('Softmax', [scores], { axis: { int: 1 } });
}

/**
 * Every value times a number, of which the matrix has `columns`. The number is written once a column: ONNX Runtime fuses a
 * single one into a matrix product before it and rounds it to float32.
 */
export function scaled(graph: OnnxGraph, matrix: string, factor: number, columns: number): string {
  return graph.node('Mul', [matrix, graph.numbers(new Float64Array(columns).fill(factor), [1, columns])]);
}

/** Columns of the classes that a model has seen, put in their places among all; the other classes get 0. */
export function placed(graph: OnnxGraph, values: string, present: readonly number[], classes: number): string {
  if (present.length === classes) return values;
  const selection = new Float64Array(present.length * classes);
  for (const [place, code] of present.entries()) selection[place * classes + code] = 1;
  return graph.node('MatMul', [values, graph.numbers(selection, [present.length, classes])]);
}

/** Values times 10^9, rounded: what differs by rounding errors of probabilities alone is equal then. */
export function comparable(graph: OnnxGraph, values: string): string {
  return graph.node('Round', [graph.node('Mul', [values, graph.numbers([1e9])])]);
}

/** Column with the largest value of each row, as `rows`; of values that differ by less than 1e-9 the first. */
export function likeliest(graph: OnnxGraph, values: string): string {
  return graph.node('ArgMax', [comparable(graph, values)], { axis: { int: 1 }, keepdims: { int: 0 } });
}

/** Labels of class codes: strings, whole numbers as int64, other numbers as float64. */
export function labelsOf(
  graph: OnnxGraph,
  codes: string,
  classes: Classes,
): { readonly value: string; readonly type: 'string' | 'int64' | 'float64' } {
  const numbers = classes.filter((label) => typeof label === 'number');
  if (numbers.length < classes.length) {
    const value = graph.node('Gather', [graph.texts(classes.map(String)), codes], { axis: { int: 0 } });
    return { value, type: 'string' };
  }
  const type = numbers.every((label) => Number.isSafeInteger(label)) ? 'int64' : 'float64';
  const table = type === 'int64' ? graph.wholes(numbers) : graph.numbers(numbers);
  return { value: graph.node('Gather', [table, codes], { axis: { int: 0 } }), type };
}
