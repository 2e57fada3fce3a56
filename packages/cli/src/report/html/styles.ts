/** The style sheet of the report: system fonts, colours that survive colour blindness, light, dark and paper. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --paper: #fff; --panel: #f6f5f1; --ink: #1b1d21; --muted: #62666d; --hair: #dcdad3;
  --accent: #0b62a4; --contrast: #c2540a; --third: #00795c; --fourth: #8a4a8f; --accent-wash: #e6f0f8; --warn-wash: #fbefe2;
  --plot-background: var(--paper);
  --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --panel: #1e2126; --ink: #e8e6e1; --muted: #a2a6ad; --hair: #363a41;
    --accent: #6db3ec; --contrast: #f0934e; --third: #4fc3a1; --fourth: #cf9bd4; --accent-wash: #1b2c3b; --warn-wash: #35271a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 var(--sans); }
.page { max-width: 1020px; margin: 0 auto; padding: 0 20px 64px; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 20px; top: 8px; background: var(--paper); padding: 4px 10px; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 1rem; font-weight: 600; margin: 0; color: var(--muted); overflow-wrap: anywhere; }
h2 { font: 600 1.6rem/1.25 var(--serif); margin: 0 0 .35em; }
h3 { font-size: 1.02rem; margin: 2em 0 .4em; }
p { margin: 0 0 .8em; max-width: 68ch; }
bdi { overflow-wrap: anywhere; }
code, pre, .mono { font-family: var(--mono); font-size: .9em; }
.num, td, dd, output, svg { font-variant-numeric: tabular-nums; }
.muted, .lead { color: var(--muted); }
.empty-name { color: var(--muted); font-style: italic; }
section { border-top: 1px solid var(--hair); margin-top: 44px; padding-top: 28px; }
section.verdict { border: 0; margin-top: 0; padding-top: 14px; }
.masthead { display: flex; flex-wrap: wrap; gap: 2px 18px; justify-content: space-between; align-items: baseline; padding: 20px 0 10px; border-bottom: 2px solid var(--ink); }
.masthead p { margin: 0; font-size: .88rem; color: var(--muted); overflow-wrap: anywhere; }
.kind { display: inline-flex; align-items: center; gap: .5em; font-size: .84rem; font-weight: 650; letter-spacing: .02em; margin: 0 0 .5em; color: var(--accent); }
.kind::before { content: ""; width: .72em; height: .72em; background: currentColor; border-radius: 50%; }
.kind.not-shown, .kind.no-difference, .kind.nothing-compared { color: var(--muted); }
.kind.not-shown::before, .kind.no-difference::before { border-radius: 0; height: .24em; width: .9em; }
.kind.nothing-compared::before { background: none; border: 2px solid currentColor; }
.learner { max-width: 66ch; margin: 0 0 1.25em; }
.sentence { font: 500 clamp(1.3rem, 1.05rem + 1.45vw, 1.95rem)/1.3 var(--serif); max-width: 42ch; margin: 0 0 .75em; text-wrap: pretty; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1px; margin: 0 0 1.2em; border: 1px solid var(--hair); }
.figures > div { box-shadow: 0 0 0 1px var(--hair); padding: 11px 15px 12px; }
.figures dt { font-size: .8rem; color: var(--muted); }
.figures dd { margin: 0; }
.figures .big { display: block; font: 600 1.34rem/1.3 var(--serif); overflow-wrap: anywhere; }
.figures .small { display: block; font-size: .84rem; color: var(--muted); overflow-wrap: anywhere; }
ul.plain { margin: 0 0 1em; padding-left: 1.15em; max-width: 74ch; }
ul.plain li { margin: .25em 0; overflow-wrap: anywhere; }
.callout { background: var(--warn-wash); border-left: 4px solid var(--contrast); padding: 9px 15px; margin: 0 0 1em; }
.callout p { margin: 0; max-width: 76ch; overflow-wrap: anywhere; }
nav.toc { margin-top: 18px; font-size: .9rem; }
nav.toc ul { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 0; padding: 0; }
figure { margin: 1.2em 0 1.6em; break-inside: avoid; min-width: 0; }
figcaption { font-size: .88rem; color: var(--muted); max-width: 76ch; margin-top: .5em; overflow-wrap: anywhere; }
.fig-title { font-weight: 650; margin: 0 0 .4em; overflow-wrap: anywhere; }
svg.plot { display: block; max-width: 100%; height: auto; font: 12px var(--sans); overflow: visible; }
svg.plot text { white-space: pre; }
svg.plot [aria-label$="grid"] { stroke: var(--hair); stroke-opacity: 1; }
svg.plot [aria-label$="tick label"], svg.plot [aria-label$="axis label"] { fill: var(--muted); }
svg.narrow { display: none; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 8px 36px; }
.pair > * { min-width: 0; }
.split { display: grid; grid-template-columns: minmax(0, 560fr) minmax(0, 400fr); gap: 8px 20px; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px 18px; }
@media (min-width: 700px) { .multiples { grid-template-columns: repeat(auto-fill, minmax(215px, 1fr)); } }
.multiples p { margin: 0; font-size: .88rem; font-weight: 600; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; margin: 0 0 .5em; padding: 0; font-size: .88rem; }
.legend svg { width: 30px; height: 12px; vertical-align: middle; margin-right: .5em; overflow: visible; }
.scroll { overflow-x: auto; margin: 0 0 1.2em; max-width: 100%; background:
  linear-gradient(to right, var(--paper) 40%, transparent) left / 40px 100% no-repeat local,
  linear-gradient(to left, var(--paper) 40%, transparent) right / 40px 100% no-repeat local,
  linear-gradient(to right, var(--hair), transparent) left / 10px 100% no-repeat scroll,
  linear-gradient(to left, var(--hair), transparent) right / 10px 100% no-repeat scroll; }
table { border-collapse: collapse; font-size: .88rem; min-width: 100%; }
caption { position: sticky; left: 0; text-align: left; font-weight: 650; font-size: .95rem; padding: 0 0 .45em; }
caption .title { display: block; width: max-content; max-width: min(76ch, calc(100vw - 40px)); }
caption .note { display: block; font-weight: 400; color: var(--muted); font-size: .88rem; width: max-content; max-width: min(76ch, calc(100vw - 40px)); }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--hair); vertical-align: top; }
thead th { font-weight: 600; color: var(--muted); border-bottom: 1px solid var(--muted); vertical-align: bottom; }
th.r, td.r { text-align: right; }
tbody th { font-weight: 500; }
td .ci { display: block; color: var(--muted); font-size: .88em; white-space: nowrap; }
td.r { white-space: nowrap; }
td.wrap { min-width: 16ch; max-width: 44ch; white-space: normal; overflow-wrap: anywhere; }
th bdi, td bdi { overflow-wrap: normal; word-break: normal; }
td.wrap bdi, tbody th.wrap bdi { overflow-wrap: anywhere; }
tbody th.wrap { min-width: 21ch; max-width: 36ch; overflow-wrap: anywhere; }
@media (max-width: 600px) { th, td { padding-right: 10px; } tbody th.wrap { min-width: 16ch; } }
tr.chosen > * { background: var(--accent-wash); }
tr.chosen > :first-child { box-shadow: inset 3px 0 0 var(--accent); padding-left: 10px; }
tr.group > * { border-top: 1px solid var(--muted); }
.tag { display: inline-block; font-size: .76rem; font-weight: 600; border: 1px solid currentColor; border-radius: 3px; padding: 0 .4em; margin-left: .35em; color: var(--accent); white-space: nowrap; }
.tag.quiet { color: var(--muted); font-weight: 500; }
.not-defined { color: var(--muted); font-style: italic; }
details { margin: 0 0 1.2em; }
summary { cursor: pointer; color: var(--accent); font-size: .92rem; padding: 4px 0; }
details[open] > summary { margin-bottom: .5em; }
table.confusion { min-width: 0; width: 100%; max-width: 470px; table-layout: fixed; }
table.confusion caption .note { width: auto; }
table.confusion th, table.confusion td { border: 1px solid var(--hair); padding: 8px 10px; overflow-wrap: anywhere; }
table.confusion td { text-align: center; white-space: normal; }
table.confusion .cell-count { display: block; font: 600 1.25rem/1.3 var(--serif); }
table.confusion .cell-share { display: block; font-size: .8rem; color: var(--muted); }
table.matrix { width: auto; min-width: 0; }
table.matrix td { text-align: right; padding: 5px 10px; border: 1px solid var(--hair); }
table.matrix th { padding: 5px 10px; border: 1px solid var(--hair); }
table.matrix td.diagonal { font-weight: 650; }
SHADES
.explorer { display: grid; grid-template-columns: minmax(0, 640fr) minmax(0, 400fr); gap: 10px 32px; align-items: start; }
.slider { margin: -.6em 0 1em; }
.slider label { display: block; font-size: .92rem; font-weight: 600; margin-bottom: .2em; }
.slider .track { padding-left: 8.44%; padding-right: 3.13%; }
.slider input { width: calc(100% + 16px); margin: 6px -8px; height: 26px; accent-color: var(--accent); cursor: ew-resize; display: block; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: .4em 0 1em; }
button { font: inherit; font-size: .86rem; color: var(--ink); background: var(--panel); border: 1px solid var(--hair); border-radius: 4px; padding: 4px 11px; min-height: 30px; cursor: pointer; }
button:hover { border-color: var(--muted); }
.readout { display: grid; grid-template-columns: repeat(auto-fill, minmax(118px, 1fr)); gap: 8px 14px; margin: 1em 0; }
.readout dt { font-size: .8rem; color: var(--muted); }
.readout dd { margin: 0; font-weight: 650; font-size: 1.08rem; }
.cursor line { stroke: var(--ink); stroke-width: 1.5; }
[hidden] { display: none !important; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 18px; margin: 0 0 1.2em; font-size: .94rem; }
dl.facts dt { color: var(--muted); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--hair); padding: 11px 14px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 1em; }
ol.notices, ul.notices { list-style: none; padding: 0; margin: 0; }
ul.notices li { padding: 9px 0 9px 14px; border-left: 4px solid var(--hair); margin: 0 0 6px; }
ul.notices li.warning { border-left-color: var(--contrast); background: var(--warn-wash); }
ul.notices p { margin: 0; max-width: 82ch; overflow-wrap: anywhere; }
ul.notices .about { font-size: .82rem; color: var(--muted); overflow-wrap: anywhere; }
dl.guide dt { font-weight: 650; margin-top: .9em; }
dl.guide dd { margin: 0; max-width: 70ch; }
@media (max-width: 760px) {
  .split, .explorer { grid-template-columns: minmax(0, 1fr); }
  svg.wide { display: none; }
  svg.narrow { display: block; width: 100%; max-width: 420px; }
  .slider .track { padding-left: 15.88%; padding-right: 5.88%; max-width: 420px; }
  .page { padding: 0 14px 48px; }
  section { margin-top: 34px; padding-top: 22px; }
  h2 { font-size: 1.35rem; }
  dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dl.facts dd { margin-bottom: .5em; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .figures > div { padding: 9px 11px; }
  .figures .big { font-size: 1.12rem; }
  nav.toc ul { gap: 2px 14px; }
  nav.toc a, summary { display: inline-block; padding: 4px 0; }
}
@media (pointer: coarse) { button { min-height: 42px; padding: 8px 14px; } .slider input { height: 40px; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --panel: #f6f5f1; --ink: #000; --muted: #4b4f55; --hair: #ccc; --accent: #0b62a4; --contrast: #b04a06; --third: #00694f; --fourth: #7a3f80; --accent-wash: #eaf2f9; --warn-wash: #fcf3e8; }
  @page { size: A4; margin: 15mm 14mm; }
  body { font-size: 10pt; line-height: 1.42; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; }
  nav.toc, .skip, .screen-only { display: none !important; }
  section { margin-top: 20pt; padding-top: 12pt; }
  h2, h3, h2 + p, .fig-title, .legend, caption { break-after: avoid; }
  figure, .figures, .callout, .keep, p, tr, li, svg, table.confusion { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; background: none; }
  table { font-size: 8pt; }
  th, td { padding-right: 8px; }
  svg.narrow { display: none !important; }
  svg.wide { display: block !important; }
  .split { grid-template-columns: minmax(0, 560fr) minmax(0, 400fr); }
  .explorer { grid-template-columns: minmax(0, 640fr) minmax(0, 400fr); }
  .pair { grid-template-columns: 1fr 1fr; }
  .sentence { font-size: 17pt; }
  a { color: inherit; text-decoration: none; }
}
`.replace('SHADES', shades());

/** Eleven depths of the accent behind the cells of a confusion matrix. */
function shades(): string {
  return Array.from(
    { length: 11 },
    (_, i) => `.shade-${i} { background: color-mix(in srgb, var(--accent) ${i * 4}%, var(--paper)); }`,
  ).join('\n');
}
