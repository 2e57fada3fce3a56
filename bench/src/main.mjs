import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './lib/machine.mjs';
import { findData, findPython } from './lib/places.mjs';

// A bench is a file in `benches/` that exports `summary`, optionally `options` (as in node:util's parseArgs, each with a
// `help`) and `run(context)`; its name is that of the file.

const folder = join(dirname(fileURLToPath(import.meta.url)), 'benches');
const common = {
  python: { type: 'string', help: 'Python with the peer libraries (or PEER_PYTHON, or bench/.venv)' },
  data: { type: 'string', help: 'folder of the larger data sets (default: shared/data beside the checkout)' },
  runs: { type: 'string', default: '3', help: 'runs of each contender, taken in turn' },
};

async function loadBenches() {
  const names = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
  const loaded = names.sort().map(async (file) => {
    const bench = await import(pathToFileURL(join(folder, file)).href);
    return [file.slice(0, -'.mjs'.length), bench];
  });
  return new Map(await Promise.all(loaded));
}

function help(benches) {
  const lines = ['Usage: npm run bench -- NAME [options]', ''];
  for (const [name, { summary, options = {} }] of benches) {
    lines.push(`  ${name.padEnd(12)} ${summary}`, ...optionLines(options, 15));
  }
  return [...lines, '', 'Options of all:', ...optionLines(common, 2)].join('\n');
}

const optionLines = (options, indent) =>
  Object.entries(options).map(([name, { type, help }]) => {
    const flag = `--${name}${type === 'string' ? ' X' : ''}`;
    return `${' '.repeat(indent)}${flag.padEnd(16)} ${help}`;
  });

async function main([name = 'help', ...rest]) {
  const benches = await loadBenches();
  const bench = benches.get(name);
  if (!bench) {
    process.stdout.write(`${help(benches)}\n`);
    return name === 'help' || name === '--help' ? 0 : 2;
  }
  const { values } = parseArgs({ args: rest, options: { ...common, ...bench.options } });
  const python = findPython(values.python);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a positive whole number');
  const context = { options: values, runs, python, data: findData(values.data), machine: describeMachine(python), log };
  return (await bench.run(context)) ?? 0;
}

function log(line) {
  process.stderr.write(`${line}\n`);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    log(`bench: ${error.message}`);
    process.exitCode = 1;
  },
);
