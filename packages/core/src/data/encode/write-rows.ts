import { type Matrix, matrix } from '../matrix.ts';
import { type SparseMatrix, sparseMatrix } from '../sparse.ts';
import { FURTHEST } from './standardise.ts';
import type { BagStrand, CodeStrand, NumberStrand, Strand } from './strands.ts';

/** So many output rows are filled at a time that they stay in the cache while strand after strand writes its columns. */
const BLOCK = 512;

/** The strands' features of the given rows as a dense matrix. */
export function writeDense(strands: readonly Strand[], rows: Int32Array, width: number): Matrix {
  const data = new Float64Array(rows.length * width);
  for (let from = 0; from < rows.length; from += BLOCK) {
    const to = Math.min(rows.length, from + BLOCK);
    for (const strand of strands) {
      if (strand.form === 'number') numbersDense(strand, rows, from, to, data, width);
      else if (strand.form === 'code') codesDense(strand, rows, from, to, data, width);
      else bagsDense(strand, rows, from, to, data, width);
    }
  }
  return matrix(data, rows.length, width);
}

/** The same as compressed sparse rows. The value of a numeric column is stored even where it is 0. */
export function writeSparse(strands: readonly Strand[], rows: Int32Array, width: number): SparseMatrix {
  const offsets = new Int32Array(rows.length + 1);
  for (const strand of strands) countStored(strand, rows, offsets);
  for (let i = 0; i < rows.length; i++) offsets[i + 1]! += offsets[i]!;
  const stored = offsets[rows.length]!;
  const indices = new Int32Array(stored);
  const values = new Float64Array(stored);
  const next = offsets.slice(0, rows.length);
  for (let from = 0; from < rows.length; from += BLOCK) {
    const to = Math.min(rows.length, from + BLOCK);
    for (const strand of strands) {
      if (strand.form === 'number') numbersSparse(strand, rows, from, to, next, indices, values);
      else if (strand.form === 'code') codesSparse(strand, rows, from, to, next, indices, values);
      else bagsSparse(strand, rows, from, to, next, indices, values);
    }
  }
  return sparseMatrix(offsets, indices, values, width);
}

function numbersDense(
  strand: NumberStrand,
  rows: Int32Array,
  from: number,
  to: number,
  data: Float64Array,
  width: number,
): void {
  const { values, gathered, feature, missing } = strand;
  const { fill, scale, centre, deviation } = strand.standardisation;
  for (let i = from; i < to; i++) {
    let value = values[gathered ? i : rows[i]!]!;
    if (Number.isNaN(value)) {
      if (missing >= 0) data[i * width + missing] = 1;
      value = fill;
    }
    if (feature >= 0) data[i * width + feature] = bounded((value * scale - centre) / deviation);
  }
}

function codesDense(
  strand: CodeStrand,
  rows: Int32Array,
  from: number,
  to: number,
  data: Float64Array,
  width: number,
): void {
  const { codes, featureOf } = strand;
  for (let i = from; i < to; i++) {
    const feature = featureOf[codes[rows[i]!]! + 1]!;
    if (feature >= 0) data[i * width + feature] = 1;
  }
}

function bagsDense(
  strand: BagStrand,
  rows: Int32Array,
  from: number,
  to: number,
  data: Float64Array,
  width: number,
): void {
  const { codes, offsets, features, values } = strand;
  for (let i = from; i < to; i++) {
    const entry = codes[rows[i]!]! + 1;
    for (let at = offsets[entry]!; at < offsets[entry + 1]!; at++) data[i * width + features[at]!] = values[at]!;
  }
}

/** Adds to `offsets[i + 1]` how many values the strand stores in row `i`. */
function countStored(strand: Strand, rows: Int32Array, offsets: Int32Array): void {
  if (strand.form === 'number') {
    const { values, gathered, feature, missing } = strand;
    const always = feature >= 0 ? 1 : 0;
    for (let i = 0; i < rows.length; i++) {
      const value = values[gathered ? i : rows[i]!]!;
      offsets[i + 1]! += always + (missing >= 0 && Number.isNaN(value) ? 1 : 0);
    }
  } else if (strand.form === 'code') {
    const { codes, featureOf } = strand;
    for (let i = 0; i < rows.length; i++) if (featureOf[codes[rows[i]!]! + 1]! >= 0) offsets[i + 1]!++;
  } else {
    for (let i = 0; i < rows.length; i++) {
      const entry = strand.codes[rows[i]!]! + 1;
      offsets[i + 1]! += strand.offsets[entry + 1]! - strand.offsets[entry]!;
    }
  }
}

function numbersSparse(
  strand: NumberStrand,
  rows: Int32Array,
  from: number,
  to: number,
  next: Int32Array,
  indices: Int32Array,
  out: Float64Array,
): void {
  const { values, gathered, feature, missing } = strand;
  const { fill, scale, centre, deviation } = strand.standardisation;
  for (let i = from; i < to; i++) {
    let value = values[gathered ? i : rows[i]!]!;
    const isMissing = Number.isNaN(value);
    if (isMissing) value = fill;
    if (feature >= 0) {
      const at = next[i]!++;
      indices[at] = feature;
      out[at] = bounded((value * scale - centre) / deviation);
    }
    if (isMissing && missing >= 0) {
      const at = next[i]!++;
      indices[at] = missing;
      out[at] = 1;
    }
  }
}

function codesSparse(
  strand: CodeStrand,
  rows: Int32Array,
  from: number,
  to: number,
  next: Int32Array,
  indices: Int32Array,
  out: Float64Array,
): void {
  const { codes, featureOf } = strand;
  for (let i = from; i < to; i++) {
    const feature = featureOf[codes[rows[i]!]! + 1]!;
    if (feature < 0) continue;
    const at = next[i]!++;
    indices[at] = feature;
    out[at] = 1;
  }
}

function bagsSparse(
  strand: BagStrand,
  rows: Int32Array,
  from: number,
  to: number,
  next: Int32Array,
  indices: Int32Array,
  out: Float64Array,
): void {
  const { codes, offsets, features, values } = strand;
  for (let i = from; i < to; i++) {
    const entry = codes[rows[i]!]! + 1;
    for (let at = offsets[entry]!; at < offsets[entry + 1]!; at++) {
      const place = next[i]!++;
      indices[place] = features[at]!;
      out[place] = values[at]!;
    }
  }
}

function bounded(value: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, value));
}
