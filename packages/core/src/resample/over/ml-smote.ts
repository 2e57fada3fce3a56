import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { randomStream } from '../../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../../runtime/run-options.ts';
import { largestRemainder } from '../allocate.ts';
import { checkFinite, checkOptions, checkWhole, checkWord } from '../options.ts';
import { replayProvenance, replayRows } from '../replay.ts';
import type { Provenance } from '../resampler.ts';
import type { SamplingTarget } from '../sampling-strategy.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import {
  checkMultiLabels,
  type LabelImbalance,
  labelImbalance,
  type MultiLabelDataset,
  type MultiLabelResampled,
  type MultiLabelResampler,
  type MultiLabels,
} from './multi-label.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { copiesInTurn, emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { neighboursFor, type OnTooFewRows, onTooFewRows } from './too-few-rows.ts';

export interface MlSmoteOptions {
  /** Neighbours among the rows that have the label too. Default 5. */
  readonly kNeighbors?: number | undefined;
  /**
   * Which labels a new row has: `ranking` (the default) those of more than half of its base and the base's neighbours,
   * `intersection` those of all of them, `union` those of any.
   */
  readonly labelRule?: 'ranking' | 'intersection' | 'union' | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** At most so many new rows in all, shared over the rare labels in proportion to their rows by largest remainder. */
  readonly maxNew?: number | undefined;
  /** What happens to a rare label that has at most `kNeighbors` rows; see `SmoteOptions`. Default `random`. */
  readonly onTooFew?: OnTooFewRows | undefined;
}

const name = 'ml-smote';

/**
 * MLSMOTE: SMOTE for rows with any number of labels. Each row of each rare label becomes the base of a new row.
 *
 * A label is rare if its IRLbl is above MeanIR (`labelImbalance`), both of the rows as given; the paper works IRLbl out again after
 * each label, so that the order of the labels matters. For each rare label: every row that has it is moved towards one of its
 * `kNeighbors` nearest rows that have it, by one gap (the paper draws one a feature); the new row's labels come from the base
 * and all those neighbours. The rare label itself is always among them.
 *
 * Output: all input rows in their order, then the new rows, label after label; weights are interpolated, groups the base's. A
 * rare label of one row gets a copy, with the notice `copied-instead`, unless `onTooFew` says otherwise. Labels are no classes, so
 * this is no `Resampler`.
 *
 * Charte, Rivera, del Jesus and Herrera, "MLSMOTE: approaching imbalanced multilabel learning through synthetic instance
 * generation", Knowledge-Based Systems 89 (2015). Throws `bad-labels`, `shape-mismatch`, `not-finite`, `too-few-rows`,
 * `distance-overflow`; `bad-option`.
 */
export function mlSmote(options: MlSmoteOptions = {}): MultiLabelResampler {
  checkOptions(name, options, ['kNeighbors', 'labelRule', 'seed', 'maxNew', 'onTooFew']);
  checkWhole('kNeighbors', options.kNeighbors, 1);
  checkWhole('maxNew', options.maxNew, 0);
  checkWord('labelRule', options.labelRule, ['ranking', 'intersection', 'union']);
  checkWord('onTooFew', options.onTooFew, onTooFewRows);
  return Object.freeze({
    name,
    resample: (data: MultiLabelDataset, run: RunOptions = {}) => resample(data, options, run),
  });
}

async function resample(
  data: MultiLabelDataset,
  options: MlSmoteOptions,
  run: RunOptions,
): Promise<MultiLabelResampled> {
  const { kNeighbors = 5, onTooFew = 'random' } = options;
  throwIfAborted(run.signal);
  checkRows(data);
  const { labels } = data;
  const notices: Notice[] = [];
  const targets = rareLabels(labels, labelImbalance(labels), options.maxNew, notices);
  const neighbourCounts = targets.map((target) => neighboursFor(target, { kNeighbors, onTooFew }, notices));
  const made: Made[] = [];
  for (const [done, target] of targets.entries()) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: name, done, total: targets.length });
    made.push(await addTo(data, target, neighbourCounts[done]!, options, run));
  }
  run.onProgress?.({ task: name, done: targets.length, total: targets.length });
  return assembleLabelled(data, made, notices);
}

function checkRows({ X, labels, weights, groups }: MultiLabelDataset): void {
  checkMultiLabels(labels);
  const rows = labels.indicators.length / labels.names.length;
  for (const [what, length] of [
    ['rows of labels', rows],
    ['weights', weights?.length],
    ['groups', groups?.length],
  ] as const) {
    if (length === undefined || length === X.rows) continue;
    throw new CounterweightError('shape-mismatch', `${X.rows} rows but ${length} ${what}`);
  }
  checkFinite(X, name);
}

/** The labels that get rows, and how many each. */
function rareLabels(
  { names }: MultiLabels,
  { counts, irLbl, meanIr }: LabelImbalance,
  maxNew: number | undefined,
  notices: Notice[],
): SamplingTarget[] {
  const rare = [...names.keys()].filter((label) => counts[label]! > 0 && irLbl[label]! > meanIr);
  if (rare.length === 0) {
    notices.push({
      code: 'nothing-to-resample',
      severity: 'info',
      message: 'no row was added: no label is rarer than the labels are on average',
    });
  }
  const sizes = rare.map((label) => counts[label]!);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const within = maxNew === undefined || total <= maxNew;
  if (!within) {
    notices.push({
      code: 'max-new-reached',
      severity: 'warning',
      message: `${maxNew} rows are added instead of ${total}, as maxNew asks`,
      numbers: { asked: total, added: maxNew },
    });
  }
  const shares = within ? sizes : largestRemainder(maxNew, sizes);
  return rare
    .map((code, i) => ({ code, label: names[code]!, rows: counts[code]!, count: shares[i]! }))
    .filter(({ count }) => count > 0);
}

interface Made {
  readonly block: SyntheticBlock;
  /** `rows × labels`. */
  readonly indicators: Uint8Array;
}

async function addTo(
  { X, labels }: MultiLabelDataset,
  { code, count }: SamplingTarget,
  k: number,
  options: MlSmoteOptions,
  run: RunOptions,
): Promise<Made> {
  const { names, indicators } = labels;
  const width = names.length;
  const bag = Int32Array.from({ length: X.rows }, (_, row) => row).filter(
    (row) => indicators[row * width + code] === 1,
  );
  const made = new Uint8Array(count * width);
  if (k === 0) {
    const block = copiesInTurn(count, bag);
    block.source.forEach((row, i) => {
      made.set(indicators.subarray(row * width, (row + 1) * width), i * width);
    });
    return { block, indicators: made };
  }
  const reference = selectNumericRows(X, bag);
  const { indices } = await findNeighbours({ run }, reference, Int32Array.from(bag.keys()), k);
  const stream = randomStream(options.seed ?? 0, name, 'label', code);
  const chosen = repeated(shareByWeight(count, new Uint8Array(bag.length).fill(1), stream));
  const block = emptyBlock(count);
  const rule = wanted(options.labelRule ?? 'ranking', k + 1);
  for (let i = 0; i < count; i++) {
    const position = chosen[i]!;
    const near = indices.subarray(position * k, (position + 1) * k);
    block.base[i] = bag[position]!;
    block.neighbour[i] = bag[near[stream.integer(k)]!]!;
    block.gap[i] = stream.uniform();
    for (let label = 0; label < width; label++) {
      let having = indicators[bag[position]! * width + label]!;
      for (const other of near) having += indicators[bag[other]! * width + label]!;
      made[i * width + label] = having >= rule ? 1 : 0;
    }
  }
  return { block, indicators: made };
}

/** How many of so many rows must have a label for the new row to have it. */
function wanted(rule: 'ranking' | 'intersection' | 'union', rows: number): number {
  if (rule === 'union') return 1;
  return rule === 'intersection' ? rows : Math.floor(rows / 2) + 1;
}

function assembleLabelled(
  { X, labels, weights, groups }: MultiLabelDataset,
  made: readonly Made[],
  notices: readonly Notice[],
): MultiLabelResampled {
  const rows = made.reduce((total, { block }) => total + block.source.length, X.rows);
  const all = emptyBlock(rows);
  const indicators = new Uint8Array(rows * labels.names.length);
  for (let row = 0; row < X.rows; row++) all.source[row] = row;
  indicators.set(labels.indicators);
  let end = X.rows;
  for (const { block, indicators: own } of made) {
    for (const side of ['source', 'base', 'neighbour', 'gap'] as const) all[side].set(block[side], end);
    indicators.set(own, end * labels.names.length);
    end += block.source.length;
  }
  const provenance: Provenance = Object.freeze({ ...all, dropped: new Int32Array(0) });
  const data: MultiLabelDataset = Object.freeze({
    X: replayRows(provenance, X),
    labels: Object.freeze({ names: labels.names, indicators }),
    ...(weights && { weights: replayProvenance(provenance, weights, { synthetic: 'interpolate' }) }),
    ...(groups && { groups: replayProvenance(provenance, groups) }),
  });
  return Object.freeze({ data, provenance, notices });
}
