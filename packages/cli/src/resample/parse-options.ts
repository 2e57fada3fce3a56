import { CounterweightError } from '@counterweight/core';

/**
 * The `key=value` words of `--option` as options of a method. Keys may be written `kNeighbors`, `k-neighbors` or `k_neighbors`.
 * Values: true, false, a number, JSON where they begin with `{`, `[` or `"`, else text.
 * Throws `bad-option` for a word without `=`, a key given twice, and JSON that does not parse.
 */
export function parseOptions(words: readonly string[]): Record<string, unknown> {
  const options = new Map<string, unknown>();
  for (const word of words) {
    const split = word.indexOf('=');
    if (split <= 0) throw new CounterweightError('bad-option', `--option ${word}: write it as key=value`);
    const key = camelCase(word.slice(0, split).trim());
    if (options.has(key)) throw new CounterweightError('bad-option', `--option ${key} is given twice`);
    options.set(key, parseValue(word.slice(split + 1).trim(), `--option ${key}`));
  }
  return Object.fromEntries(options);
}

const camelCase = (key: string): string =>
  key.replaceAll(/[-_]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function parseValue(text: string, what: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (numberPattern.test(text)) return Number(text);
  return /^[[{"]/.test(text) ? parseJson(text, what) : text;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CounterweightError('bad-option', `${what}: ${text} is not valid JSON`);
  }
}

/**
 * A sampling strategy as it is written on a command line: a word (`auto`, `not majority`), a ratio (`0.5`), JSON, or
 * `class=rows` pairs with commas between them, where a number with a decimal point is a ratio and one without it a count of
 * rows; a comma or an equals sign inside a class name is written `\,` and `\=`. Throws `bad-option`.
 */
export function parseSamplingStrategy(text: string): unknown {
  const trimmed = text.trim();
  if (numberPattern.test(trimmed)) return Number(trimmed);
  if (/^[[{"]/.test(trimmed)) return parseJson(trimmed, '--sampling-strategy');
  if (!/(?<!\\)=/.test(trimmed)) return trimmed;
  const targets: [string, number | { ratio: number }][] = [];
  for (const pair of trimmed.split(/(?<!\\),/)) {
    const [label, value, ...rest] = pair.split(/(?<!\\)=/).map((part) => part.replaceAll(/\\([,=])/g, '$1').trim());
    if (label === undefined || value === undefined || rest.length > 0 || !numberPattern.test(value)) {
      throw new CounterweightError(
        'bad-option',
        `--sampling-strategy: ${pair.trim()} must be class=rows or class=ratio, such as fraud=500 or fraud=0.5`,
      );
    }
    if (targets.some(([other]) => other === label)) {
      throw new CounterweightError('bad-option', `--sampling-strategy: class ${label} is given twice`);
    }
    targets.push([label, value.includes('.') ? { ratio: Number(value) } : Number(value)]);
  }
  // Entries, not a literal: a class may be called `__proto__`.
  return Object.fromEntries(targets);
}
