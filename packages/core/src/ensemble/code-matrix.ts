import { coupledProbabilities } from '../calibrate/pair-coupling.ts';
import { LEAST_CHANCE } from '../learn/votes.ts';
import { randomStream } from '../runtime/random.ts';

export type Coding = 'one-vs-rest' | 'one-vs-one' | 'output-codes';

/** One task of two sides: for each class 1, -1, or 0 where its rows take no part. */
export type Code = readonly number[];

/** Classes up to which all ways to part them are tasks: 2^(K - 1) - 1 of them. */
const EXHAUSTIVE = 5;

/**
 * The tasks of a coding. Output codes (Dietterich and Bakiri 1995) are all ways to part few classes, else `tasks` random ones
 * (15 log2 K, rounded up, by default) in which no class stands alone or twice the same.
 */
export function codeMatrix(coding: Coding, classes: number, seed: number, tasks?: number): Code[] {
  const places = Array.from({ length: classes }, (_, k) => k);
  if (classes === 2) return [[-1, 1]];
  if (coding === 'one-vs-rest') return places.map((own) => places.map((k) => (k === own ? 1 : -1)));
  if (coding === 'one-vs-one') {
    return places.flatMap((a) => places.slice(a + 1).map((b) => places.map((k) => (k === a ? 1 : k === b ? -1 : 0))));
  }
  if (classes <= EXHAUSTIVE) {
    const all = Array.from({ length: 2 ** (classes - 1) - 1 }, (_, t) => t + 1);
    return all.map((bits) => places.map((k) => ((bits >> k) & 1 ? 1 : -1)));
  }
  return randomCodes(classes, seed, tasks ?? Math.ceil(15 * Math.log2(classes)));
}

function randomCodes(classes: number, seed: number, tasks: number): Code[] {
  const stream = randomStream(seed, 'output-codes');
  const places = Array.from({ length: classes }, (_, k) => k);
  const codes: Code[] = [];
  for (const seen = new Set<string>(); codes.length < tasks; ) {
    const code = places.map(() => (stream.uint32() >>> 31 ? 1 : -1));
    const text = String(code[0] === 1 ? code : code.map((side) => -side));
    const rights = code.filter((side) => side > 0).length;
    // Two classes have as many codes as tasks go round only while there are enough ways to part them.
    if (rights === 0 || rights === classes || (seen.has(text) && seen.size < 2 ** (classes - 1) - 1)) continue;
    seen.add(text);
    codes.push(code);
  }
  return codes;
}

/** Rounds of the iteration at most; it ends once no probability changes by more. */
const ROUNDS = 1000;
const CLOSE = 1e-10;

/**
 * Class probabilities from those of the tasks' first sides. One task: itself. One class against the rest: divided by their
 * sum. Pairs: coupled. Else the probabilities under which the tasks are likeliest, by the iteration of Huang, Weng and Lin
 * (2006) for the generalised Bradley-Terry model.
 */
export function classesFromTasks(coding: Coding, codes: readonly Code[], chances: readonly number[]): Float64Array {
  const classes = codes[0]!.length;
  const result = new Float64Array(classes).fill(1 / classes);
  if (codes.length === 1) return Float64Array.of(1 - chances[0]!, chances[0]!);
  const bounded = chances.map((chance) => Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, chance)));
  if (coding === 'one-vs-rest') {
    const sum = bounded.reduce((all, chance) => all + chance, 0);
    return result.map((_share, k) => bounded[k]! / sum);
  }
  if (coding === 'one-vs-one') {
    const pairs = new Float64Array(classes * classes);
    codes.forEach((code, t) => {
      const [a, b] = [code.indexOf(1), code.indexOf(-1)];
      pairs[a * classes + b] = bounded[t]!;
      pairs[b * classes + a] = 1 - bounded[t]!;
    });
    coupledProbabilities(pairs, classes, result, 0);
    return result;
  }
  for (let round = 0; round < ROUNDS; round++) if (improve(result, codes, bounded) < CLOSE) break;
  return result;
}

/** Shares are kept above that: what is once 0 stays so, as every round multiplies. */
const LEAST_SHARE = 1e-300;

/** One round; returns the largest change. */
function improve(p: Float64Array, codes: readonly Code[], chances: readonly number[]): number {
  const wanted = new Float64Array(p.length);
  const had = new Float64Array(p.length);
  codes.forEach((code, t) => {
    let right = 0;
    let all = 0;
    code.forEach((side, k) => {
      if (side > 0) right += p[k]!;
      if (side !== 0) all += p[k]!;
    });
    code.forEach((side, k) => {
      if (side === 0) return;
      wanted[k]! += side > 0 ? chances[t]! : 1 - chances[t]!;
      had[k]! += (side > 0 ? right : all - right) / all;
    });
  });
  const next = p.map((share, k) => Math.max(LEAST_SHARE, (share * wanted[k]!) / Math.max(had[k]!, LEAST_SHARE)));
  const sum = next.reduce((total, share) => total + share, 0);
  let change = 0;
  for (let k = 0; k < p.length; k++) {
    change = Math.max(change, Math.abs(next[k]! / sum - p[k]!));
    p[k] = next[k]! / sum;
  }
  return change;
}
