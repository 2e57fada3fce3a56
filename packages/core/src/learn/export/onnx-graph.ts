import type { Attribute, ElementType, OnnxNode, OnnxValue, Tensor } from './onnx-file.ts';
import { onnxBytes } from './onnx-file.ts';

/** Operators that stand in the domain `ai.onnx.ml`. */
const classical = new Set(['TreeEnsembleRegressor', 'LabelEncoder']);

/** A graph that grows node by node. Values are known by name. */
export interface OnnxGraph {
  input(name: string, type: ElementType, dims: readonly (number | string)[]): string;
  /** Appends a node and gives the name of what it computes. */
  node(operator: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>): string;
  /** Float64 numbers, a list unless dims are given. */
  numbers(values: ArrayLike<number>, dims?: readonly number[]): string;
  /** One float64 number without dims. */
  number(value: number): string;
  wholes(values: readonly number[]): string;
  texts(values: readonly string[]): string;
  output(name: string, value: string, type: ElementType, dims: readonly (number | string)[]): void;
  /** The finished file. */
  bytes(parts: GraphNames): Uint8Array;
}

export interface GraphNames {
  readonly graphName: string;
  readonly description: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An empty graph. `names` are those that inputs and outputs will have, so that inner ones differ. */
export function onnxGraph(names: readonly string[] = []): OnnxGraph {
  let mark = '$';
  while (names.some((name) => name.startsWith(mark))) mark += '$';
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, Tensor>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const constant = (tensor: Tensor): string => {
    const name = `${mark}c${constants.size}`;
    constants.set(name, tensor);
    return name;
  };
  const append = (
    operator: string,
    from: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string => {
    nodes.push({ operator, domain: classical.has(operator) ? 'ai.onnx.ml' : '', inputs: from, output, attributes });
    return output;
  };
  return Object.freeze({
    input: (name, type, dims) => {
      inputs.push({ name, type, dims });
      return name;
    },
    node: (operator, from, attributes) => append(operator, from, `${mark}v${nodes.length}`, attributes),
    numbers: (values, dims = [values.length]) => constant({ type: 'float64', dims, values }),
    number: (value) => constant({ type: 'float64', dims: [], values: [value] }),
    wholes: (values) => constant({ type: 'int64', dims: [values.length], values }),
    texts: (values) => constant({ type: 'string', dims: [values.length], values }),
    output: (name, value, type, dims) => {
      append('Identity', [value], name);
      outputs.push({ name, type, dims });
    },
    bytes: ({ graphName, description, metadata = {} }) =>
      onnxBytes({ graphName, description, nodes, constants, inputs, outputs, metadata }),
  } satisfies OnnxGraph);
}
