import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from '../src/lib/table.mjs';
import { peers } from './peers.mjs';
import { sections } from './sections.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** docs/defects.md from the figures that the bench found and the examples as they stand in the files. */
export function defectsPage({ cases }) {
  const parts = sections.flatMap(({ title, file, cases: own, closing }) => [
    `## ${title}`,
    ...own.map((one) => example(one, cases[one.id], readFileSync(join(folder, 'cases', file), 'utf8'))),
    ...(closing ? [closing] : []),
  ]);
  return `${[...opening(cases), ...parts, ...ending].join('\n\n')}\n`;
}

function opening(cases) {
  return [
    '# Where other libraries err',
    'Each example was run with the package as it installs, in the version that is named, and with Counterweight; the truth beside them comes from the definition, written out plainly or worked by hand. `npm run bench -- defects` runs all of them again and writes this page; a test holds our answers and the page to the figures that it kept. The packages named here are good and we have learned from all of them; where one has mended what we found, the table says so. `core` is `@counterweight/core`; small helpers such as `rows`, `column` and `labels`, and the numbers that examples share, stand in `bench/defects/cases`.',
    'What every package gave over all examples, in its newest version:',
    summary(cases),
  ];
}

function summary(cases) {
  const rows = Object.entries(peers).map(([key, { name }]) => {
    const answers = sections
      .flatMap(({ cases: own }) => own)
      .filter(({ peer }) => peer === key)
      .map(({ id }) => cases[id].theirs);
    const newest = answers.map((one) => one.at(-1));
    const count = (verdict) => newest.filter((one) => one.verdict === verdict).length;
    const mended = answers.filter(
      (one) => one.length > 1 && one[0].verdict !== 'right' && one.at(-1).verdict === 'right',
    );
    return [
      `${name} ${newest[0].version}`,
      newest.length,
      count('wrong'),
      count('no answer'),
      count('right') - mended.length,
      mended.length,
      count(''),
    ];
  });
  const header = ['package', 'examples', 'wrong', 'no answer', 'right', 'mended since an older version', 'not offered'];
  return markdownTable([header, ...rows]);
}

function example({ id, title, about, how, peer }, found, source) {
  const said = found.theirs.map(({ version, verdict, ...given }) => [
    `${peers[peer].name} ${version}`,
    shown(given),
    verdict,
  ]);
  const ours = found.ours === null ? [] : [['Counterweight', shown(found.ours), found.verdict]];
  const truth =
    how === '' ? [] : [[`the truth: ${how}`, found.truth === null ? '' : shown({ answer: found.truth }), '']];
  return [
    `### ${title}`,
    about,
    `\`\`\`python\n${cellOf(peers[peer].file, id)}\n\`\`\``,
    ...(found.ours === null ? [] : [`\`\`\`js\n${oursOf(source, id)}\n\`\`\``]),
    markdownTable([['', 'answer', ''], ...said, ...ours, ...truth]),
  ].join('\n\n');
}

function shown({ answer, error }) {
  if (error !== undefined) return error.length > 120 ? `${error.slice(0, 117)}...` : error;
  return JSON.stringify(answer, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(7)) : value))
    .replaceAll(',', ', ')
    .replaceAll('"', '');
}

/** A cell's code as it runs. */
function cellOf(file, id) {
  const parts = readFileSync(join(folder, 'cells', file), 'utf8').split(/^# %% (\S+)\n/m);
  return parts[parts.indexOf(id) + 1].trim();
}

/** The source of our side of an example, as the file has it. */
function oursOf(source, id) {
  const start = source.indexOf('    ours: ', source.indexOf(`id: '${id}'`)) + '    ours: '.length;
  const code = source.slice(start, source.indexOf('\n    truth: ', start)).replace(/,$/, '');
  return code.replaceAll('\n    ', '\n');
}

const ending = [
  '## Said of others, and not shown here',
  [
    '- **crepes, speed.** Its p-values are right, by a loop in Python over rows and classes. `npm run bench -- conformal` times them beside ours (`bench/results/conformal.md`).',
    '- **The authors’ code of BI3** (Lu, Cheung and Tang, 2019) is no package and cannot be installed; by its source it takes the first neighbour for the row itself, which fails among equal rows. `bayesImbalanceImpact` leaves a row out by its number.',
    '- **scikit-learn, `TunedThresholdClassifierCV`** gives one threshold and no spread over the folds; `foldThresholds` gives both.',
    '- **imbalanced-learn** has no correction of probabilities after resampling; the example above shows what that costs, `npm run bench -- evidence` how much over repeated draws.',
    '- **imbalanced-learn, speed.** Its k-d tree degenerates on 287,618 rows of 15 standardised columns: 187 s for one nearest neighbour each. `npm run bench -- resample` times it beside ours (`bench/results/resample.md`).',
    '- **imbalanced-learn, `Pipeline.fit_resample`** ending in `passthrough` gives the rows without their labels; we have no step that does nothing.',
    '- **smote_variants, `G_SMOTE`** takes a row of the matrix of eigenvectors where the column is meant; we have another method of that name, Geometric SMOTE.',
    '- **MAPIE, Kolmogorov-Smirnov and Kuiper tests of calibration** add a fixed random jitter to the scores; we have neither test.',
    '- **problexity, T1 among equal rows.** We had noted from its source that it never ends there. It does end; it fails on long chains, as shown.',
  ].join('\n'),
  '## How to run them again',
  'The packages want different companions, so each has a virtual environment of its own, in one folder. `--install` makes what is missing.',
  '```\nnpm run build\nnpm run bench -- defects --environments FOLDER --install\n```',
  'What is installed stands in `bench/defects/peers.mjs`, the examples in `bench/defects/cells` and `bench/defects/cases`. `VennABERS.py` of the repository ptocca/VennABERS is to be laid into the environment `ptocca` by hand. TorchCP imports torchsort for a training loss; where that cannot be built, an empty stand-in takes its place.',
];
