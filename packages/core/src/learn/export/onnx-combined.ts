import { modelFields } from '../../data/model-fields.ts';
import type { ModelJSON } from '../learner.ts';
import { addVotes, oddsFactor } from '../votes.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { meanOfTrees, singleTree } from './onnx-tree-models.ts';
import { asNumbers, comparable, scaled, softmax } from './onnx-values.ts';

/** Appends a member of any kind and gives its probabilities, `rows × classes`. */
export type MemberWriter = (graph: OnnxGraph, x: string, json: ModelJSON) => string;

/** Whether a model's JSON is that of members which are heard together. */
export function isCombined(json: ModelJSON): boolean {
  return Array.isArray(json['members']) && typeof json['combine'] === 'string';
}

/** Far enough below 0 that its exponential is 0. */
const NO_ODDS = -1e6;

/**
 * Members heard together: the weighted mean of their probabilities, or of their votes for the likeliest class, or these sums as
 * log-odds.
 */
export function combinedProbabilities(graph: OnnxGraph, x: string, json: ModelJSON, write: MemberWriter): string {
  const fields = modelFields(json, `${json.kind} model`);
  const combine = fields.oneOf('combine', 'mean', 'vote', 'mean-odds', 'vote-odds');
  const shares = combinedShares(graph, x, json, write);
  if (!combine.endsWith('-odds')) return shares;
  const classes = fields.classes('classes');
  const odds = scaled(graph, shares, oddsFactor(fields.numbers('weights')), classes.length);
  const gone = fields.notices('notices').filter(({ code }) => code === 'class-absent');
  const floor = classes.map((label) => (gone.some((notice) => notice.class === label) ? NO_ODDS : 0));
  return softmax(graph, gone.length > 0 ? graph.node('Add', [odds, graph.numbers(floor)]) : odds);
}

function combinedShares(graph: OnnxGraph, x: string, json: ModelJSON, write: MemberWriter): string {
  const fields = modelFields(json, `${json.kind} model`);
  const members = fields.list('members') as readonly ModelJSON[];
  const weights = fields.numbers('weights', members.length);
  const classes = fields.classes('classes');
  const vote = String(json['combine']).startsWith('vote');
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const trees = asTrees(graph, x, members, shares, vote);
  if (trees !== undefined) return trees;
  const parts = members.map((member, m) => {
    const probabilities = write(graph, x, member);
    return scaled(graph, vote ? votesOf(graph, probabilities) : probabilities, shares[m]!, classes.length);
  });
  return parts.length === 1 ? parts[0]! : graph.node('Sum', parts);
}

/** Trees become one sum of leaves, which is faster than a node each; undefined where a member is something else. */
function asTrees(
  graph: OnnxGraph,
  x: string,
  members: readonly ModelJSON[],
  shares: Float64Array,
  vote: boolean,
): string | undefined {
  if (members.some((member) => member.kind !== 'decision-tree')) return undefined;
  const read = members.map(singleTree);
  const [first] = read;
  if (read.some(({ present }) => String(present) !== String(first!.present))) return undefined;
  const values = read.map(({ tree }, m) => {
    const factor = shares[m]! * read.length;
    if (!vote) return tree.value.map((value) => value * factor);
    const votes = new Float64Array(tree.value.length);
    addVotes(votes, tree.value, tree.outputs, factor);
    return votes;
  });
  return meanOfTrees(
    graph,
    x,
    read.map(({ tree }) => tree),
    values,
    first!,
  );
}

/** Votes for the likeliest class, `rows × classes`, shared by equal ones; what differs by less than 1e-9 counts as equal. */
function votesOf(graph: OnnxGraph, probabilities: string): string {
  const rounded = comparable(graph, probabilities);
  const most = graph.node('ReduceMax', [rounded], { axes: { ints: [1] }, keepdims: { int: 1 } });
  const ones = asNumbers(graph, graph.node('Equal', [rounded, most]));
  return graph.node('Div', [ones, graph.node('ReduceSum', [ones, graph.wholes([1])])]);
}
