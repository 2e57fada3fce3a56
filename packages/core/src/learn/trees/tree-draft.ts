import type { SplitRule } from './split-rule.ts';
import type { Tree } from './tree.ts';

/** A tree of one output that grows node by node. */
export interface TreeDraft {
  /** Adds a leaf with its value and the rows that it covers; returns its place. */
  add(leafValue: number, rows: number): number;
  /** Makes a leaf an inner node that asks column `by` and gains so much; the children are there already. */
  split(
    node: number,
    by: number,
    rule: Omit<SplitRule, 'goesLeft'>,
    gained: number,
    leftNode: number,
    rightNode: number,
  ): void;
  done(): Tree;
}

/** Collects nodes and makes the tree of them. */
export function treeDraft(): TreeDraft {
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const missingLeft: number[] = [];
  const value: number[] = [];
  const gain: number[] = [];
  const cover: number[] = [];
  const categories = new Map<number, readonly number[]>();
  return {
    add(leafValue, rows) {
      feature.push(-1);
      for (const column of [threshold, missingLeft, gain]) column.push(0);
      left.push(-1);
      right.push(-1);
      value.push(leafValue + 0);
      cover.push(rows);
      return feature.length - 1;
    },
    split(node, by, rule, gained, leftNode, rightNode) {
      feature[node] = by;
      threshold[node] = rule.threshold + 0;
      missingLeft[node] = rule.missingLeft ? 1 : 0;
      gain[node] = gained;
      left[node] = leftNode;
      right[node] = rightNode;
      if (rule.categories) categories.set(node, rule.categories);
    },
    done: (): Tree =>
      Object.freeze({
        feature: Int32Array.from(feature),
        threshold: Float64Array.from(threshold),
        left: Int32Array.from(left),
        right: Int32Array.from(right),
        missingLeft: Uint8Array.from(missingLeft),
        value: Float64Array.from(value),
        outputs: 1,
        gain: Float64Array.from(gain),
        cover: Float64Array.from(cover),
        categories,
      }),
  };
}
