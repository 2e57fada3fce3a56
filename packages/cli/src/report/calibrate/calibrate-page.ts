import { calibrationVerdict } from '../../terminal/calibration.ts';
import { pageFormat } from '../format.ts';
import { html, type Markup } from '../html/markup.ts';
import { renderPage } from '../html/page.ts';
import { cutText } from '../safe-text.ts';
import type { CalibrateReport, EstimateReport } from './calibrate-report.ts';
import { guideSection, noticesSection, reproduceSection } from './closing-sections.ts';
import { measuresSection, methodsSection } from './measure-sections.ts';
import { mapSection, reliabilitySection, widthsSection } from './picture-sections.ts';

/**
 * What `calibrate` found as one HTML file: no network, complete without JavaScript. Load this module on demand: it brings the charting
 * library with it. The same report gives the same bytes.
 */
export function renderCalibratePage(report: CalibrateReport): string {
  const { data, versions } = report;
  const sections = [
    measuresSection(report),
    reliabilitySection(report),
    mapSection(report),
    widthsSection(report),
    methodsSection(report),
    noticesSection(report),
    reproduceSection(report),
    guideSection(),
  ];
  return renderPage({
    title: `${cutText(data.source, 60)}: calibration of ${cutText(data.scores.join(', '), 40)} · Counterweight`,
    heading: `Can these probabilities be taken at their word? ${cutText(data.source, 80)}`,
    about: html`target ${cutText(data.target, 60)}${
      data.positive === null ? '' : html`, probabilities of ${cutText(String(data.positive), 40)}`
    } · Counterweight ${versions.counterweight}`,
    lead: { id: 'verdict', name: 'To the verdict', body: verdict(report) },
    sections: sections.filter((section) => section !== null),
  });
}

function verdict(report: CalibrateReport): Markup {
  const { before, methods, choice, widths, prior, data } = report;
  const after = methods.find(({ name }) => name === choice.chosen)!;
  const passes = after.check.passes;
  const figure = (term: string, big: string, small: string) =>
    html`<div><dt>${term}</dt><dd><span class="big">${big}</span> <span class="small">${small}</span></dd></div>`;
  const from = (value: EstimateReport | undefined, decimals: number) =>
    value ? `before ${pageFormat.number(value.value, decimals)}` : 'the scores are no probabilities';
  const one = after.classes.length === 1 ? after.classes[0]! : null;
  return html`<section class="verdict" id="verdict" aria-labelledby="verdict-heading">
<p class="kind ${passes ? '' : 'no-difference'}">${passes ? 'Passes the calibration check' : 'Fails the calibration check'}</p>
<h2 class="sentence" id="verdict-heading">${calibrationVerdict(report)}</h2>
<dl class="figures">
${figure('Brier score, out of fold', pageFormat.number(after.brierScore.value, 4), `${pageFormat.interval(after.brierScore, 4)}; ${from(before?.brierScore, 4)}`)}
${
  one
    ? figure(
        'Calibration in the large, right at 0',
        pageFormat.signed(one.inTheLarge.value, 3),
        `${pageFormat.interval(one.inTheLarge, 3)}; ${from(before?.classes[0]?.inTheLarge, 3)}`,
      )
    : figure(
        'Log loss, out of fold',
        pageFormat.number(after.logLoss.value, 4),
        `${pageFormat.interval(after.logLoss, 4)}; ${from(before?.logLoss, 4)}`,
      )
}
${
  widths
    ? figure(
        'Median width p1 − p0',
        pageFormat.probability(widths.overall.median),
        `nine rows in ten below ${pageFormat.probability(widths.overall.p90)}`,
      )
    : figure(
        'Expected calibration error',
        pageFormat.number(after.ece.value, 4),
        `${pageFormat.interval(after.ece, 4)}; ${from(before?.ece, 4)}`,
      )
}
</dl>
${
  prior
    ? html`<div class="callout"><p>The probabilities are for a population in which ${data.classes
        .map(
          ({ label, share }, code) =>
            `${pageFormat.percent(prior[code]!)} are ${cutText(String(label), 24)} (in these rows ${pageFormat.percent(share)})`,
        )
        .join(', ')}. Every number on this page counts the rows as that population would hold them.</p></div>`
    : ''
}
</section>`;
}
