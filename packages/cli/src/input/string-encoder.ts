import { isValid, type StringCells } from './vectors.ts';

/** Gives each distinct string a code in order of first appearance. */
export interface StringEncoder {
  /** Distinct strings so far; a code is an index into it. */
  readonly dictionary: string[];
  /** Writes the codes of `rows` cells into `target` from `offset` on, -1 for a null cell. */
  encode(cells: StringCells, rows: number, target: Int32Array, offset: number): void;
}

const inlineBytes = 12;
const minimumSlots = 1024;

/**
 * A dictionary encoder that decodes each distinct string only once. The key of its open-addressing table are four 32-bit
 * words. A string of at most 12 bytes lies whole in four words of the vector. A longer one is known by its length, its
 * first four bytes and its 64-bit hash: with a million distinct strings, the odds that two share a key are below 10⁻⁷,
 * and to fetch each string in order to compare it took four times as long as everything else.
 */
export function createStringEncoder(): StringEncoder {
  const dictionary: string[] = [];
  let mask = minimumSlots - 1;
  let keys = new Int32Array(minimumSlots * 4);
  let codes = new Int32Array(minimumSlots).fill(-1);

  const slotOf = (w0: number, w1: number, w2: number, w3: number): number => {
    let hash = Math.imul(w0 ^ Math.imul(w1, 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(w2, 0xc2b2ae35), 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 13) ^ Math.imul(w3, 0x165667b1), 0x9e3779b1);
    let slot = (hash ^ (hash >>> 16)) & mask;
    while (codes[slot] !== -1) {
      const key = slot * 4;
      if (keys[key] === w0 && keys[key + 1] === w1 && keys[key + 2] === w2 && keys[key + 3] === w3) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  };

  const grow = (): void => {
    const oldKeys = keys;
    const oldCodes = codes;
    const slots = oldCodes.length * 2;
    mask = slots - 1;
    keys = new Int32Array(slots * 4);
    codes = new Int32Array(slots).fill(-1);
    for (let old = 0; old < oldCodes.length; old++) {
      if (oldCodes[old] === -1) continue;
      const key = old * 4;
      const slot = slotOf(oldKeys[key]!, oldKeys[key + 1]!, oldKeys[key + 2]!, oldKeys[key + 3]!);
      keys.set(oldKeys.subarray(key, key + 4), slot * 4);
      codes[slot] = oldCodes[old]!;
    }
  };

  const codeOf = (cells: StringCells, row: number): number => {
    const { words, hashes } = cells;
    const word = row * 4;
    const w0 = words[word]!;
    const w1 = words[word + 1]!;
    const isInline = w0 <= inlineBytes;
    const w2 = isInline ? words[word + 2]! : hashes[row * 2]!;
    const w3 = isInline ? words[word + 3]! : hashes[row * 2 + 1]!;
    let slot = slotOf(w0, w1, w2, w3);
    if (codes[slot] !== -1) return codes[slot]!;
    if ((dictionary.length + 1) * 2 > codes.length) {
      grow();
      slot = slotOf(w0, w1, w2, w3);
    }
    keys[slot * 4] = w0;
    keys[slot * 4 + 1] = w1;
    keys[slot * 4 + 2] = w2;
    keys[slot * 4 + 3] = w3;
    codes[slot] = dictionary.length;
    dictionary.push(cells.at(row));
    return codes[slot]!;
  };

  return Object.freeze({
    dictionary,
    encode(cells: StringCells, rows: number, target: Int32Array, offset: number) {
      const { validity } = cells;
      for (let row = 0; row < rows; row++) {
        let code = -1;
        if (isValid(validity, row)) {
          code = codeOf(cells, row);
        }
        target[offset + row] = code;
      }
    },
  });
}
