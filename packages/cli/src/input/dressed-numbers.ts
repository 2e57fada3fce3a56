import type { Notice } from '@counterweight/core';

const sign = '[-+\\u2212]?\\s*';
const groupsByComma = '\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?';
const decimalComma = "\\d{1,3}(?:[.'\\u2019 \\u00a0\\u202f]\\d{3})*,\\d+|\\d+,\\d+";
const plain = '\\d+(?:\\.\\d+)?|\\.\\d+';
const anyAmount = `(?:${groupsByComma}|${decimalComma}|${plain})`;
const money = '[$\\u20ac\\u00a3\\u00a5]';

/** A number as people write it in a sheet: with a decimal comma or marks of thousands, as an amount of money, or in percent. */
const dressed = new RegExp(
  `^${sign}(?:${groupsByComma}|${decimalComma}|${money}\\s*${sign}${anyAmount}|${anyAmount}\\s*(?:${money}|%))$`,
  'u',
);
const bare = new RegExp(`^${sign}(?:${plain})$`, 'u');

/** Share of a column's different cells that must look like numbers for it to be taken for one. */
const MOST = 0.9;

/**
 * A warning where the cells of a column read as text look like numbers that are not written plainly (`0,35`, `1,200.50`,
 * `$ 90`, `12 %`): left as they are, such a column is one of categories at best, and an identifier at worst.
 */
export function dressedNumberNotices(name: string, cells: readonly string[]): Notice[] {
  const clothed = cells.filter((cell) => dressed.test(cell));
  if (clothed.length < 2) return [];
  if (clothed.length + cells.filter((cell) => bare.test(cell)).length < MOST * cells.length) return [];
  return [
    {
      code: 'dressed-numbers',
      severity: 'warning',
      message: `column "${name}" was read as text, though its cells look like numbers, such as ${JSON.stringify(clothed[0]!.slice(0, 40))}; to have them used as numbers, write them with a decimal point and without marks of thousands, money or percent`,
      column: name,
    },
  ];
}
