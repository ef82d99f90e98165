'use strict';
// Shows the report that stands in #data; on a live page, asks for a new one now and then.
const REFRESH_MS = 5000;
let report = JSON.parse(one('#data').textContent);

function show() {
  const open = new Set([...document.querySelectorAll('details[open]')].map(box => box.dataset.key));
  const focus = document.activeElement && document.activeElement.dataset.key;
  Charts.clear();
  const all = ['runs', 'ablations', 'evaluations', 'benches'].flatMap(kind => report[kind]);
  one('h1').textContent = all.map(each => each.name).join(' · ');
  one('#problems').replaceChildren(...(report.problems || []).map(text => element('p', 'No longer read: ' + text)),
    ...(report.remarks || []).map(text => element('p', text)));
  const kinds = [['Runs', Runs], ['Ablations', Ablations], ['Evaluations', Evaluations], ['Benches', Benches]]
    .map(([name, kind]) => [name, kind.show(report)]).filter(([, shown]) => shown.length > 0);
  const parts = kinds.flatMap(([name, shown]) => kinds.length > 1 ? [element('h2', name, 'kind'), ...shown] : shown);
  one('main').replaceChildren(...parts.map(part => part.section || part));
  // A chart is as wide as its place on the page.
  parts.forEach(part => part.draw && part.draw());
  document.querySelectorAll('details').forEach(box => {
    box.open = open.has(box.dataset.key);
    box.fill();
  });
  if (focus) [...document.querySelectorAll('[data-key]')].find(each => each.dataset.key === focus)?.focus();
  document.body.dataset.shown = 'yes';
}

// The browser asks whether there is anything new; where there is not, the text is the same.
async function refresh() {
  try {
    const answer = await fetch(document.body.dataset.live, { cache: 'no-cache' });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    if (text !== refresh.last) {
      report = JSON.parse(text);
      refresh.last = text;
      show();
    }
    one('#state').textContent = 'Live; last looked at ' + new Date().toLocaleTimeString();
  } catch (e) {
    one('#state').textContent = 'No answer from trm watch: ' + e.message;
  }
  setTimeout(refresh, REFRESH_MS);
}

if (document.body.dataset.made) one('#state').textContent = 'Made ' + date(document.body.dataset.made);
show();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
if (document.body.dataset.live) setTimeout(refresh, REFRESH_MS);
