import { differenceDecimals, pageFormat } from '../../format.ts';
import type { HeldOut } from '../../run-report.ts';
import { precisionRecallChart, rocChart } from '../charts/curves.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html } from '../markup.ts';
import { figure, type Section } from './section.ts';

const MOST_PANELS = 6;

/** How well the chosen model puts rows in order: precision-recall and ROC curves on held-out rows. */
export function rankingSection({ report, chosen }: ReportContext): Section {
  const { curves } = report.heldOut;
  const one = curves.length === 1 ? curves[0] : undefined;
  return {
    id: 'ranking',
    heading: 'How well rows are put in order',
    short: 'Curves',
    body: html`<p>${dataName(chosen.id, 60)} on the held-out rows. With a rare class look at precision and recall first: the ROC curve
counts false alarms against the many rows of the rest and looks good early.${one ? ` ${areaSentence(one)}` : ''}</p>
${comparisonSentence(report)}
${curves.length === 0 ? html`<p class="muted">No curves: they are not defined for these rows.</p>` : one ? binaryFigure(one) : panels(curves)}`,
  };
}

/** ROC-AUC with DeLong's interval. */
function areaSentence({ rocAuc }: HeldOut['curves'][number]): string {
  const interval = pageFormat.interval(rocAuc, 3);
  const how = { delong: "DeLong's", 'disjoint-pairs': 'exact', trivial: 'trivial' }[rocAuc.method];
  return `The area under the ROC curve is ${pageFormat.number(rocAuc.value)}${interval ? ` (${how} 95\u202f% interval ${interval})` : ''}.`;
}

/** The best strategy against doing nothing on the same held-out rows, by two tests. */
function comparisonSentence({ heldOut, metric }: ReportContext['report']): Content {
  const { comparison } = heldOut;
  if (!comparison) return '';
  const { id, difference, rocAuc } = comparison;
  const digits = differenceDecimals([difference.value], [difference.value]);
  const deLong = rocAuc
    ? `; in ROC-AUC ${pageFormat.signed(rocAuc.value, 4)} ${pageFormat.interval(rocAuc, 4)} by DeLong's paired test${
        rocAuc.pValue === null ? '' : `, p = ${pageFormat.number(rocAuc.pValue, 3)}`
      }`
    : '';
  const { low, high } = difference;
  const verdict =
    low === null || high === null || (low <= 0 && high >= 0)
      ? 'cannot be told from chance'
      : low > 0
        ? 'is better'
        : 'is worse';
  return html`<p>Against doing nothing ${dataName(id, 60)} ${verdict} on these rows: a difference of ${pageFormat.signed(difference.value, digits)} ${pageFormat.interval(difference, digits)} in ${metric.label}, by a paired
bootstrap${deLong}.</p>`;
}

function binaryFigure(curves: HeldOut['curves'][number]): Content {
  const input = { curves, id: 'curve', small: false };
  const { chosen, prevalence } = curves;
  return html`<div class="pair">
${figure({
  title: 'Precision and recall',
  charts: precisionRecallChart(input),
  caption: html`${
    chosen
      ? html`At the chosen threshold: precision ${pageFormat.number(chosen.precision)}, recall ${pageFormat.number(chosen.recall)}. `
      : ''
  }The dashed line is what guessing gives: the share of ${dataName(curves.class, 30)}, ${pageFormat.percent(prevalence)}.${bandNote(curves)}`,
})}
${figure({
  title: 'ROC',
  charts: rocChart(input),
  caption: chosen
    ? `At the chosen threshold: true positive rate ${pageFormat.number(chosen.recall)}, false positive rate ${pageFormat.number(chosen.falsePositiveRate)}. The dashed diagonal is guessing.${bandNote(curves)}`
    : `The dashed diagonal is guessing.${bandNote(curves)}`,
})}
</div>`;
}

const bandNote = (...shown: HeldOut['curves']) =>
  shown.some(({ bands }) => bands !== null)
    ? ' The band is pointwise, 95\u202f%, from a bootstrap of the held-out rows of each class.'
    : '';

/** Small panels, the rarest classes first. */
function panels(curves: HeldOut['curves']): Content {
  const shown = [...curves].sort((a, b) => a.prevalence - b.prevalence).slice(0, MOST_PANELS);
  const left = curves.length - shown.length;
  const note = left > 0 ? ` The ${MOST_PANELS} rarest classes; ${pageFormat.count(left)} more are in report.json.` : '';
  const grid = (draw: typeof rocChart) =>
    html`<div class="multiples">${shown.map(
      (one, i) =>
        html`<div><p>${dataName(one.class, 30)}</p>${draw({ curves: one, id: `curve-${i}`, small: true })}</div>`,
    )}</div>`;
  return html`${figure({
    title: 'Precision and recall, each class against the rest',
    charts: grid(precisionRecallChart),
    caption: `Rarest first. The dashed line is the share of the class, what guessing gives.${note}${bandNote(...shown)}`,
  })}
${figure({ title: 'ROC, each class against the rest', charts: grid(rocChart), caption: `The dashed diagonal is guessing.${note}${bandNote(...shown)}` })}`;
}
