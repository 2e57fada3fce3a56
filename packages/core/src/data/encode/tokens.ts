const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** A cell of megabytes is not prose; what follows is not read. */
const READ_LENGTH = 100_000;
/** No word is this long; what is (encoded data, run-on text) would only fill the vocabulary. */
const LONGEST_TOKEN = 40;

/**
 * The tokens of every string of a dictionary: `ids[offsets[i] .. offsets[i + 1])` are the distinct tokens of string `i`,
 * numbered in order of first appearance, with how often each occurs.
 */
export interface TokenisedDictionary {
  readonly vocabulary: readonly string[];
  readonly offsets: Int32Array;
  readonly ids: Int32Array;
  readonly counts: Int32Array;
}

// A dictionary is immutable and shared by all folds of a table, so it is taken apart once.
const tokenised = new WeakMap<readonly string[], TokenisedDictionary>();

/** Lower-cased runs of letters, marks and digits of each string, of at most 40 code units. */
export function tokenise(dictionary: readonly string[]): TokenisedDictionary {
  const known = tokenised.get(dictionary);
  if (known) return known;
  const idOf = new Map<string, number>();
  const offsets = new Int32Array(dictionary.length + 1);
  const ids: number[] = [];
  const counts: number[] = [];
  dictionary.forEach((text, index) => {
    const inText = new Map<number, number>();
    for (const token of text.slice(0, READ_LENGTH).toLowerCase().match(WORD) ?? []) {
      if (token.length > LONGEST_TOKEN) continue;
      let id = idOf.get(token);
      if (id === undefined) idOf.set(token, (id = idOf.size));
      inText.set(id, (inText.get(id) ?? 0) + 1);
    }
    for (const [id, count] of inText) {
      ids.push(id);
      counts.push(count);
    }
    offsets[index + 1] = ids.length;
  });
  const result = { vocabulary: [...idOf.keys()], offsets, ids: Int32Array.from(ids), counts: Int32Array.from(counts) };
  tokenised.set(dictionary, result);
  return result;
}
