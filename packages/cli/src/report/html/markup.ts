import { cutText, safeText } from '../safe-text.ts';

/**
 * HTML that is escaped by construction: the tag `html` escapes everything put into a template unless it is markup itself,
 * so that no name from a data set can reach the page as anything but text.
 */
export interface Markup {
  readonly markup: string;
}

export type Content = string | number | Markup | null | undefined | false | readonly Content[];

/** Template tag: literal parts are markup, values are text. Empty for null, undefined and false; arrays are joined. */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let markup = literals[0] ?? '';
  values.forEach((value, i) => {
    markup += render(value) + (literals[i + 1] ?? '');
  });
  return trusted(markup);
}

/** Marks a string as markup. Only for what this package itself has written or escaped. */
export function trusted(markup: string): Markup {
  return Object.freeze({ markup });
}

function render(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(value);
  if ('markup' in value) return value.markup;
  return value.map(render).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute. */
function escapeHtml(text: string): string {
  return safeText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A name from the data set: isolated from the direction of the text around it, cut where long, whole in its title. */
export function dataName(name: string | number, max = 48): Markup {
  const full = String(name);
  if (full.trim() === '') return html`<span class="empty-name">${full === '' ? '(empty)' : '(blank)'}</span>`;
  const cut = cutText(full, max);
  if (cut === safeText(full)) return html`<bdi>${cut}</bdi>`;
  return html`<bdi title="${cutText(full, 600)}">${cut}</bdi>`;
}

/** JSON for a script element: nothing in it can close the element or open a comment. */
export function jsonIsland(id: string, value: unknown): Markup {
  const json = JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/>/g, '\\u003e')
    .replace(/&/g, '\\u0026')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  return html`<script type="application/json" id="${id}">${trusted(json)}</script>`;
}
