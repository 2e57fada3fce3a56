import * as core from '@counterweight/core';
import { meanOf, median } from '../lib/numbers.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';
import { plain } from './methods.mjs';

const figures = ['averagePrecision', 'rocAuc', 'brier', 'corrected', 'constant', 'seconds'];

/** Writes results/NAME.{json,md} from the cells that there are. */
export function report({
  name = 'ensemble-evidence',
  title = 'Learners and ensembles, beside their peers and beside doing nothing',
  methods,
  sets,
  seeds,
  cells,
  machine,
  quiet,
  portfolios = [],
}) {
  const results = sets.flatMap((set) => methods.map((method) => gathered(set, method, seeds, cells)));
  const used = sets.filter((set) => results.some((one) => one.set === set.name && one.ours.seeds.length > 1));
  const at = new Map(results.map((one) => [`${one.set}|${one.method}`, one]));
  const of = (set, method) => at.get(`${set.name}|${method.name ?? method}`);
  const told = { sets: used, methods, of };
  keepResults(name, {
    title,
    machine,
    quiet,
    inlineNumbers: true,
    sections: [
      introduction(results, methods, seeds),
      setTable(used),
      ...besidePeers(told),
      ...losses(told),
      ...besidePlain(told),
      ...missed(told, portfolios),
      ...levels(told),
      ...probabilities(told),
      failures(results),
    ].filter(Boolean),
    figures: {
      sets: used.map(aboutSet),
      results: results.map(({ ours, peer, ...about }) => ({ ...about, ours: rounded(ours), peer: rounded(peer) })),
    },
  });
}

function gathered(set, { name }, seeds, cells) {
  const side = (side) => {
    const found = seeds.map((seed) => cells.get({ set: set.name, seed, method: name, side })).filter(Boolean);
    const good = found.filter(({ error }) => !error);
    return {
      seeds: good.map(({ seed }) => seed),
      ...Object.fromEntries(figures.map((figure) => [figure, good.map((cell) => cell[figure])])),
      errors: [...new Set(found.flatMap(({ error }) => error ?? []))],
      version: good.at(-1)?.version,
    };
  };
  return { set: set.name, method: name, ours: side('ours'), peer: side('peer') };
}

/** Interval of the differences of two sides over the seeds that both have; null where fewer than two. */
function compared(set, one, other, figure = 'averagePrecision') {
  const seeds = one.seeds.filter((seed) => other.seeds.includes(seed));
  if (seeds.length < 2) return null;
  const value = (side, seed) => side[figure][side.seeds.indexOf(seed)];
  const differences = seeds.map((seed) => value(one, seed) - value(other, seed));
  const { trainRows, testRows } = sizes(set);
  return { ...core.correctedInterval({ differences, trainRows, testRows }), seeds: seeds.length };
}

const isLoss = (interval) => interval !== null && interval.high < 0;
const isGain = (interval) => interval !== null && interval.low > 0;

function sizes({ rows }) {
  const testRows = Math.round(0.3 * rows.codes.length);
  return { testRows, trainRows: rows.codes.length - testRows };
}

function aboutSet({ name, rows: { codes, columns, classes }, keepRarest }) {
  const counts = core.classCounts({ codes, classes });
  const rarest = Math.min(...counts);
  return {
    name,
    rows: codes.length,
    columns,
    classes: classes.length,
    rarest,
    ratio: Math.max(...counts) / rarest,
    keepRarest,
  };
}

/** Said because a reader cannot see it in the numbers. */
const chosenHere =
  'Not a blind test for ours throughout: the leaf bound of boosting, the bins of trees and forests by class, the bootstrap before over-sampling in bags, how strongly costs go into AdaCost, AdaC1 to 3 and AdaUBoost, and AsymBoost and BalanceCascade as they are now were settled on draws from these sets, so that rows of these methods are somewhat kind to them; the other 35 sets (portfolio.md) had no part in it.';

function introduction(results, methods, seeds) {
  const versions = new Map();
  for (const { method, peer } of results) {
    const { library } = methods.find(({ name }) => name === method);
    if (peer.version) versions.set(library, peer.version);
  }
  const peers = [...versions].map(([library, version]) => `${library} ${version}`).join(', ');
  return `${peers ? `Peers: ${peers}. ${chosenHere} ` : ''}${seeds.length} seeds; each draws a stratified split, 7 rows in 10 for training, which both sides share, and seeds the methods. Empty cells get the median, columns are standardised by the training part, categories become columns of 0 and 1. Defaults of each side, with as many members on both. Average precision of the rarer class, or its mean over the classes one against the rest. Intervals are of 95 %, paired over the seeds, by the corrected t of Nadeau and Bengio. Seconds are processor time of fits on one thread, on a machine in use by others.`;
}

const setTable = (sets) =>
  markdownTable([
    ['set', 'rows', 'columns', 'classes', 'rows of the rarest', 'largest to rarest'],
    ...sets
      .map(aboutSet)
      .map((one) => [
        one.keepRarest ? `${one.name} (other rows drawn)` : one.name,
        one.rows,
        one.columns,
        one.classes,
        one.rarest,
        `${one.ratio.toFixed(one.ratio < 10 ? 1 : 0)} to 1`,
      ]),
  ]);

function besidePeers({ sets, methods, of }) {
  const rows = methods.flatMap((method) => {
    const found = sets.flatMap((set) => {
      const one = of(set, method);
      const interval = compared(set, one.ours, one.peer);
      return interval ? [{ set, one, interval }] : [];
    });
    return found.length > 0 ? [{ method, found }] : [];
  });
  if (rows.length === 0) return [];
  const cell = ({ found }, set) => difference(found.find((one) => one.set === set)?.interval ?? null);
  return [
    '## Beside the peer',
    'Mean difference of average precision, ours less theirs, over all sets; sets on which its interval lies above or below 0; processor time of our fit in theirs (geometric mean over sets).',
    markdownTable([
      ['method', 'peer', 'difference', 'sets', 'gains', 'losses', 'time'],
      ...rows.map(({ method, found }) => [
        method.name,
        method.library,
        signed(meanOf(found.map(({ interval }) => interval.mean))),
        found.length,
        found.filter(({ interval }) => isGain(interval)).length,
        found.filter(({ interval }) => isLoss(interval)).length,
        `${short(Math.exp(meanOf(found.map(({ one }) => Math.log(meanOf(one.ours.seconds) / meanOf(one.peer.seconds))))))} x`,
      ]),
    ]),
    'A set each: the difference ± half its interval; **bold** where the interval is on one side of 0.',
    markdownTable([
      ['method', ...sets.map(({ name }) => name)],
      ...rows.map((row) => [row.method.name, ...sets.map((set) => cell(row, set))]),
    ]),
  ];
}

function losses({ sets, methods, of }) {
  const all = methods.flatMap((method) =>
    sets.flatMap((set) => {
      const one = of(set, method);
      const interval = compared(set, one.ours, one.peer);
      return interval ? [{ method, set, one, interval }] : [];
    }),
  );
  if (all.length === 0) return [];
  const adjusted = holm(all);
  const lost = all.map((one, i) => ({ ...one, p: adjusted[i] })).filter(({ interval }) => isLoss(interval));
  const text = `**Significant losses: ${lost.length} of ${all.length} comparisons** (by chance alone 2.5 % of them would be expected, ${Math.round(0.025 * all.length)}); gains: ${all.filter(({ interval }) => isGain(interval)).length}. Losses that stay significant among all comparisons (Holm): ${lost.filter(({ p }) => p < 0.05).length}.`;
  if (lost.length === 0) return [text];
  return [
    text,
    markdownTable([
      ['method', 'set', 'ours', 'peer', 'difference', 'p', 'p by Holm'],
      ...lost.map(({ method, set, one, interval, p }) => [
        method.name,
        set.name,
        meanOf(one.ours.averagePrecision).toFixed(4),
        meanOf(one.peer.averagePrecision).toFixed(4),
        difference(interval),
        short(interval.pValue),
        short(p),
      ]),
    ]),
  ];
}

/** Holm's step-down p-values (1979). */
function holm(all) {
  const order = all.map((_, i) => i).sort((a, b) => all[a].interval.pValue - all[b].interval.pValue);
  const adjusted = new Float64Array(all.length);
  let most = 0;
  order.forEach((i, rank) => {
    most = Math.max(most, Math.min(1, all[i].interval.pValue * (all.length - rank)));
    adjusted[i] = most;
  });
  return adjusted;
}

function besidePlain({ sets, methods, of }) {
  const rows = methods.map((method) => {
    const against = plain.map((name) => {
      const intervals = sets.flatMap((set) => compared(set, of(set, method).ours, of(set, name).ours) ?? []);
      return { name, intervals };
    });
    return { method, against, time: relativeTime(sets, of, method), rank: meanRank(sets, methods, of, method) };
  });
  const cell = ({ intervals }, name, method) =>
    name === method || intervals.length === 0
      ? ''
      : `${signed(meanOf(intervals.map((interval) => interval.mean)))} (${intervals.filter(isGain).length} / ${intervals.filter(isLoss).length})`;
  return [
    '## Beside doing nothing about the imbalance',
    `Ours alone. Mean difference of average precision from that of each plain learner over all sets, and in brackets the sets with a significant gain / loss; mean rank among all ${methods.length} methods; processor time of the fit in that of gradient boosting (geometric mean). Resampling and weights do not change what the learner is; ensembles stand alone.`,
    markdownTable([
      ['method', 'mean rank', ...plain.map((name) => `less ${name}`), 'time'],
      ...rows
        .sort((a, b) => a.rank - b.rank)
        .map(({ method, against, time, rank }) => [
          method.name,
          rank.toFixed(1),
          ...against.map((one) => cell(one, one.name, method.name)),
          `${short(time)} x`,
        ]),
    ]),
  ];
}

/** How far the best of a few methods stays behind the best of all. */
function missed({ sets, methods, of }, portfolios) {
  if (portfolios.length === 0) return [];
  const level = (set, name) => meanOf(of(set, name).ours.averagePrecision);
  const best = (set, names) => Math.max(...names.map((name) => level(set, name)));
  const all = methods.map(({ name }) => name);
  return [
    '## What a few methods miss',
    'Average precision of the best of all methods on a set less that of the best of these, mean over the sets. As the best is picked on the test parts, all figures are too large by what chance gives the winner.',
    markdownTable([
      ['compared', 'missed'],
      ...portfolios.map((names) => [
        names.join(', '),
        meanOf(sets.map((set) => best(set, all) - best(set, names))).toFixed(4),
      ]),
    ]),
  ];
}

function meanRank(sets, methods, of, method) {
  const ranks = sets.map((set) => {
    const level = (one) => meanOf(of(set, one).ours.averagePrecision);
    const own = level(method);
    return (
      1 +
      methods.filter((other) => level(other) > own).length +
      methods.filter((other) => level(other) === own).length / 2 -
      0.5
    );
  });
  return meanOf(ranks);
}

const relativeTime = (sets, of, method) =>
  Math.exp(
    meanOf(
      sets.map((set) =>
        Math.log(meanOf(of(set, method).ours.seconds) / meanOf(of(set, 'gradient-boosting').ours.seconds)),
      ),
    ),
  );

function levels({ sets, methods, of }) {
  const best = new Map(
    sets.map((set) => [set, Math.max(...methods.map((method) => meanOf(of(set, method).ours.averagePrecision) || 0))]),
  );
  const cell = (set, method) => {
    const value = meanOf(of(set, method).ours.averagePrecision);
    return value === best.get(set) ? `**${value.toFixed(3)}**` : Number.isNaN(value) ? '' : value.toFixed(3);
  };
  return [
    '## Average precision of ours',
    markdownTable([
      ['method', ...sets.map(({ name }) => name)],
      ...methods.map((method) => [method.name, ...sets.map((set) => cell(set, method))]),
    ]),
  ];
}

function probabilities({ sets, methods, of }) {
  const skill = (one, figure) => 1 - meanOf(one.ours[figure]) / meanOf(one.ours.constant);
  const rows = methods.map((method) => {
    const ofFigure = (figure) => sets.map((set) => skill(of(set, method), figure));
    return [method.name, ofFigure('brier'), ofFigure('corrected')];
  });
  return [
    '## Probabilities of ours',
    'Brier skill: 1 less the Brier score over that of always saying the share of the class; 1 is perfect, below 0 is worse than knowing nothing. Median and worst over the sets, of the probabilities as they come and after the correction for the classes of equal size that a method saw.',
    markdownTable([
      ['method', 'median', 'worst', 'corrected median', 'corrected worst'],
      ...rows.map(([name, raw, corrected]) => [
        name,
        signed(median(raw), 2),
        signed(Math.min(...raw), 2),
        ...(raw.every((value, i) => value === corrected[i])
          ? ['', '']
          : [signed(median(corrected), 2), signed(Math.min(...corrected), 2)]),
      ]),
    ]),
  ];
}

function failures(results) {
  const lines = results.flatMap(({ set, method, ours, peer }) => [
    ...ours.errors.map((error) => `- ${method} on ${set}, ours: ${error}`),
    ...peer.errors.map((error) => `- ${method} on ${set}, the peer: ${error}`),
  ]);
  return lines.length > 0 ? ['## What failed', '', ...lines].join('\n') : '';
}

const signed = (value, digits = 4) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const short = (value) => Number(value.toPrecision(2)).toString();

function difference(interval) {
  if (interval === null) return '';
  const text = `${signed(interval.mean, 3)} ± ${((interval.high - interval.low) / 2).toFixed(3)}`;
  return isGain(interval) || isLoss(interval) ? `**${text}**` : text;
}

function rounded({ errors: _, ...side }) {
  const brief = (value) => Number(value?.toPrecision(5));
  const lists = Object.fromEntries(figures.map((figure) => [figure, side[figure].map(brief)]));
  return side.seeds.length > 0 ? { ...lists, version: side.version } : undefined;
}
