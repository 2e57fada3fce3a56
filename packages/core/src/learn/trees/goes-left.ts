import type { Tree } from './tree.ts';

/** Whether a value goes left at a node. */
export function goesLeft(tree: Tree, node: number, value: number): boolean {
  if (Number.isNaN(value)) return tree.missingLeft[node] === 1;
  const categories = tree.categories.get(node);
  return categories ? categories.includes(value) : value <= tree.threshold[node]!;
}
