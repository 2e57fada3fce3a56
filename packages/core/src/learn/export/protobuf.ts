/**
 * Protocol buffers' wire format, writing only, as far as ONNX files need it. A message is a list of fields; what a field
 * means stands in the schema of its message, here in `onnx-file.ts`.
 */
export type Field = Uint8Array;

const utf8 = new TextEncoder();

/** A whole number of at least 0, such as a count or an enumerated value. */
export function wholeField(number: number, value: number): Field {
  return joined([varint(number * 8), varint(value)]);
}

export function floatField(number: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([varint(number * 8 + 5), bytes]);
}

/** Bytes, or a message that is written already. */
export function bytesField(number: number, bytes: Uint8Array): Field {
  return joined([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function textField(number: number, text: string): Field {
  return bytesField(number, utf8.encode(text));
}

/** Whole numbers one after the other in one field (packed); any that an int64 holds. */
export function wholesField(number: number, values: ArrayLike<number>): Field {
  return bytesField(number, varints(values));
}

/** Floats one after the other in one field (packed). */
export function floatsField(number: number, values: ArrayLike<number>): Field {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
  return bytesField(number, bytes);
}

/** Fields one after the other: a message. */
export function message(fields: readonly Field[]): Uint8Array {
  return joined(fields);
}

function varint(value: number): Uint8Array {
  return varints([value]);
}

/** Seven bits a byte, lowest first, the top bit of each but the last set; negative numbers as 64-bit two's complement. */
function varints(values: ArrayLike<number>): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    let rest = values[i]!;
    if (rest < 0 || rest > 0x7fffffff) {
      let wide = BigInt.asUintN(64, BigInt(rest));
      for (; wide >= 128n; wide >>= 7n) bytes.push(Number(wide & 127n) | 128);
      bytes.push(Number(wide));
      continue;
    }
    for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
