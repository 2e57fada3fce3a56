import { createHash } from 'node:crypto';
import { type Content, html, type Markup, trusted } from './markup.ts';
import { renderSection, type Section } from './sections/section.ts';
import { STYLES } from './styles.ts';

export interface Page {
  /** For the window; text from a data set cut by the caller. */
  readonly title: string;
  /** The small line at the top: what the page is about. */
  readonly heading: Content;
  /** Beside it: of what, and by which version. */
  readonly about: Content;
  /** What stands first: the answer. Carries the anchor `lead`, an element of the caller's with `id="${lead.id}"`. */
  readonly lead: { readonly id: string; readonly name: string; readonly body: Markup };
  readonly sections: readonly Section[];
  /** The one script of the page; the page must be complete without it. */
  readonly script?: string | undefined;
}

/** One HTML file: no network, complete without JavaScript, for screen, phone and paper. The same page gives the same bytes. */
export function renderPage({ title, heading, about, lead, sections, script }: Page): string {
  return html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLES)}</style>
</head>
<body>
<a class="skip" href="#${lead.id}">${lead.name}</a>
<div class="page">
<header class="masthead"><h1>${heading}</h1><p>${about}</p></header>
<main>
${lead.body}
<nav class="toc" aria-label="Contents"><ul>${sections.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}</ul></nav>
${sections.map(renderSection)}
</main>
</div>
${script === undefined ? '' : html`<script>${trusted(script)}</script>`}
</body>
</html>
`.markup;
}

/** Forbids every request; allows the one style sheet and the one script of this file by their hashes. */
function policy(script: string | undefined): string {
  return [
    "default-src 'none'",
    `style-src ${hash(STYLES)}`,
    ...(script === undefined ? [] : [`script-src ${hash(script)}`]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
