/**
 * Text from the data set, made harmless for people: control characters become visible pictures, so that a name can neither drive a
 * terminal nor turn the reading direction of the text beside it, and broken surrogates become the replacement character.
 */
export function safeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return '\ufffd';
  });
}

// C0 and C1 controls, line separators, directional marks, embeddings and isolates, and lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `max` user-perceived characters, the last an ellipsis where something was cut. */
export function cutText(text: string, max: number): string {
  const safe = safeText(text);
  if (safe.length <= max) return safe;
  let kept = '';
  let length = 0;
  for (const { segment } of graphemes.segment(safe.slice(0, max * 16))) {
    length += 1;
    if (length > max) return `${dropLast(kept)}…`;
    kept += segment;
  }
  return kept.length < safe.length ? `${kept}…` : kept;
}

function dropLast(text: string): string {
  let end = 0;
  for (const { index } of graphemes.segment(text)) end = index;
  return text.slice(0, end);
}
