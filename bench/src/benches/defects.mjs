import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defectsPage } from '../../defects/page.mjs';
import { peers } from '../../defects/peers.mjs';
import { allCases } from '../../defects/sections.mjs';
import { plain, verdictOn } from '../../defects/verdict.mjs';
import { resultsFolder } from '../lib/places.mjs';

export const summary = 'where other libraries err: their answers, ours and the truth; writes docs/defects.md';

export const options = {
  environments: { type: 'string', help: 'folder of virtual environments, one a package (see bench/defects/peers.mjs)' },
  install: { type: 'boolean', help: 'make the environments that are missing' },
};

const folder = fileURLToPath(new URL('../../defects/', import.meta.url));
const page = fileURLToPath(new URL('../../../docs/defects.md', import.meta.url));
const kept = join(resultsFolder, 'defects.json');

/** Packages without an environment keep the answers of the last time. Fails where an answer of ours is not the truth. */
export async function run({ options, log }) {
  const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')).cases : {};
  const answers = Object.fromEntries(Object.entries(peers).map(([key, peer]) => [key, askPeer(peer, options, log)]));
  const cases = {};
  const failed = [];
  for (const one of allCases) {
    const truth = plain(await one.truth());
    const ours = one.ours ? { answer: plain(await one.ours()) } : null;
    const verdict = verdictOn(ours, one, truth);
    const theirs = answers[one.peer].map((asked, i) => {
      if (asked === null) return before[one.id]?.theirs[i] ?? missing(one, peers[one.peer].versions[i]);
      const given = asked.cells[one.id];
      return { version: asked.version, ...given, verdict: verdictOn(given, one, truth) };
    });
    cases[one.id] = { theirs, ours, truth, verdict };
    if (verdict === 'wrong') failed.push(one.id);
    log(`${one.id}: ${theirs.map((given) => given.verdict || '-').join(', ')}; ours ${verdict || '-'}`);
  }
  writeFileSync(kept, `${JSON.stringify({ cases }, null, 2)}\n`);
  writeFileSync(page, defectsPage({ cases }));
  for (const id of failed) log(`our answer is not the truth: ${id}`);
  return failed.length > 0 ? 1 : 0;
}

function missing({ id }, { environment }) {
  throw new Error(
    `${id} has never been run and there is no environment ${environment}; give --environments and --install`,
  );
}

function askPeer({ file, package: name, versions }, { environments, install }, log) {
  return versions.map(({ environment, requires, says }) => {
    if (!environments) return null;
    const home = join(environments, environment);
    const python = join(home, 'bin', 'python');
    if (!existsSync(python)) {
      if (!install) return null;
      log(`installing ${requires.join(', ')}`);
      finished(spawnSync('python3', ['-m', 'venv', home], { encoding: 'utf8' }));
      finished(spawnSync(python, ['-m', 'pip', 'install', '-q', ...requires], { encoding: 'utf8' }));
    }
    const script = [join(folder, 'run_cells.py'), join(folder, 'cells', file), ...(name ? [name] : [])];
    const { cells, versions: found } = JSON.parse(finished(spawnSync(python, script, { encoding: 'utf8' })));
    return { cells, version: says ?? found[name] };
  });
}

function finished({ status, stdout, stderr, error }) {
  if (status === 0) return stdout;
  throw new Error(`an example's program failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
}
