import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** How often the memory of a process tree is looked at. */
const samplingMs = 50;

/**
 * Runs a program to its end and says how long the whole process took and how much memory its tree of processes held at
 * the most.
 *
 * Memory of a single process is the kernel's own high-water mark (VmHWM). Where a program starts others, it is the
 * largest sum of proportional set sizes seen, so that pages which they share count once. Null where there is no /proc.
 */
export async function measure(command, args, { cwd, env, timeoutMs, onStart } = {}) {
  const started = process.hrtime.bigint();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: [], stderr: [] };
  child.stdout.on('data', (chunk) => output.stdout.push(chunk));
  child.stderr.on('data', (chunk) => output.stderr.push(chunk));
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, treeMemory(child.pid));
  }, samplingMs);
  const limit = timeoutMs ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : undefined;
  onStart?.(child);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...ended) => resolve(ended));
  }).finally(() => {
    clearInterval(sampler);
    clearTimeout(limit);
  });
  return {
    code,
    signal,
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    peakBytes: peak || null,
    stdout: Buffer.concat(output.stdout).toString(),
    stderr: Buffer.concat(output.stderr).toString(),
  };
}

/** The same, throwing with the end of its standard error unless the program ended with code 0. */
export async function measureSuccess(command, args, options) {
  const measured = await measure(command, args, options);
  if (measured.code === 0) return measured;
  throw new Error(
    `${args.slice(0, 3).join(' ')} ended with ${measured.signal ?? measured.code}: ${measured.stderr.slice(-2000)}`,
  );
}

/**
 * Measures several contenders in turn, A B A B, so that a slow spell of the machine meets all of them.
 * `contenders` is `[{ name, start: (turn) => Promise<measured> }]`; returns the measurements by name.
 */
export async function alternate(contenders, turns, onTurn = () => {}) {
  const byName = new Map(contenders.map(({ name }) => [name, []]));
  for (let turn = 0; turn < turns; turn++) {
    for (const { name, start } of contenders) {
      const measured = await start(turn);
      byName.get(name).push(measured);
      onTurn(name, turn, measured);
    }
  }
  return byName;
}

/** Bytes that a process and its descendants hold now; 0 where that cannot be told. */
function treeMemory(root) {
  const pids = treeOf(root);
  if (pids.length === 1) return kilobytes(`/proc/${root}/status`, 'VmHWM:');
  return pids.reduce((sum, pid) => sum + kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss:'), 0);
}

function treeOf(root) {
  const parents = new Map();
  for (const entry of listed('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = text(`/proc/${entry}/stat`);
    // The command's name stands in parentheses and may hold spaces; the parent is the second field after it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (!parents.has(parent)) parents.set(parent, []);
    parents.get(parent).push(Number(entry));
  }
  const tree = [root];
  for (let at = 0; at < tree.length; at++) tree.push(...(parents.get(tree[at]) ?? []));
  return tree;
}

function kilobytes(path, field) {
  const found = new RegExp(`^${field}\\s+(\\d+)`, 'm').exec(text(path));
  return found ? Number(found[1]) * 1024 : 0;
}

function text(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function listed(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
