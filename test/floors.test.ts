import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Holds the floors of the house: a folder of core imports only from floors below its own, packages only from packages
 * below, nobody in a circle, and core touches Node only inside runtime.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

const floors = [
  ['runtime'],
  ['data'],
  ['measure', 'metrics', 'neighbors', 'svm'],
  ['resample', 'learn', 'calibrate', 'conformal', 'decide'],
  ['ensemble', 'anomaly'],
  ['experiment'],
];
const packages = ['core', 'neural', 'cli'];
const packageNames: Record<string, string> = {
  '@counterweight/core': 'core',
  '@counterweight/neural': 'neural',
  counterweight: 'cli',
};

const floorOf = (folder: string) => floors.findIndex((names) => names.includes(folder));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
}

describe('the house', () => {
  const core = join(root, 'packages/core/src');
  const coreFiles = sources(core);

  it('has every folder of core on a floor', () => {
    const folders = readdirSync(core, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) expect(floorOf(name), `${name} stands on no floor`).toBeGreaterThanOrEqual(0);
  });

  it('lets each floor of core import only from floors below', () => {
    const wrong: string[] = [];
    for (const file of coreFiles) {
      const from = relative(core, file).split('/');
      if (from.length === 1) continue; // the index may name every floor
      for (const specifier of imports(file)) {
        if (!specifier.startsWith('.')) continue;
        const to = relative(core, resolve(dirname(file), specifier)).split('/')[0]!;
        if (to !== from[0] && floorOf(to) >= floorOf(from[0]!))
          wrong.push(`${relative(root, file)} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keeps Node out of core, but for runtime', () => {
    const wrong = coreFiles
      .filter((file) => !relative(core, file).startsWith('runtime/'))
      .flatMap((file) => imports(file).map((specifier) => [file, specifier] as const))
      .filter(([, specifier]) => specifier.startsWith('node:'))
      .map(([file, specifier]) => `${relative(root, file)} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  it('lets packages import only packages below', () => {
    const wrong: string[] = [];
    for (const [level, name] of packages.entries()) {
      for (const file of sources(join(root, 'packages', name, 'src'))) {
        for (const specifier of imports(file)) {
          const target = packageNames[specifier];
          if (target && packages.indexOf(target) >= level) wrong.push(`${relative(root, file)} imports ${specifier}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no circle of imports among files', () => {
    const edges = new Map<string, string[]>();
    for (const name of packages) {
      for (const file of sources(join(root, 'packages', name, 'src'))) {
        edges.set(
          file,
          imports(file)
            .filter((s) => s.startsWith('.'))
            .map((s) => resolve(dirname(file), s)),
        );
      }
    }
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].map((p) => relative(root, p)).join(' > '));
        return;
      }
      state.set(file, 'open');
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of edges.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });
});
