import {
  bytesField,
  type Field,
  floatField,
  floatsField,
  message,
  textField,
  wholeField,
  wholesField,
} from './protobuf.ts';

/**
 * The messages of an ONNX file (onnx.proto, IR version 8), those that models need. Field numbers are the schema's.
 */
export type ElementType = 'float32' | 'float64' | 'int64' | 'string' | 'bool';

/** Numbers of the types in `TensorProto.DataType`. */
export const elementCodes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int64: 7,
  string: 8,
  bool: 9,
  float64: 11,
};

/** A constant of a graph: float64 numbers, int64 numbers or strings. */
export type Tensor =
  | { readonly type: 'float64' | 'int64'; readonly dims: readonly number[]; readonly values: ArrayLike<number> }
  | { readonly type: 'string'; readonly dims: readonly number[]; readonly values: readonly string[] };

/** An attribute of a node: its kind must be that of the operator's specification. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly tensor: Tensor }
  | { readonly ints: ArrayLike<number> }
  | { readonly floats: ArrayLike<number> }
  | { readonly texts: readonly string[] };

export interface OnnxNode {
  readonly operator: string;
  /** Empty for ONNX itself, `ai.onnx.ml` for the operators of classical models. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output of a graph; a dimension is a size or a name, such as `rows`. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
}

export interface OnnxFile {
  readonly graphName: string;
  readonly description: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Written beside the graph for people and programs. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Versions of the format and of the operators that files are written in; ONNX Runtime runs them from 1.14 on. */
const IR_VERSION = 8;
const OPERATORS = 15;
const CLASSICAL_OPERATORS = 3;

/** The bytes of an ONNX file. The same content gives the same bytes. */
export function onnxBytes(file: OnnxFile): Uint8Array {
  const graph = message([
    ...file.nodes.map((node, place) => bytesField(1, nodeMessage(node, place))),
    textField(2, file.graphName),
    ...[...file.constants].map(([name, tensor]) => bytesField(5, tensorMessage(tensor, name))),
    ...file.inputs.map((value) => bytesField(11, valueMessage(value))),
    ...file.outputs.map((value) => bytesField(12, valueMessage(value))),
  ]);
  return message([
    wholeField(1, IR_VERSION),
    textField(2, 'counterweight'),
    textField(6, file.description),
    bytesField(7, graph),
    bytesField(8, message([textField(1, ''), wholeField(2, OPERATORS)])),
    bytesField(8, message([textField(1, 'ai.onnx.ml'), wholeField(2, CLASSICAL_OPERATORS)])),
    ...Object.entries(file.metadata).map(([key, value]) => bytesField(14, pairMessage(key, value))),
  ]);
}

function pairMessage(key: string, value: string): Uint8Array {
  return message([textField(1, key), textField(2, value)]);
}

function nodeMessage({ operator, domain, inputs, output, attributes }: OnnxNode, place: number): Uint8Array {
  return message([
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, `${operator}_${place}`),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, attribute]) => bytesField(5, attributeMessage(name, attribute))),
    textField(7, domain),
  ]);
}

function attributeMessage(name: string, attribute: Attribute): Uint8Array {
  const [type, value] = attributeFields(attribute);
  return message([textField(1, name), ...value, wholeField(20, type)]);
}

/** The attribute's type code and its value. */
function attributeFields(attribute: Attribute): [number, Field[]] {
  if ('float' in attribute) return [1, [floatField(2, attribute.float)]];
  if ('int' in attribute) return [2, [wholeField(3, attribute.int)]];
  if ('text' in attribute) return [3, [textField(4, attribute.text)]];
  if ('tensor' in attribute) return [4, [bytesField(5, tensorMessage(attribute.tensor, ''))]];
  if ('floats' in attribute) return [6, [floatsField(7, attribute.floats)]];
  if ('ints' in attribute) return [7, [wholesField(8, attribute.ints)]];
  const known = new Map<string, Field>();
  for (const text of attribute.texts) if (!known.has(text)) known.set(text, textField(9, text));
  return [8, attribute.texts.map((text) => known.get(text)!)];
}

function tensorMessage(tensor: Tensor, name: string): Uint8Array {
  const { type, dims } = tensor;
  const values =
    tensor.type === 'string'
      ? tensor.values.map((text) => textField(6, text))
      : [bytesField(9, rawNumbers(tensor.type, tensor.values))];
  return message([wholesField(1, dims), wholeField(2, elementCodes[type]), textField(8, name), ...values]);
}

/** Little-endian, eight bytes each. */
function rawNumbers(type: 'float64' | 'int64', values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (type === 'float64') view.setFloat64(8 * i, values[i]!, true);
    else view.setBigInt64(8 * i, BigInt(values[i]!), true);
  }
  return bytes;
}

function valueMessage({ name, type, dims }: OnnxValue): Uint8Array {
  const shape = message(
    dims.map((dim) => bytesField(1, message([typeof dim === 'number' ? wholeField(1, dim) : textField(2, dim)]))),
  );
  const tensor = message([wholeField(1, elementCodes[type]), bytesField(2, shape)]);
  return message([textField(1, name), bytesField(2, message([bytesField(1, tensor)]))]);
}
