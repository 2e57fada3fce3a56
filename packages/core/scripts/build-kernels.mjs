/**
 * Compiles the AssemblyScript kernels into src/runtime/kernels.generated.ts, twice from the same source: with shared
 * memory for threads, and with plain memory for places without SharedArrayBuffer. Does nothing when the sources, this
 * script and the compiler are those of the last build.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const core = fileURLToPath(new URL('..', import.meta.url));
const folder = join(core, 'kernels');
const target = join(core, 'src/runtime/kernels.generated.ts');
const compilerVersion = createRequire(import.meta.url)('assemblyscript/package.json').version;

/** AssemblyScript decorates functions, which TypeScript's tools cannot parse; the kernels write `// @inline` instead. */
const decorated = (source) => source.replace(/^\/\/ @inline$/gm, '@inline');

const files = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [name, decorated(readFileSync(join(folder, name), 'utf8'))]),
);
const hash = createHash('sha256')
  .update(JSON.stringify([compilerVersion, readFileSync(fileURLToPath(import.meta.url), 'utf8'), files]))
  .digest('hex');
const firstLine = `/* Made by scripts/build-kernels.mjs from kernels/; sources ${hash}. */`;

if (!existsSync(target) || !readFileSync(target, 'utf8').startsWith(firstLine)) {
  const { default: asc } = await import('assemblyscript/asc');
  const common = ['index.ts', '--outFile', 'out.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--importMemory'];
  const simd = ['--enable', 'simd'];
  const builds = {
    sharedKernels: [...common, ...simd, '--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'],
    plainKernels: [...common, ...simd],
  };
  const lines = [firstLine];
  for (const [name, args] of Object.entries(builds)) {
    let binary;
    const { error, stderr } = await asc.main(args, {
      readFile: (path) => files[path.replace(/^\.\//, '')] ?? null,
      writeFile: (path, contents) => {
        if (path === 'out.wasm') binary = contents;
      },
      listFiles: () => [],
    });
    if (error || !binary) {
      console.error(`kernels: ${name} did not compile\n${stderr.toString()}`);
      process.exit(1);
    }
    lines.push(`export const ${name}: string =\n  '${Buffer.from(binary).toString('base64')}';`);
    console.log(`kernels: ${name} ${binary.length} bytes`);
  }
  // Renamed into place, so that a build running beside this one never reads half a file.
  const partial = `${target}.${process.pid}.partial`;
  writeFileSync(partial, `${lines.join('\n')}\n`);
  renameSync(partial, target);
}
