import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineSentence } from './machine.mjs';
import { resultsFolder } from './places.mjs';

/**
 * Keeps a bench's figures as results/NAME.json and results/NAME.md, and prints the latter unless `quiet`. `inlineNumbers` writes
 * a list of numbers on one line.
 */
export function keepResults(name, { title, machine, sections, figures, quiet = false, inlineNumbers = false }) {
  const document = [`# ${title}`, machineSentence(machine), ...sections].join('\n\n');
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(join(resultsFolder, `${name}.md`), `${document}\n`);
  const written = JSON.stringify({ machine, ...figures }, null, 2);
  const oneLine = (list) => list.replaceAll(/\s+/g, ' ');
  const json = inlineNumbers ? written.replaceAll(/\[[-\d.e+,\s]*\]/g, oneLine) : written;
  writeFileSync(join(resultsFolder, `${name}.json`), `${json}\n`);
  if (!quiet) process.stdout.write(`\n${document}\n`);
}
