import { type Content, html, type Markup } from '../markup.ts';

/** A part of the page: its anchor, its heading, one sentence that says what it answers, and its body. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  /** For the table of contents. */
  readonly short: string;
  readonly body: Markup;
}

export function renderSection({ id, heading, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}
</section>
`;
}

/** A chart in both widths with a title above and a sentence below. */
export function figure(options: { title: Content; charts: Content; caption?: Content; legend?: Content }): Markup {
  return html`<figure>
<p class="fig-title">${options.title}</p>
${options.legend}
${options.charts}
${options.caption ? html`<figcaption>${options.caption}</figcaption>` : ''}
</figure>`;
}

/** One entry of a legend: a line as it is drawn. */
export function legendLine(
  label: Content,
  colour: string,
  dash: string,
  marker: 'none' | 'circle' | 'square' = 'none',
): Markup {
  const mark =
    marker === 'circle'
      ? html`<circle cx="15" cy="6" r="4" fill="${colour}"/>`
      : marker === 'square'
        ? html`<rect x="11" y="2" width="8" height="8" fill="var(--paper)" stroke="${colour}" stroke-width="1.5"/>`
        : '';
  return html`<li><svg viewBox="0 0 30 12" aria-hidden="true"><line x1="0" x2="30" y1="6" y2="6" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${mark}</svg>${label}</li>`;
}
