import { meanOf } from '../lib/numbers.mjs';
import { pairedInterval } from '../lib/paired-interval.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';
import { contenders } from './detectors.mjs';

const MEASURES = [
  ['averagePrecision', 'average precision'],
  ['rocAuc', 'ROC-AUC'],
];

/** Writes the tables of all cells that there are. */
export function report({ name: file, sets, seeds, cells, machine }) {
  const shapes = sets.map(({ name, rows }) => shapeOf(name, rows));
  const compared = shapes.flatMap((set) => contenders.map((one) => compare(set, one, seeds, cells))).filter(Boolean);
  const byDefault = compared.filter(({ variant }) => !variant);
  const verdicts = MEASURES.map(([measure, words]) => verdict(byDefault, measure, words));
  keepResults(file, {
    title: `How well detectors find the rare class${file.endsWith('further') ? ' of ten further sets' : ''}, beside their peers`,
    machine,
    sections: [
      `${sets.length} sets, ${seeds.length} seeds each: at most 20,000 rows of a set, stratified, 70 % to fit (without labels) and 30 % to test, the same rows on both sides, columns brought to mean 0 and variance 1 by the training rows, a text column as one column of 0 and 1 a level. All detectors as they come, but for nu = 0.1 of the one-class machines and 256 random features on both sides. Differences are ours less the peer's, with the 95 % interval of Nadeau and Bengio's corrected t over the seeds.`,
      "The peer of `pca-reconstruction` is the error with which scikit-learn's `PCA` gives rows back, with the components that explain half the variance on both sides; PyOD's `PCA` measures nearly the distance from the mean whatever is kept, and is held against ours with no component kept.",
      ...verdicts,
      '## What is best on which set',
      'Mean average precision of our detectors, the best of a set in bold; the first row is the share of the rare class, which is what chance gives.',
      bestTable(shapes, compared, 'averagePrecision'),
      'Mean ROC-AUC.',
      bestTable(shapes, compared, 'rocAuc'),
      ...MEASURES.flatMap(([measure, words]) => [`## Beside the peers: ${words}`, peerTable(byDefault, measure)]),
      ...MEASURES.flatMap(([measure, words]) => [
        `## Other settings beside their peers: ${words}`,
        peerTable(
          compared.filter(({ variant }) => variant),
          measure,
        ),
      ]),
      '## What peers could not do',
      failures(compared),
    ],
    figures: { seeds: seeds.length, sets: shapes, compared },
  });
}

function shapeOf(name, { codes, columns }) {
  const rare = codes.reduce((sum, code) => sum + code, 0);
  const test = Math.round(0.3 * codes.length);
  return {
    name,
    rows: codes.length,
    columns,
    rare: rare / codes.length,
    testPerTraining: test / (codes.length - test),
  };
}

function compare(set, { name, peer, variant = false }, seeds, cells) {
  const at = (method, side) => seeds.map((seed) => cells.get({ set: set.name, seed, method, side }));
  const ours = at(name, 'ours');
  const theirs = peer === null ? [] : at(peer, 'peer');
  const done = ours.filter(Boolean);
  if (done.length === 0) return null;
  const pairs = ours.map((one, i) => [one, theirs[i]]).filter(([one, other]) => one && other && !other.error);
  const errors = theirs.filter((cell) => cell?.error);
  const measured = ([measure]) => {
    const differences = pairs.map(([one, other]) => one[measure] - other[measure]);
    return [
      measure,
      {
        ours: meanOf(done.map((one) => one[measure])),
        oursOfPairs: pairs.length > 0 ? meanOf(pairs.map(([one]) => one[measure])) : null,
        peer: pairs.length > 0 ? meanOf(pairs.map(([, other]) => other[measure])) : null,
        difference: pairedInterval(differences, set.testPerTraining),
      },
    ];
  };
  return {
    set: set.name,
    detector: name,
    variant,
    peer: theirs.find(Boolean)?.peer ?? null,
    pairs: pairs.length,
    failed: errors.length > 0 ? { seeds: errors.length, error: errors[0].error } : null,
    ...Object.fromEntries(MEASURES.map(measured)),
  };
}

/** Differences below this are rounding or the order of ties. */
const NOTHING = 1e-3;

function outcome({ difference }) {
  if (!difference) return null;
  if (difference.high < -NOTHING) return 'loss';
  if (difference.low > NOTHING) return 'gain';
  return 'alike';
}

function verdict(compared, measure, words) {
  const of = (which) => compared.filter((one) => outcome(one[measure]) === which);
  const told = (list) => list.map(({ set, detector }) => `${detector} on ${set}`).join('; ');
  const [losses, gains, alike] = ['loss', 'gain', 'alike'].map(of);
  const lost = losses.length === 0 ? 'none' : `${losses.length} (${told(losses)})`;
  return `**Significant loss anywhere, by ${words}: ${lost}.** Significant gains: ${gains.length}; no significant difference: ${alike.length}.`;
}

function bestTable(sets, compared, measure) {
  const value = (set, detector) => compared.find((one) => one.set === set && one.detector === detector)?.[measure].ours;
  const best = new Map(
    sets.map(({ name }) => [name, Math.max(...contenders.map((one) => value(name, one.name) ?? 0))]),
  );
  const row = ({ name }) => {
    const values = sets.map((set) => value(set.name, name));
    const known = values.filter((one) => one !== undefined);
    const cells = sets.map(({ name: set }, i) => {
      if (values[i] === undefined) return '';
      return values[i] >= best.get(set) - 5e-4 ? `**${values[i].toFixed(3)}**` : values[i].toFixed(3);
    });
    return [name, ...cells, known.length > 0 ? meanOf(known).toFixed(3) : ''];
  };
  return markdownTable([
    ['detector', ...sets.map(({ name }) => name), 'mean'],
    ['rare class', ...sets.map(({ rare }) => `${(100 * rare).toPrecision(2)} %`), ''],
    ...contenders.filter(({ name }) => sets.some((set) => value(set.name, name) !== undefined)).map(row),
  ]);
}

function peerTable(compared, measure) {
  const signed = (x) => (Math.abs(x) < 5e-4 ? '0.000' : `${x > 0 ? '+' : '-'}${Math.abs(x).toFixed(3)}`);
  const rows = compared.filter((one) => one[measure].difference !== null);
  return markdownTable([
    ['detector', 'set', 'peer', 'seeds', 'ours', 'theirs', 'difference', '95 %', ''],
    ...contenders.flatMap(({ name }) =>
      rows
        .filter(({ detector }) => detector === name)
        .map(({ set, peer, pairs, [measure]: { oursOfPairs: ours, peer: theirs, difference } }) => {
          const { mean, low, high } = difference;
          const word = { loss: 'loss', gain: 'gain', alike: '' }[outcome({ difference })];
          const interval = `${signed(low)} to ${signed(high)}`;
          return [name, set, peer, pairs, ours.toFixed(3), theirs.toFixed(3), signed(mean), interval, word];
        }),
    ),
  ]);
}

function failures(compared) {
  const failed = compared.filter(({ failed }) => failed !== null);
  if (failed.length === 0) return 'Nothing.';
  const told = failed.map(
    ({ set, peer, failed: { seeds, error } }) => `- ${peer} on ${set}: ${error} (${seeds} seeds)`,
  );
  return [...new Set(told)].join('\n');
}
