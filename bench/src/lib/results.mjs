import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineSentence } from './machine.mjs';
import { resultsFolder } from './places.mjs';

/** Keeps a bench's figures as results/NAME.json and results/NAME.md, and prints the latter unless `quiet`. */
export function keepResults(name, { title, machine, sections, figures, quiet = false }) {
  const document = [`# ${title}`, machineSentence(machine), ...sections].join('\n\n');
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(join(resultsFolder, `${name}.md`), `${document}\n`);
  writeFileSync(join(resultsFolder, `${name}.json`), `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
  if (!quiet) process.stdout.write(`\n${document}\n`);
}
