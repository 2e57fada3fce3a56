import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('README', () => {
  it('has a library example that runs as it stands', () => {
    const [, example] = readme.match(/```ts\n([\s\S]*?)```/)!;
    const check = `\nconsole.log(JSON.stringify([balanced.X.rows, [...provenance.source], notices.length, probabilities.rows]));`;
    const folder = join(root, 'node_modules/.cache/readme');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'example.mjs');
    writeFileSync(file, transformSync(example + check, { loader: 'ts', format: 'esm' }).code);
    const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual([8, [0, 1, 2, 3, 4, 5, 6, -1], 0, 7]);
  });

  it('names files that exist', () => {
    for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => readFileSync(join(root, path!)), path).not.toThrow(/ENOENT/);
    }
  });
});
