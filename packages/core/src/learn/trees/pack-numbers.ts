/**
 * Numbers as text: a letter for how they are kept, a colon, and their bytes in base64, lowest first. Numbers are kept in the
 * smallest type that holds each of them exactly, or, where that is shorter, as places among the distinct ones.
 */
const kinds = {
  a: Uint8Array,
  b: Uint16Array,
  c: Int32Array,
  f: Float32Array,
  g: Float64Array,
} as const;

type Kind = keyof typeof kinds;

const order: readonly Kind[] = ['a', 'b', 'c', 'f', 'g'];
const DISTINCT = 'd';
/** Fewer numbers than that are not worth a list of the distinct ones. */
const LEAST_LISTED = 16;
/** Places that two bytes tell apart: a list of distinct numbers is shorter than that. */
const PLACES = 65536;
/** A list is written where it takes less than this share of the room: reading it costs a look-up more. */
const WORTH_A_LIST = 0.9;
/** Bytes that become text at once: engines bound how many arguments a call takes. */
const CHUNK = 8192;

/** Finite numbers as text. `unpackNumbers` gives the same numbers back, -0 as 0. */
export function packNumbers(values: ArrayLike<number>): string {
  const kind = smallestKind(values);
  const size = kinds[kind].BYTES_PER_ELEMENT;
  if (size >= 4 && values.length >= LEAST_LISTED) {
    const places = new Map<number, number>();
    for (let i = 0; i < values.length && places.size < PLACES; i++) {
      if (!places.has(values[i]!)) places.set(values[i]!, places.size);
    }
    const width = places.size <= 256 ? 1 : 2;
    if (places.size < PLACES && places.size * size + values.length * width < WORTH_A_LIST * values.length * size) {
      const list = packed(kind, [...places.keys()]);
      return `${DISTINCT}${places.size}:${list}:${packNumbers(Array.from(values, (value) => places.get(value)!))}`;
    }
  }
  return packed(kind, values);
}

/** Reads what `packNumbers` wrote; undefined unless it is so many finite numbers. */
export function unpackNumbers(text: unknown, count: number): Float64Array | undefined {
  if (typeof text !== 'string') return undefined;
  if (text[0] !== DISTINCT) return unpacked(text, count);
  const [head, listKind, list, ...rest] = text.split(':');
  const size = Number(head!.slice(1));
  if (!Number.isInteger(size) || size < 1 || size > PLACES) return undefined;
  const distinct = unpacked(`${listKind}:${list}`, size);
  const places = unpacked(rest.join(':'), count);
  if (!distinct || !places?.every((place) => Number.isInteger(place) && place >= 0 && place < size)) return undefined;
  return places.map((place) => distinct[place]!);
}

function smallestKind(values: ArrayLike<number>): Kind {
  let at = 0;
  const held = order.map((kind) => new kinds[kind](1));
  for (let i = 0; i < values.length; i++) {
    for (; at < order.length - 1; at++) {
      held[at]![0] = values[i]!;
      if (held[at]![0] === values[i]) break;
    }
  }
  // Types later in the order need not hold what earlier ones do: 32-bit floats lose whole numbers from 2^24 on.
  if (order[at] === 'f' && !Array.from(values).every((value) => Math.fround(value) === value)) return 'g';
  return order[at]!;
}

function packed(kind: Kind, values: ArrayLike<number>): string {
  const bytes = new Uint8Array(new kinds[kind](Array.from(values, (value) => value + 0)).buffer);
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return `${kind}:${btoa(text)}`;
}

function unpacked(text: string, count: number): Float64Array | undefined {
  const type = text[1] === ':' && Object.hasOwn(kinds, text[0]!) ? kinds[text[0] as Kind] : undefined;
  if (!type || text.length - 2 !== 4 * Math.ceil((count * type.BYTES_PER_ELEMENT) / 3)) return undefined;
  let decoded: string;
  try {
    decoded = atob(text.slice(2));
  } catch {
    return undefined;
  }
  if (decoded.length !== count * type.BYTES_PER_ELEMENT) return undefined;
  const bytes = new Uint8Array(decoded.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = decoded.charCodeAt(i);
  const values = Float64Array.from(new type(bytes.buffer));
  return values.every((value) => Number.isFinite(value)) ? values : undefined;
}
