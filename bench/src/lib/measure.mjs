import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** How often a process tree is looked at. */
const samplingMs = 50;

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * Runs a program to its end and says how long the whole process took and how much memory its tree of processes held at
 * the most.
 *
 * Memory of a single process is the kernel's own high-water mark (VmHWM). Where a program starts others, it is the
 * largest sum of proportional set sizes seen, so that pages which they share count once. `othersShare` is the part of
 * the processors' time that went to other programs meanwhile: figures taken on a busy machine compare badly, because
 * contenders do not suffer alike. All but the time are null where there is no /proc.
 */
export async function measure(command, args, { cwd, env, timeoutMs, onStart } = {}) {
  const started = process.hrtime.bigint();
  const busyBefore = machineTicks();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: [], stderr: [] };
  child.stdout.on('data', (chunk) => output.stdout.push(chunk));
  child.stderr.on('data', (chunk) => output.stderr.push(chunk));
  let peak = 0;
  const ticks = new Map();
  const sampler = setInterval(() => {
    const tree = treeOf(child.pid);
    peak = Math.max(peak, memoryOf(tree));
    for (const { pid, own } of tree) ticks.set(pid, own);
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
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const ownTicks = [...ticks.values()].reduce((sum, own) => sum + own, 0);
  const busy = machineTicks() - busyBefore;
  return {
    code,
    signal,
    seconds,
    cpuSeconds: ownTicks > 0 ? ownTicks / ticksPerSecond : null,
    othersShare: peak > 0 ? Math.max(0, busy - ownTicks) / ticksPerSecond / (seconds * cpus().length) : null,
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

/** Bytes that the processes of a tree hold now; 0 where that cannot be told. */
function memoryOf(tree) {
  if (tree.length === 1) return kilobytes(`/proc/${tree[0].pid}/status`, 'VmHWM:');
  return tree.reduce((sum, { pid }) => sum + kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss:'), 0);
}

/** A process and its descendants, each with the ticks of processor time that it has used itself. */
function treeOf(root) {
  const children = new Map();
  const ticks = new Map();
  for (const entry of listed('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = text(`/proc/${entry}/stat`);
    // The command's name stands in parentheses and may hold spaces. After it: state, parent, ..., user and system time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const parent = Number(fields[1]);
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(Number(entry));
    ticks.set(Number(entry), Number(fields[11]) + Number(fields[12]));
  }
  const tree = [root];
  for (let at = 0; at < tree.length; at++) tree.push(...(children.get(tree[at]) ?? []));
  return tree.map((pid) => ({ pid, own: ticks.get(pid) ?? 0 }));
}

/** Ticks that all processors together have been busy since the machine started. */
function machineTicks() {
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0] = text('/proc/stat')
    .split('\n')[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + interrupts + soft;
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
