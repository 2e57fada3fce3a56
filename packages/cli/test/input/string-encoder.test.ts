import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createStringEncoder } from '../../src/input/string-encoder.ts';
import type { StringCells } from '../../src/input/vectors.ts';

/** Cells laid out as DuckDB does: length, then up to 12 bytes, else 4 bytes and a pointer (here: noise); and a 64-bit hash. */
function cellsOf(texts: readonly string[]): StringCells {
  const bytes = Buffer.alloc(texts.length * 16);
  const hashes = new Int32Array(texts.length * 2);
  for (const [row, text] of texts.entries()) {
    const encoded = Buffer.from(text);
    bytes.writeUInt32LE(encoded.length, row * 16);
    const digest = createHash('sha256').update(encoded).digest();
    hashes.set([digest.readInt32LE(0), digest.readInt32LE(4)], row * 2);
    encoded.copy(bytes, row * 16 + 4, 0, encoded.length <= 12 ? 12 : 4);
    if (encoded.length > 12) bytes.writeUInt32LE((row * 2_654_435_761) % 4_294_967_296, row * 16 + 8);
  }
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return { words, hashes, validity: null, at: (row) => texts[row]! };
}

it('gives equal strings equal codes and different strings different codes, beyond several growths of its table', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 16 }), { maxLength: 200 }), (some) => {
      const texts = [
        ...some,
        ...Array.from({ length: 3000 }, (_, i) => `${i % 2 === 0 ? 'k' : 'a string that is long '}${i % 1500}`),
        ...some,
      ];
      const encoder = createStringEncoder();
      const codes = new Int32Array(texts.length);
      encoder.encode(cellsOf(texts), texts.length, codes, 0);
      expect(Array.from(codes, (code) => encoder.dictionary[code])).toEqual(texts);
      expect(encoder.dictionary.length).toBe(new Set(texts).size);
    }),
    { numRuns: 30, seed: 1 },
  );
});

it('keeps apart strings that differ in trailing zero bytes only, and marks null', () => {
  const encoder = createStringEncoder();
  const codes = new Int32Array(4).fill(9);
  const cells = cellsOf(['a', 'a\0', 'b']);
  encoder.encode({ ...cells, validity: Uint8Array.of(0b011) }, 3, codes, 1);
  expect([...codes]).toEqual([9, 0, 1, -1]);
});
