/**
 * Gradient boosting written down from its formulas, slowly: every candidate threshold of every feature is tried on the raw
 * values, sums are float64 over rows. Log-loss, leaf-wise, no sampling.
 */
export interface ReferenceOptions {
  readonly rounds: number;
  readonly leaves: number;
  readonly learningRate: number;
  readonly minRows: number;
  readonly l1: number;
  readonly l2: number;
}

export interface ReferenceNode {
  feature: number;
  threshold: number;
  missingLeft: boolean;
  left?: ReferenceNode;
  right?: ReferenceNode;
  value: number;
}

interface Leaf {
  readonly node: ReferenceNode;
  readonly rows: number[];
  readonly best: Candidate | null;
}

interface Candidate {
  readonly gain: number;
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
}

export function referenceBoosting(rows: number[][], labels: number[], weights: number[], options: ReferenceOptions) {
  const total = (k: number) => labels.reduce((sum, label, i) => sum + (label === k ? weights[i]! : 0), 0);
  const initial = Math.log(total(1)) - Math.log(total(0));
  const scores = rows.map(() => initial);
  const trees: ReferenceNode[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const p = scores.map((z) => 1 / (1 + Math.exp(-z)));
    const g = p.map((value, i) => weights[i]! * (value - labels[i]!));
    const h = p.map((value, i) => weights[i]! * value * (1 - value));
    const tree = growReference(rows, g, h, weights, options);
    trees.push(tree);
    rows.forEach((row, i) => {
      scores[i]! += leafOf(tree, row).value;
    });
  }
  return { initial, trees, scores };
}

/** The same of three classes or more: a tree a class each round, on the softmax of the scores before the round. */
export function referenceClassBoosting(
  rows: number[][],
  labels: number[],
  weights: number[],
  classes: number,
  options: ReferenceOptions,
) {
  const places = Array.from({ length: classes }, (_, k) => k);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const share = (k: number) => labels.reduce((sum, label, i) => sum + (label === k ? weights[i]! : 0), 0) / all;
  const initial = places.map((k) => Math.log(share(k)));
  const scores = rows.map(() => [...initial]);
  const trees: ReferenceNode[][] = [];
  for (let round = 0; round < options.rounds; round++) {
    const p = scores.map((z) => {
      const e = z.map(Math.exp);
      const total = e.reduce((sum, value) => sum + value, 0);
      return e.map((value) => value / total);
    });
    const grown = places.map((k) => {
      const g = p.map((own, i) => weights[i]! * (own[k]! - (labels[i] === k ? 1 : 0)));
      const h = p.map((own, i) => (weights[i]! * own[k]! * (1 - own[k]!) * classes) / (classes - 1));
      return growReference(rows, g, h, weights, options);
    });
    trees.push(grown);
    rows.forEach((row, i) => {
      for (const k of places) scores[i]![k]! += leafOf(grown[k]!, row).value;
    });
  }
  return { initial, trees, scores };
}

export function leafOf(tree: ReferenceNode, row: number[]): ReferenceNode {
  let node = tree;
  while (node.left && node.right) {
    const value = row[node.feature]!;
    const left = Number.isNaN(value) ? node.missingLeft : value <= node.threshold;
    node = left ? node.left : node.right;
  }
  return node;
}

function growReference(
  rows: number[][],
  g: number[],
  h: number[],
  weights: number[],
  options: ReferenceOptions,
): ReferenceNode {
  const sum = (of: number[], among: number[]) => among.reduce((total, i) => total + of[i]!, 0);
  const shrink = (value: number) => Math.sign(value) * Math.max(0, Math.abs(value) - options.l1);
  const score = (among: number[]) => shrink(sum(g, among)) ** 2 / (sum(h, among) + options.l2);
  const allowed = (among: number[]) => sum(weights, among) >= options.minRows && sum(h, among) >= 1e-3;

  const best = (among: number[]): Candidate | null => {
    let found: Candidate | null = null;
    const columns = rows[0]!.length;
    for (let feature = 0; feature < columns; feature++) {
      const values = [...new Set(among.map((i) => rows[i]![feature]!).filter((v) => !Number.isNaN(v)))].sort(
        (a, b) => a - b,
      );
      const missing = among.filter((i) => Number.isNaN(rows[i]![feature]!));
      const thresholds = values.slice(1).map((value, i) => values[i]! / 2 + value / 2);
      const candidates = thresholds.map((threshold) => ({ threshold, missingLeft: false }));
      if (missing.length > 0) {
        candidates.push({ threshold: Number.MAX_VALUE, missingLeft: false });
        candidates.push(...thresholds.map((threshold) => ({ threshold, missingLeft: true })));
      }
      for (const { threshold, missingLeft } of candidates) {
        const left = among.filter((i) => {
          const value = rows[i]![feature]!;
          return Number.isNaN(value) ? missingLeft : value <= threshold;
        });
        const taken = new Set(left);
        const right = among.filter((i) => !taken.has(i));
        if (!allowed(left) || !allowed(right)) continue;
        const gain = score(left) + score(right) - score(among);
        // Sums of the same rows in another order differ by rounding; such gains are equal, and the first wins.
        if (gain > 1e-9 && gain > (found?.gain ?? 0) * (1 + 1e-9)) found = { gain, feature, threshold, missingLeft };
      }
    }
    return found;
  };

  const leafFor = (among: number[]): Leaf => ({
    node: {
      feature: -1,
      threshold: 0,
      missingLeft: false,
      value: (-shrink(sum(g, among)) / (sum(h, among) + options.l2)) * options.learningRate,
    },
    rows: among,
    best: best(among),
  });
  const leaves = [leafFor(rows.map((_, i) => i))];
  const root = leaves[0]!.node;
  while (leaves.length < options.leaves) {
    let at = -1;
    for (let i = 0; i < leaves.length; i++) {
      const gain = leaves[i]!.best?.gain;
      if (gain !== undefined && gain > (leaves[at]?.best?.gain ?? 0) * (1 + 1e-9)) at = i;
    }
    if (at < 0) break;
    const { node, rows: among, best: split } = leaves[at]!;
    const goesLeft = (i: number) => {
      const value = rows[i]![split!.feature]!;
      return Number.isNaN(value) ? split!.missingLeft : value <= split!.threshold;
    };
    const left = leafFor(among.filter(goesLeft));
    const right = leafFor(among.filter((i) => !goesLeft(i)));
    Object.assign(node, split, { left: left.node, right: right.node });
    leaves.splice(at, 1, left, right);
  }
  return root;
}
