import type { Classes, Labels } from '../../data/labels.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { randomStream } from '../../runtime/random.ts';
import { classCounts, quoted, rowsByClass } from '../class-counts.ts';
import { checkWhole } from '../options.ts';
import { type PlainLabels, readLabels } from '../plain/plain-labels.ts';
import { evenRows } from './even-rows.ts';
import { quotaDealer } from './quota-dealer.ts';

export interface BatchOptions {
  /** One label a row: an array of numbers, strings or truth values, or labels of the library. */
  readonly labels: Labels | PlainLabels;
  /** Rows a batch. Default 32. */
  readonly batchSize?: number | undefined;
  /** Batches an epoch. Default: as many as go through as many rows as there are, rounded up; so at least one. */
  readonly batches?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

/** Batches of row indices, drawn anew every epoch. */
export interface BatchStream {
  readonly name: string;
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly notices: readonly Notice[];
  /** Numbers sorted by value, strings by code unit. */
  readonly classes: Classes;
  /** What part of an epoch's rows is of each class, in the order of the classes. */
  shares(epoch: number): Float64Array;
  /**
   * The batches of the epoch with this number, from 0 on, each `batchSize` row indices in random order. The same number
   * gives the same batches, however often and in whatever order epochs are asked for. Throws `bad-option`.
   */
  epoch(epoch: number): Iterable<Int32Array>;
}

export interface BatchPlan extends BatchOptions {
  readonly name: string;
  /** Shares of the classes in an epoch, given how many rows each class has; they sum to 1, those of absent classes are 0. */
  sharesOf(counts: Int32Array, epoch: number): Float64Array;
}

/** Labels of the library, read where they are a plain array. Throws `bad-labels`, `missing-label`, `mixed-labels`. */
export function labelsOf(labels: Labels | PlainLabels): Labels {
  const isLabels = typeof labels === 'object' && labels !== null && 'codes' in labels;
  return isLabels ? labels : readLabels(labels).labels;
}

/**
 * The frame of all batch streams. Each batch has of each class its share of the batch size, rounded so that the counts of any
 * number of batches in a row stay within one row of the share for two classes, and close to it for more. Within an epoch
 * the rows of a class are used equally often, give or take one, and none twice in a batch unless the class has fewer rows
 * than the batch takes of it (notice `rows-repeated`).
 *
 * Throws `too-few-rows` without rows, `bad-labels`, `missing-label`, `mixed-labels`, `bad-option`.
 */
export function batchStream(plan: BatchPlan): BatchStream {
  const { name, batchSize = 32, seed = 0, batches, sharesOf } = plan;
  checkWhole('batchSize', batchSize, 1);
  checkWhole('batches', batches, 1);
  randomStream(seed);
  const labels = labelsOf(plan.labels);
  const counts = classCounts(labels);
  const rows = labels.codes.length;
  if (rows === 0) throw new CounterweightError('too-few-rows', 'there are no rows to make batches of');
  const members = rowsByClass(labels, counts);
  const batchesPerEpoch = batches ?? Math.ceil(rows / batchSize);
  const shares = (epoch: number) => {
    checkWhole('epoch', epoch, 0);
    return sharesOf(counts, epoch);
  };
  return Object.freeze({
    name,
    batchSize,
    batchesPerEpoch,
    notices: repeated(labels, counts, mostOf(shares(0), shares(Number.MAX_SAFE_INTEGER)), batchSize),
    classes: labels.classes,
    shares,
    epoch: (epoch: number) => draw(shares(epoch), members, { name, batchSize, batchesPerEpoch, seed, epoch }),
  });
}

interface Draw {
  readonly name: string;
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly seed: number;
  readonly epoch: number;
}

function* draw(shares: Float64Array, members: readonly Int32Array[], by: Draw): Iterable<Int32Array> {
  const stream = randomStream(by.seed, by.name, by.epoch);
  const drawers = members.map((rows) => evenRows(rows, stream.child('class', rows[0] ?? -1)));
  const order = stream.child('order');
  const deal = quotaDealer(shares, by.batchSize);
  for (let batch = 0; batch < by.batchesPerEpoch; batch++) {
    const rows = new Int32Array(by.batchSize);
    let end = 0;
    for (const [code, count] of deal().entries()) {
      drawers[code]!(count, rows, end);
      end += count;
    }
    yield order.shuffle(rows);
  }
}

/** Shares change in one direction from epoch to epoch, so the first and the last hold the largest. */
function mostOf(first: Float64Array, last: Float64Array): Float64Array {
  return first.map((share, code) => Math.max(share, last[code]!));
}

function repeated({ classes }: Labels, counts: Int32Array, shares: Float64Array, batchSize: number): Notice[] {
  return classes.flatMap((label, code) => {
    const taken = Math.ceil(shares[code]! * batchSize - 1e-9);
    const rows = counts[code]!;
    if (taken <= rows) return [];
    return {
      code: 'rows-repeated',
      severity: 'info' as const,
      message: `class ${quoted(label)} has ${rows} rows and a batch takes up to ${taken} of it, so rows occur more than once in a batch`,
      class: label,
      numbers: { rows, taken },
    };
  });
}
