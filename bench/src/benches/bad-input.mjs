import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badInputs, longTable, smallTable } from '../lib/bad-inputs.mjs';
import { measure } from '../lib/measure.mjs';
import { megabytes, seconds } from '../lib/numbers.mjs';
import { commandLine, filesBelow, made, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'every kind of bad input: exit code, the one line, nothing left behind';

export const options = {
  only: { type: 'string', help: 'cases whose name contains this' },
};

const outputs = ['model.json', 'predictions.parquet', 'report.html', 'report.json'];

/** Ends with 1 if a case does not end as it should. */
export async function run({ options, machine, log }) {
  const results = [];
  const wanted = (name) => !options.only || name.includes(options.only);
  await withTemporaryFolder(async (folder) => {
    const note = (result) => {
      results.push(result);
      log(
        `${result.good ? 'good' : 'BAD '}  ${result.name}: ${result.code} ${result.line} ${result.problems.join('; ')}`,
      );
    };
    for (const [index, item] of badInputs.entries()) {
      if (wanted(item.name)) note({ name: item.name, ...(await tryInput(item, made(folder, `case-${index}`))) });
    }
    for (const [name, attempt] of Object.entries(places)) {
      if (wanted(name)) note({ name, ...(await attempt(made(folder, name.replaceAll(/\W+/g, '-')))) });
    }
  });
  if (options.only) process.stdout.write(`${resultsTable(results)}\n`);
  else keep(results, machine);
  return results.every(({ good }) => good) ? 0 : 1;
}

async function tryInput({ expect, says, html, minutes = 2, make }, folder) {
  const inputs = made(folder, 'input');
  const work = made(folder, 'work');
  const out = join(work, 'out');
  const measured = await cli(['run', ...make(inputs), '--out', out], { cwd: work, timeoutMs: minutes * 60_000 });
  const problems = [];
  const accepted = measured.code === 0;
  if (expect === 'refused' && accepted) problems.push('was accepted');
  if (expect === 'accepted' && !accepted) problems.push('was refused');
  problems.push(...(accepted ? problemsOfAcceptance(out, html) : problemsOfRefusal(measured, work, says)));
  return outcome(measured, problems, accepted ? filesBelow(work).length > outputs.length : filesBelow(work).length > 0);
}

/** Runs the command line without progress; what has not ended after two minutes hangs. */
function cli(args, options) {
  const [program, entry] = commandLine();
  return measure(program, [entry, ...args, '--quiet'], { timeoutMs: 120_000, ...options });
}

const linesOf = (text) => text.split('\n').filter((line) => line.trim() !== '');

function problemsOfRefusal({ code, signal, stdout, stderr }, work, says, codes = [2]) {
  const problems = [];
  if (signal === 'SIGKILL') problems.push('hangs');
  else if (!codes.includes(code)) problems.push(`exit code ${signal ?? code}`);
  const lines = linesOf(stderr);
  if (lines.length !== 1) problems.push(`${lines.length} lines on standard error`);
  if (/^\s+at /m.test(stderr)) problems.push('a stack trace');
  if (stdout.trim() !== '') problems.push('words on standard output');
  if ((lines[0] ?? '').length > 400) problems.push(`a line of ${lines[0].length} characters`);
  if (says && !stderr.includes(says)) problems.push(`does not say "${says}"`);
  const left = filesBelow(work);
  if (left.length > 0) problems.push(`left ${left.join(', ')}`);
  return problems;
}

function problemsOfAcceptance(out, html) {
  const left = filesBelow(out);
  const problems = left.join() === outputs.join() ? [] : [`wrote ${left.join(', ') || 'nothing'}`];
  if (
    left.includes('report.json') &&
    /\bNaN\b|Infinity/.test(readFileSync(join(out, 'report.json'), 'utf8').replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))
  ) {
    problems.push('NaN in report.json');
  }
  if (html && left.includes('report.html')) {
    const text = readFileSync(join(out, 'report.html'), 'utf8');
    const raw = ['<script>alert', '<img src=x', '<b>sick</b>', '<i>yes</i>'].filter((markup) => text.includes(markup));
    if (raw.length > 0) problems.push(`the report holds ${raw.join(' and ')} unescaped`);
  }
  return problems;
}

function outcome(measured, problems, leftSomething) {
  return {
    code: measured.code ?? measured.signal,
    line: shortened(linesOf(measured.stderr)[0] ?? ''),
    seconds: measured.seconds,
    peakBytes: measured.peakBytes,
    clean: !leftSomething,
    problems,
    good: problems.length === 0,
  };
}

/** Without folders of this machine, and fit for a table. */
const shortened = (line) => line.replaceAll(/(?:\/[^\s/:'"]+)+\//g, '').slice(0, 240);

const skipped = (reason) => ({
  code: '',
  line: `not tried: ${reason}`,
  seconds: 0,
  peakBytes: null,
  clean: true,
  problems: [],
  good: true,
});

/** What is wrong is not the input but the place of the output, or the end of the process. */
const places = {
  'output folder is a file': async (folder) => {
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallTable());
    const work = made(folder, 'work');
    const taken = join(folder, 'taken');
    writeFileSync(taken, 'mine');
    const measured = await cli(['run', data, '--target', 'sick', '--out', taken], { cwd: work });
    const problems = problemsOfRefusal(measured, work, 'taken');
    if (readFileSync(taken, 'utf8') !== 'mine') problems.push('overwrote the file');
    return outcome(measured, problems, filesBelow(work).length > 0);
  },
  'output folder is read-only': async (folder) => {
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallTable());
    const disk = made(folder, 'disk');
    // Root may write into any folder, but not on a read-only file system.
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) chmodSync(disk, 0o555);
    else if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', disk]).status !== 0)
      return skipped('mounting failed');
    try {
      const measured = await cli(['run', data, '--target', 'sick', '--out', join(disk, 'out')], { cwd: disk });
      return outcome(measured, problemsOfRefusal(measured, disk), filesBelow(disk).length > 0);
    } finally {
      if (isRoot) spawnSync('umount', [disk]);
    }
  },
  'output folder where none can be made': async (folder) => {
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallTable());
    const work = made(folder, 'work');
    // Even root cannot make a folder in /proc, and Node's recursive mkdir never returns there.
    const measured = await cli(['run', data, '--target', 'sick', '--out', '/proc/counterweight'], { cwd: work });
    return outcome(measured, problemsOfRefusal(measured, work), filesBelow(work).length > 0);
  },
  'full disk': (folder) => onSmallDisk(folder, 48),
  'disk full while the report is written': (folder) => onSmallDisk(folder, 400),
  'kill -9 half way, then --resume': killAndResume,
  'Ctrl-C half way': interrupt,
};

/** A file system of a few kilobytes; needs root. */
async function onSmallDisk(folder, kilobytes) {
  const disk = made(folder, 'disk');
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', disk]);
  if (mounted.status !== 0) return skipped('mounting a small disk needs root');
  try {
    const data = join(folder, 'data.csv');
    writeFileSync(data, smallTable());
    const out = join(disk, 'out');
    const measured = await cli(['run', data, '--target', 'sick', '--out', out], { cwd: folder });
    if (measured.code === 0) return { ...outcome(measured, [], false), line: 'all of it fitted' };
    // A failure that is no fault of the input may end with 1; whole files and finished folds may stay, torn ones may not.
    const problems = problemsOfRefusal(measured, made(folder, 'nothing'), undefined, [1, 2]);
    problems.push(...tornFiles(disk));
    return outcome(measured, problems, filesBelow(disk).length > 0);
  } finally {
    spawnSync('umount', [disk]);
  }
}

/** Files that are not whole: temporary ones, JSON that does not parse, Parquet without its end. */
function tornFiles(folder) {
  return filesBelow(folder).flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    if (name.endsWith('.json')) return parses(bytes) ? [] : [`${name} is torn`];
    if (name.endsWith('.parquet')) return bytes.subarray(-4).toString() === 'PAR1' ? [] : [`${name} is torn`];
    if (name.endsWith('.html')) return bytes.toString().trimEnd().endsWith('</html>') ? [] : [`${name} is torn`];
    return [`left ${name}`];
  });
}

function parses(bytes) {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

const runOfLongTable = (folder, out) => {
  const data = join(folder, 'long.csv');
  writeFileSync(data, longTable());
  return ['run', data, '--target', 'sick', '--seed', '3', '--out', out];
};

/** Starts a run and sends a signal as soon as some folds are finished. */
async function stoppedHalfWay(args, out, folder, signal) {
  let finished = 0;
  const measured = await cli(args, {
    cwd: folder,
    onStart: (child) => {
      const watch = setInterval(() => {
        finished = filesBelow(join(out, 'checkpoint')).filter((name) => name.startsWith('fold-')).length;
        if (finished >= 6 || child.exitCode !== null) {
          clearInterval(watch);
          child.kill(signal);
        }
      }, 5);
    },
  });
  return { measured, finished };
}

async function killAndResume(folder) {
  const whole = join(folder, 'whole');
  const cut = join(folder, 'cut');
  const uninterrupted = await cli(runOfLongTable(folder, whole), { cwd: folder });
  if (uninterrupted.code !== 0) return outcome(uninterrupted, ['the uninterrupted run failed'], true);
  const { measured, finished } = await stoppedHalfWay(runOfLongTable(folder, cut), cut, folder, 'SIGKILL');
  const problems = [];
  if (measured.signal !== 'SIGKILL') problems.push('it ended before it could be killed');
  const half = outputs.filter((name) => filesBelow(cut).includes(name));
  if (half.length > 0) problems.push(`${half.join(', ')} stood already`);
  const resumed = await cli(['run', '--resume', cut], { cwd: folder });
  if (resumed.code !== 0) problems.push(`--resume ended with ${resumed.code}: ${resumed.stderr.trim()}`);
  else problems.push(...differences(whole, cut));
  const line = `killed after ${finished} fits, went on in ${seconds(resumed.seconds)} of ${seconds(uninterrupted.seconds)}`;
  return { ...outcome(resumed, problems, filesBelow(cut).length > outputs.length), line };
}

function differences(whole, cut) {
  const problems = outputs
    .filter((name) => !sameBytes(join(whole, name), join(cut, name)))
    .map((name) => `${name} differs`);
  const more = filesBelow(cut).filter((name) => !outputs.includes(name));
  return more.length > 0 ? [...problems, `left ${more.join(', ')}`] : problems;
}

function sameBytes(first, second) {
  try {
    return readFileSync(first).equals(readFileSync(second));
  } catch {
    return false;
  }
}

/** An interrupted run may keep its finished folds, says how to go on, and leaves nothing torn. */
async function interrupt(folder) {
  const out = join(folder, 'out');
  const { measured } = await stoppedHalfWay(runOfLongTable(folder, out), out, folder, 'SIGINT');
  const problems = problemsOfRefusal(measured, made(folder, 'nothing'), '--resume', [1, 130]);
  const torn = tornFiles(out);
  const half = outputs.filter((name) => filesBelow(out).includes(name));
  if (half.length > 0) problems.push(`${half.join(', ')} stood already`);
  rmSync(out, { recursive: true, force: true });
  return outcome(measured, [...problems, ...torn], torn.length > 0);
}

function keep(results, machine) {
  keepResults('bad-input', {
    title: 'Bad input',
    machine,
    sections: [
      'Each case runs `counterweight run`. A refusal must end with code 2 (1 where the work failed through no fault of the input), one line on standard error without a stack trace, nothing on standard output and no file left; where a run is accepted, exactly its four files. Names of folders are left out of the lines.',
      resultsTable(results),
    ],
    figures: { results },
  });
}

function resultsTable(results) {
  const header = ['case', 'exit code', 'the line', 'nothing left behind', 'time', 'peak memory', 'as it should be'];
  const rows = results.map((one) => [
    one.name,
    one.code,
    one.line,
    one.clean ? 'yes' : 'no',
    seconds(one.seconds),
    megabytes(one.peakBytes),
    one.good ? 'yes' : one.problems.join('; '),
  ]);
  return markdownTable([header, ...rows]);
}
