import { type Interval, NOT_DEFINED, pageFormat } from '../format.ts';
import { type Content, html, type Markup } from './markup.ts';

export interface TableOptions {
  readonly caption: Content;
  readonly note?: Content;
  /** Column heads; `r` columns are set to the right. */
  readonly head: readonly { readonly text: Content; readonly right?: boolean }[];
  /** Rows of cells as built by `cell`, `numberCell` and the like. */
  readonly rows: readonly Markup[];
  readonly className?: string;
}

/** A table in a box of its own that scrolls sideways, reachable by keyboard. */
export function table({ caption, note, head, rows, className }: TableOptions): Markup {
  const heads = head.map(({ text, right }) => html`<th scope="col"${right ? html` class="r"` : ''}>${text}</th>`);
  return html`<div class="scroll${rows.length <= 12 ? ' keep' : ''}" tabindex="0"><table${className ? html` class="${className}"` : ''}>
<caption><span class="title">${caption}</span>${note ? html`<span class="note">${note}</span>` : ''}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.map(
  (row) => html`${row}
`,
)}</tbody></table></div>`;
}

export const row = (cells: Content, className = ''): Markup =>
  className ? html`<tr class="${className}">${cells}</tr>` : html`<tr>${cells}</tr>`;

export const rowHead = (text: Content): Markup => html`<th scope="row" class="wrap">${text}</th>`;
export const cell = (text: Content): Markup => html`<td>${text}</td>`;
export const wrapCell = (text: Content): Markup => html`<td class="wrap">${text}</td>`;
export const rightCell = (text: Content): Markup => html`<td class="r">${quietUndefined(text)}</td>`;

/** A number with all its digits behind it, for programs and for the curious. */
export const exact = (value: number | null, text: string): Markup =>
  value === null ? html`<span class="not-defined">${NOT_DEFINED}</span>` : html`<data value="${value}">${text}</data>`;

export function numberCell(value: number | null, decimals = 3): Markup {
  return html`<td class="r">${exact(value, pageFormat.number(value, decimals))}</td>`;
}

/** Value with its interval underneath. */
export function estimateCell(estimate: Interval | null | undefined, decimals = 3, signed = false): Markup {
  if (!estimate) return html`<td class="r"><span class="muted">—</span></td>`;
  const text = signed ? pageFormat.signed(estimate.value, decimals) : pageFormat.number(estimate.value, decimals);
  const interval = pageFormat.interval(estimate, decimals);
  return html`<td class="r">${exact(estimate.value, text)}${interval ? html` <span class="ci">${interval}</span>` : ''}</td>`;
}

function quietUndefined(text: Content): Content {
  return text === NOT_DEFINED ? html`<span class="not-defined">${text}</span>` : text;
}

/** Something long behind a line that can be opened. */
export const fold = (summary: Content, body: Content): Markup =>
  html`<details><summary>${summary}</summary>${body}</details>`;
