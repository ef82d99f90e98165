'use strict';
// Shows the report that stands in #data; on a live page, asks for a new one now and then.
const REFRESH_MS = 5000;
const RUNS = 6;
const one = selector => document.querySelector(selector);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const runColour = i => colour('--run' + i % RUNS);
const percent = share => share == null ? '' : (100 * share).toFixed(1) + '%';
const fixed = digits => number => number == null ? '' : number.toFixed(digits);
const grouped = number => number == null ? '' : number.toLocaleString('en');
let report = JSON.parse(one('#data').textContent);
let plots = [];

const CURVES = [
  { title: 'Loss of a puzzle', train: 'loss', log: true },
  { title: 'Exact answers', train: 'exact_accuracy', test: 'exact_accuracy', show: percent },
  { title: 'Right cells', train: 'accuracy', test: 'accuracy', show: percent },
  { title: 'ARC tests solved with one try', test: 'arc/pass_at/1', show: percent },
  { title: 'ARC tests solved with two tries', test: 'arc/pass_at/2', show: percent },
  { title: 'Shortest paths', test: 'rules/shortest', show: percent },
  { title: 'Steps until it halts', train: 'steps', test: 'steps' },
  { title: 'Norm of gradients', train: 'gradient_norm', log: true },
  { title: 'Norm of weights', train: 'weight_norm' },
  { title: 'Learning rate', train: 'lr', show: rate => rate == null ? '' : rate.toExponential(1) },
  { title: 'Puzzles per second', train: 'samples_per_s' },
];

function element(tag, text, name) {
  const made = document.createElement(tag);
  if (text != null) made.append(text);
  if (name) made.className = name;
  return made;
}

function chip(i) {
  const made = element('span', null, 'chip');
  made.style.background = runColour(i);
  return made;
}

function table(head, rows) {
  const made = element('table');
  const cells = (tag, values) => {
    const row = element('tr');
    values.forEach(value => {
      const cell = element(tag);
      cell.append(...[value].flat());
      row.append(cell);
    });
    return row;
  };
  made.append(element('thead'), element('tbody'));
  made.tHead.append(cells('th', head));
  rows.forEach(row => made.tBodies[0].append(cells('td', row)));
  return made;
}

// One chart: each series has x, y and a run's number; those from evaluations have points.
function chart(parent, title, series, show, log) {
  const drawn = series.filter(s => s.y && s.y.some(v => v != null));
  if (drawn.length === 0) return;
  const box = element('div', null, 'chart');
  box.append(element('h3', title));
  parent.append(box);
  const positive = drawn.every(s => s.y.every(v => v == null || v > 0));
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const format = show || (number => number == null ? '' : Number(number.toPrecision(4)).toString());
  const options = {
    width: box.clientWidth - 18,
    height: 220,
    scales: { x: { time: false }, y: log && positive ? { distr: 3 } : show === percent ? { range: shares } : {} },
    axes: [axis, { ...axis, size: 58, values: (_, ticks) => ticks.map(tick => tick == null ? '' : format(tick)) }],
    series: [{ label: 'step' }].concat(drawn.map(s => ({
      label: s.label,
      stroke: runColour(s.run) + (s.points || !s.faint ? '' : '80'),
      width: s.points || !s.faint ? 2 : 1,
      points: { show: Boolean(s.points), size: 5 },
      spanGaps: true,
      value: (_, v) => format(v),
    }))),
  };
  const plot = new uPlot(options, uPlot.join(drawn.map(s => [s.x, s.y])), box);
  plots.push([plot, box]);
}

// Shares begin at 0, and do not go beyond 1.
const shares = (_, __, highest) => [0, Math.min(1, Math.max(0.01, 1.1 * (highest || 0)))];

function showSummary() {
  const rows = report.runs.map((run, i) => {
    const last = run.last_step || {};
    const test = run.last_test ? run.last_test.test : {};
    return [[chip(i), run.name], `${grouped(last.step ?? 0)} of ${grouped(total(run))}`, fixed(4)(last.loss),
      percent(test.exact_accuracy), percent(test.accuracy), percent(test.exact_accuracy_at_halt), fixed(1)(test.steps),
      fixed(1)(last.samples_per_s), duration(last.seconds)];
  });
  const box = element('div', null, 'table');
  box.append(table(['run', 'steps', 'loss', 'exact', 'cells', 'exact when halting', 'steps to halt', 'puzzles/s', 'time'],
    rows));
  one('#summary').replaceChildren(box);
}

// A run by epochs does not say how many steps it will take.
const total = run => Number(run.settings['run.steps']) || (run.last_step ? run.last_step.step : 0);

function duration(seconds) {
  if (seconds == null) return '';
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${
    String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

function showCurves() {
  const several = report.runs.length > 1;
  const label = (run, kind) => several ? `${run.name} ${kind}` : kind;
  const box = one('#curves .charts');
  box.replaceChildren();
  CURVES.forEach(curve => chart(box, curve.title, report.runs.flatMap((run, i) => [
    { label: label(run, 'train'), x: run.train.step, y: run.train[curve.train], run: i, faint: Boolean(curve.test) },
    { label: label(run, 'test'), x: run.test.step, y: curve.test && run.test[curve.test], run: i, points: true },
  ]), curve.show, curve.log));
  const steps = one('#by-step .charts');
  steps.replaceChildren();
  [['Exact answers', 'exact_accuracy_by_step'], ['Right cells', 'accuracy_by_step']].forEach(([title, key]) =>
    chart(steps, title, report.runs.map((run, i) => {
      const values = run.last_test ? run.last_test.test[key] : null;
      return { label: several ? run.name : 'test', x: values && values.map((_, k) => k + 1), y: values, run: i, points: true };
    }), percent));
  one('#by-step').hidden = steps.children.length === 0;
}

function showRatings() {
  const rated = report.runs.map((run, i) => [run, i]).filter(([run]) => run.last_test && run.last_test.test.by_rating);
  one('#by-rating').hidden = rated.length === 0;
  one('#by-rating .table').replaceChildren(...rated.map(([run, i]) => {
    const box = element('div');
    const head = element('h3');
    head.append(chip(i), run.name);
    box.append(head, table(['rating', 'puzzles', 'exact', 'steps to halt'], run.last_test.test.by_rating.map(level => [
      level.lowest === level.highest ? String(level.lowest) : `${level.lowest}–${level.highest}`,
      grouped(level.puzzles), percent(level.exact_accuracy), fixed(1)(level.steps)])));
    return box;
  }));
}

function showSettings() {
  one('#differences').hidden = report.differences.length === 0;
  one('#differences .table').replaceChildren(table(
    ['setting'].concat(report.runs.map((run, i) => [chip(i), run.name])),
    report.differences.map(row => [row.key].concat(row.values))));
  one('#settings').replaceChildren(element('h2', 'Settings'), ...report.runs.map((run, i) => {
    const box = element('details');
    const head = element('summary');
    head.append(chip(i), `${run.name} (${run.version})`);
    const scroll = element('div', null, 'table');
    scroll.append(table(['setting', 'value'], Object.entries(run.settings)));
    box.append(head, scroll);
    return box;
  }));
}

function showPuzzles() {
  const shown = report.runs.map((run, i) => [run, i]).filter(([run]) => run.puzzles.length > 0);
  one('#puzzles').hidden = shown.length === 0;
  one('#puzzles .puzzles').replaceChildren(...shown.map(([run, i]) => {
    const box = element('div');
    const head = element('h3');
    head.append(chip(i), `${run.name} after step ${grouped(run.puzzles[0].step)}`);
    const remark = run.puzzles[0].remark;
    box.append(head, ...(remark ? [element('p', remark)] : []), ...run.puzzles.map(Puzzles.show));
    return box;
  }));
}

function show() {
  plots.forEach(([plot]) => plot.destroy());
  plots = [];
  showSummary();
  showCurves();
  showRatings();
  showSettings();
  showPuzzles();
  document.body.dataset.shown = 'yes';
}

async function refresh() {
  try {
    const answer = await fetch(document.body.dataset.live);
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    const fresh = JSON.parse(text);
    if (text !== refresh.last) {
      report = fresh;
      refresh.last = text;
      show();
    }
    one('#state').textContent = 'Live; last looked at ' + new Date().toLocaleTimeString();
  } catch (e) {
    one('#state').textContent = 'No answer from trm watch: ' + e.message;
  }
  setTimeout(refresh, REFRESH_MS);
}

show();
new ResizeObserver(() => plots.forEach(([plot, box]) =>
  plot.setSize({ width: box.clientWidth - 18, height: 220 }))).observe(one('main'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
if (document.body.dataset.live) setTimeout(refresh, REFRESH_MS);
