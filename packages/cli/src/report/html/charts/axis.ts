import { cutText } from '../../safe-text.ts';

/** Widths that charts are drawn at: one for a page, one for a phone, so that text has the same size on both. */
export const WIDE = 'wide';
export const NARROW = 'narrow';
export type Width = typeof WIDE | typeof NARROW;

export const INK = 'var(--ink)';
export const MUTED = 'var(--muted)';
export const HAIR = 'var(--hair)';
export const ACCENT = 'var(--accent)';
export const CONTRAST = 'var(--contrast)';
export const PAPER = 'var(--paper)';

/** The range of all finite numbers given, widened by `margin` of itself on both sides; 0 to 1 if there is none. */
export function extent(values: Iterable<number | null | undefined>, margin = 0.05): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const pad = (high - low) * margin || Math.abs(high) * margin || margin;
  return [low - pad, high + pad];
}

/** The next 1, 2 or 5 times a power of ten at or above the value: a round end for a scale. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * (1 - 1e-12)) ?? 10;
  return step * power;
}

/** Ticks of a probability scale that starts at 0, few enough to be read on a square-root scale. */
export function probabilityTicks(max: number, squareRoot: boolean): number[] {
  const parts = squareRoot ? [0, 0.01, 0.05, 0.15, 0.3, 0.6, 1] : [0, 0.25, 0.5, 0.75, 1];
  return parts.map((part) => Number((part * max).toPrecision(3)));
}

/** A number on an axis: no more digits than it needs, thousands and millions by letter. */
export function tickText(value: number): string {
  if (Math.abs(value) >= 1e6) return `${tickText(value / 1e6)}M`;
  if (Math.abs(value) >= 1e4) return `${tickText(value / 1e3)}k`;
  return String(Number(value.toPrecision(4))).replace('-', '\u2212');
}

/** A name on an axis. */
export const axisName = (name: string | number, max: number): string =>
  cutText(String(name) === '' ? '(empty)' : String(name), max);

/** Drops points that a line does not need: those in the same half-pixel as their neighbour, ends kept. */
export function thinLine<T extends { readonly x: number; readonly y: number }>(
  points: readonly T[],
  unit: number,
): T[] {
  const kept: T[] = [];
  points.forEach((point, i) => {
    const last = kept.at(-1);
    if (!last || i === points.length - 1 || Math.abs(point.x - last.x) >= unit || Math.abs(point.y - last.y) >= unit) {
      kept.push(point);
    }
  });
  return kept;
}

/**
 * Steps of precision from recall 0 on. The first threshold may find many of the class at once, all of them even: up to there the
 * precision is what it has there, and without that step a perfect order would be drawn as a line at the right border.
 */
export function fromNoRecall<T extends { readonly x: number; readonly y: number | null }>(
  points: readonly T[],
): readonly (T | { readonly x: number; readonly y: T['y'] })[] {
  const first = points[0];
  return first && first.x > 0 ? [{ x: 0, y: first.y }, ...points] : points;
}

/** The longest name that is drawn left of a chart, in characters. */
export const MARGIN_NAME = 30;

/** Room for the longest of the names left of a chart, in pixels; wide scripts and pictures count double. */
export function nameMargin(names: readonly (string | number)[]): number {
  const longest = names.reduce<number>((most, name) => {
    let width = 0;
    for (const character of axisName(name, MARGIN_NAME)) width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
    return Math.max(most, width);
  }, 0);
  return Math.round(Math.min(230, Math.max(60, 6.7 * longest + 26)));
}
