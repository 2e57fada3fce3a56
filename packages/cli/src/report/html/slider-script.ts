/**
 * The one script of the report, run in the reader's browser: moves the confusion matrix, the numbers and the cursors of the pictures
 * with the threshold slider. Plain JavaScript without a library; the page is complete without it.
 *
 * The slider stands in units of the pictures' axis (0 to 1 over its range), so that its thumb is under the cursor.
 */
export const SLIDER_SCRIPT = `(() => {
  'use strict';
  const island = document.getElementById('threshold-data');
  const box = document.getElementById('slider-box');
  const slider = document.getElementById('threshold-slider');
  if (!island || !box || !slider) return;
  const { points, scale, presets, costs } = JSON.parse(island.textContent);

  const count = (n) => String(n).replace(/\\B(?=(\\d{3})+$)/g, '\\u202f');
  const digits = (p, least) => {
    const distance = Math.min(p, 1 - p);
    return distance <= 0 ? least : Math.max(least, Math.min(9, 2 - Math.floor(Math.log10(distance))));
  };
  const metric = (a, b) => (b === 0 ? 'not defined' : (a / b).toFixed(3));
  const percent = (a, b) => {
    if (b === 0) return '\\u2014';
    const p = (100 * a) / b;
    const distance = Math.min(p, 100 - p);
    const decimals = distance === 0 ? 0 : distance >= 1 ? 1 : Math.min(8, (p > 50 ? 0 : 1) - Math.floor(Math.log10(distance)));
    return p.toFixed(decimals) + '\\u202f%';
  };
  const place = (threshold) => Math.pow(Math.min(Math.max(threshold / scale.max, 0), 1), scale.exponent);
  const places = points.map((point) => place(point[0]));

  const nearest = (position) => {
    let best = 0;
    for (let i = 1; i < places.length; i++) {
      if (Math.abs(places[i] - position) < Math.abs(places[best] - position)) best = i;
    }
    return best;
  };

  const SVG = 'http://www.w3.org/2000/svg';
  const cursors = Array.from(document.querySelectorAll('svg.follows-slider'), (svg) => {
    const group = document.createElementNS(SVG, 'g');
    const line = document.createElementNS(SVG, 'line');
    group.setAttribute('class', 'cursor');
    line.setAttribute('y1', svg.dataset.top);
    line.setAttribute('y2', svg.dataset.bottom);
    group.append(line);
    svg.append(group);
    return { line, left: Number(svg.dataset.left), right: Number(svg.dataset.right) };
  });

  const cell = (name, value, of) => {
    const element = document.querySelector('#confusion [data-cell="' + name + '"]');
    element.querySelector('.cell-count').textContent = count(value);
    element.querySelector('[data-share]').textContent = percent(value, of);
    element.className = 'shade-' + (of === 0 ? 0 : Math.round((10 * value) / of));
  };
  const out = (name, text) => {
    const element = document.querySelector('[data-out="' + name + '"]');
    if (element) element.textContent = text;
  };

  let current = presets.chosen;
  const show = (index) => {
    current = index;
    const [threshold, tp, fp, fn, tn] = points[index];
    const text = threshold.toFixed(digits(threshold, 3));
    cell('tp', tp, tp + fn);
    cell('fn', fn, tp + fn);
    cell('fp', fp, fp + tn);
    cell('tn', tn, fp + tn);
    out('threshold', text);
    out('flagged', count(tp + fp));
    out('precision', metric(tp, tp + fp));
    out('recall', metric(tp, tp + fn));
    out('f1', metric(2 * tp, 2 * tp + fp + fn));
    out('specificity', metric(tn, tn + fp));
    if (costs) {
      const total = costs.tp * tp + costs.fp * fp + costs.fn * fn + costs.tn * tn;
      const [whole, fraction] = total.toFixed(Number.isInteger(total) ? 0 : 2).split('.');
      out('cost', count(whole) + (fraction ? '.' + fraction : ''));
    }
    const chosen = index === presets.chosen;
    document.getElementById('confusion-at').textContent = chosen ? 'at the chosen threshold' : 'at ' + text + ', not the chosen threshold';
    document.getElementById('threshold-value').textContent = text + (chosen ? ' (chosen)' : '');
    slider.setAttribute('aria-valuetext', 'threshold ' + text + ', ' + count(tp + fp) + ' flagged, precision ' + metric(tp, tp + fp) + ', recall ' + metric(tp, tp + fn));
    for (const { line, left, right } of cursors) {
      const x = String(left + places[index] * (right - left));
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
  };
  const jump = (index) => {
    const kept = Math.min(Math.max(index, 0), points.length - 1);
    slider.value = String(places[kept]);
    show(kept);
  };

  slider.addEventListener('input', () => show(nearest(Number(slider.value))));
  const steps = { ArrowRight: -1, ArrowUp: -1, ArrowLeft: 1, ArrowDown: 1, PageUp: -20, PageDown: 20, Home: points.length, End: -points.length };
  slider.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    jump(current + step);
  });
  for (const button of document.querySelectorAll('[data-preset]')) {
    button.addEventListener('click', () => jump(presets[button.dataset.preset]));
  }
  addEventListener('beforeprint', () => jump(presets.chosen));
  box.hidden = false;
  jump(presets.chosen);
})();`;
