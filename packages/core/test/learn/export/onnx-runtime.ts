import { InferenceSession, Tensor } from 'onnxruntime-web';

/** A file opened by ONNX Runtime. */
export interface OpenedModel {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs it; each output with its dims and cells. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, OnnxOutput>>>;
}

export interface OnnxOutput {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | string | bigint>;
}

/** Opens the bytes of a file; ONNX Runtime checks types, shapes and operators as it does so. */
export async function openOnnx(bytes: Uint8Array): Promise<OpenedModel> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    run: async (feeds) => {
      const found = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(found).map(([name, { type, dims, data }]) => [name, { type, dims, data } as OnnxOutput]),
      );
    },
  };
}

export function float64Input(data: Float64Array, columns: number): Tensor {
  return new Tensor('float64', data, [data.length / Math.max(1, columns), columns]);
}

export function float32Input(data: Float64Array, columns: number): Tensor {
  return new Tensor('float32', Float32Array.from(data), [data.length / Math.max(1, columns), columns]);
}
