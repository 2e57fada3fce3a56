import { html } from '../html/markup.ts';
import type { Section } from '../html/sections/section.ts';

const GUIDE: readonly (readonly [string, string])[] = [
  ['Set', 'All classes that the row could well be of. It misses the true class no more often than alpha says.'],
  [
    'What the promise is',
    'Of many new rows that come about as the calibration rows did, at most the share alpha gets a set without its true class. It asks nothing of the model: a poor one has large sets, not wrong ones.',
  ],
  [
    'What it is not',
    'It is no promise for one row, nor for a group of rows you pick afterwards, and none when rows change. One calibration set may do a little better or worse than its rate: the range above says by how much.',
  ],
  [
    'Marginal and class-conditional',
    'With a rate over all rows a rare class may be missed almost always: it hardly counts. Class-conditional sets keep the rate within each class, each being judged by its own calibration rows, at the price of larger sets.',
  ],
  [
    'P-value',
    'The share of calibration rows whose score was at least as strange as that of this label in this row. A label is in the set if its p-value is above alpha.',
  ],
  [
    'Set without labels',
    'Every class would be stranger there than alpha allows. It is counted as a miss, and tells that the row is unlike the calibration rows.',
  ],
];

/** The words of this page. */
export function guideSection(): Section {
  return {
    id: 'guide',
    heading: 'How to read this',
    short: 'Guide',
    body: html`<dl class="guide">${GUIDE.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`,
  };
}
