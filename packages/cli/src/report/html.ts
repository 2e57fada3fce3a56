import { createHash } from 'node:crypto';
import { reportContext } from './html/context.ts';
import { html, trusted } from './html/markup.ts';
import { guideSection, noticesSection, reproduceSection } from './html/sections/closing.ts';
import { coefficientsSection } from './html/sections/coefficients.ts';
import { comparisonSection } from './html/sections/comparison.ts';
import { dataSection } from './html/sections/data.ts';
import { decisionsSection } from './html/sections/decisions.ts';
import { probabilitiesSection } from './html/sections/probabilities.ts';
import { rankingSection } from './html/sections/ranking.ts';
import { renderSection } from './html/sections/section.ts';
import { verdictSection } from './html/sections/verdict.ts';
import { SLIDER_SCRIPT } from './html/slider-script.ts';
import { STYLES } from './html/styles.ts';
import type { RunReport } from './run-report.ts';
import { cutText } from './safe-text.ts';

/**
 * The report as one HTML file: no network, no library in it, complete without JavaScript, for screen, phone and paper.
 *
 * Load this module on demand (`await import`): it brings the charting library with it, which a command that draws nothing should not pay for.
 * The same report gives the same bytes. Throws `RangeError` if the report has no strategy; check foreign documents with `parseRunReport`.
 */
export function renderRunReport(report: RunReport): string {
  const context = reportContext(report);
  const sections = [
    comparisonSection(context),
    decisionsSection(context),
    rankingSection(context),
    probabilitiesSection(context),
    coefficientsSection(context),
    dataSection(context),
    noticesSection(context),
    reproduceSection(context),
    guideSection(),
  ];
  const { data } = report;
  const title = `${cutText(data.source, 60)}: ${cutText(data.target, 40)}`;
  return html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · Counterweight report</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLES)}</style>
</head>
<body>
<a class="skip" href="#verdict">To the verdict</a>
<div class="page">
<header class="masthead"><h1>What to do about the imbalance in ${cutText(data.source, 80)}</h1><p>target ${cutText(data.target, 60)}${
    data.positive === null ? '' : html`, looking for ${cutText(String(data.positive), 40)}`
  } · Counterweight ${report.versions.counterweight}</p></header>
<main>
${verdictSection(context)}
<nav class="toc" aria-label="Contents"><ul>${sections.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}</ul></nav>
${sections.map(renderSection)}
</main>
</div>
<script>${trusted(SLIDER_SCRIPT)}</script>
</body>
</html>
`.markup;
}

/** Forbids every request; allows the one style sheet and the one script of this file by their hashes. */
function policy(): string {
  return [
    "default-src 'none'",
    `style-src ${hash(STYLES)}`,
    `script-src ${hash(SLIDER_SCRIPT)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
