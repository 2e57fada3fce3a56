import { alternate, measureSuccess } from '../lib/measure.mjs';
import { brief, busyWarning, medians, megabytes, seconds } from '../lib/numbers.mjs';
import { commandLine, peerScript, plainCsv, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'the whole of diagnose beside one exact 5-NN pass of scikit-learn';

export const options = {
  set: { type: 'string', default: 'fdh_simulated_fraud', help: 'data set (default fdh_simulated_fraud)' },
  target: { type: 'string', default: 'TX_FRAUD', help: 'its target (default TX_FRAUD)' },
};

/** Ours is a whole process from start to end; the peer's time is that of the search alone, once: it takes minutes. */
export async function run({ options, runs, python, data, machine, log }) {
  if (data === null) throw new Error('the data sets are needed: --data DIR');
  return withTemporaryFolder(async (folder) => {
    const file = plainCsv(data, options.set, folder);
    if (file === null) throw new Error(`there is no ${options.set} in ${data}`);
    const [program, entry] = commandLine();
    const command = (...more) => [
      entry,
      'diagnose',
      file,
      '--target',
      options.target,
      '--quiet',
      '--threads',
      '2',
      ...more,
    ];
    const contenders = [
      { name: 'diagnose', start: () => measureSuccess(program, command()) },
      { name: 'diagnose --quick', start: () => measureSuccess(program, command('--quick')) },
      {
        name: 'diagnose --html',
        start: () => measureSuccess(program, command('--html', `${folder}/page.html`)),
      },
    ];
    const measured = await alternate(contenders, runs, (name, turn, one) =>
      log(`${name}, run ${turn + 1}: ${seconds(one.seconds)}, ${megabytes(one.peakBytes)}`),
    );
    const results = [...measured].map(([name, all]) => ({ name, ...medians(all) }));
    const whole = await measureSuccess(program, command('--rows', `${folder}/rows.parquet`));
    log(`diagnose --rows: ${seconds(whole.seconds)}, ${megabytes(whole.peakBytes)}`);
    results.push({ name: 'diagnose --rows (around every row)', ...medians([whole]) });
    const peer = python ? await passOfPeer(python, file, options.target, log) : null;
    const mine = results[0].seconds;
    keepResults('diagnose', {
      title: 'diagnose, beside one neighbour search of scikit-learn',
      machine,
      sections: [
        `\`diagnose\` of ${options.set}: reading, columns, leaks, duplicates, neighbourhoods of 20,000 rows among all, every measure of difficulty, advice. Whole processes, start-up included, two threads, ${runs} runs taken in turn, medians; with \`--rows\` once. ${
          peer === null
            ? 'There was no Python for the peer.'
            : `The peer finds the 5 nearest rows of each of ${peer.rows.toLocaleString('en')} rows of ${peer.columns} standardised columns, \`NearestNeighbors(n_neighbors=6, n_jobs=2)\`, by ${peer.algorithm}, the fastest of its algorithms on ${peer.probe.toLocaleString('en')} queries (${Object.entries(
                peer.probes,
              )
                .map(([name, value]) => `${name} ${seconds(value)}`)
                .join(', ')}); the search alone, once.`
        } Processor time is that of all threads together; it hardly hangs on what else the machine does.`,
        markdownTable([
          ['contender', 'time', 'time / diagnose', 'processor time', 'of diagnose', 'peak memory'],
          ...[...results, ...(peer === null ? [] : [{ name: 'scikit-learn, one 5-NN pass', ...peer }])].map((one) => [
            one.name,
            seconds(one.seconds),
            brief(one.seconds / mine),
            one.cpuSeconds === null ? 'not known' : seconds(one.cpuSeconds),
            one.cpuSeconds === null ? '' : brief(one.cpuSeconds / results[0].cpuSeconds),
            one.peakBytes === undefined ? '' : megabytes(one.peakBytes),
          ]),
        ]),
        ...busyWarning(results),
      ],
      figures: { set: options.set, results, peer },
    });
  });
}

async function passOfPeer(python, file, target, log) {
  const peer = JSON.parse(
    (await measureSuccess(python, [peerScript('neighbours.py'), file, '--target', target])).stdout,
  );
  log(`scikit-learn, ${peer.algorithm}: ${seconds(peer.seconds)}`);
  return peer;
}
