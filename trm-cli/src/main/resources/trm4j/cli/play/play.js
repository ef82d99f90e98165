'use strict';
// The page: a question, what the model thought of it, and the step that is shown.
const MODEL = JSON.parse(one('#data').textContent);
const STEP_MS = 450;
const LENGTH_OF_LINK = 36;
let question = null;
let thoughts = [];
let which = 0;
let at = 0;
let timer = null;

const thought = () => thoughts[which] || null;
const board = new Board(MODEL.drawing, one('#board'), setCell, solve);

function blank() {
  return Array(MODEL.length).fill(board.blank);
}

function setCell(i, token) {
  if (question[i] === token && !thought()) return;
  question = question.slice();
  question[i] = token;
  thoughts = [];
  at = 0;
  stop();
  show();
}

async function ask(what) {
  stop();
  one('#error').textContent = '';
  one('#told').textContent = 'Thinking …';
  document.body.dataset.busy = 'yes';
  try {
    const answer = await fetch('/solve', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...what, steps: Number(one('#most').value) || MODEL.steps, trace: true }),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.error);
    thoughts = json.puzzles;
    which = 0;
    begin();
  } catch (e) {
    show();
    one('#error').textContent = e.message;
  }
  delete document.body.dataset.busy;
}

function begin() {
  question = thought().cells;
  at = 0;
  link();
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    at = thought().trace.length;
    show();
  } else {
    show();
    play();
  }
}

function solve() {
  return ask({ tokens: question });
}

function go(step) {
  at = Math.max(0, Math.min(thought() ? thought().trace.length : 0, step));
  show();
}

function stop() {
  clearInterval(timer);
  timer = null;
  one('#run').textContent = 'Play';
}

function play() {
  if (timer) return stop();
  if (!thought()) return;
  if (at >= thought().trace.length) at = 0;
  one('#run').textContent = 'Pause';
  timer = setInterval(() => {
    go(at + 1);
    if (at >= thought().trace.length) stop();
  }, STEP_MS);
  show();
}

const percentOf = share => (100 * share).toFixed(share > 0.99 && share < 1 ? 1 : 0) + '%';
const labelled = () => thought().label.some(token => token >= 0);
const wrongCells = step => step.answer.filter((token, i) => thought().label[i] >= 0 && token !== thought().label[i]).length;
const rulesOf = step => Object.entries(step.rules).map(([name, kept]) => (kept ? '✓ ' : '✗ ') + name).join(', ');

function before(i) {
  return i === 0 ? thought().cells : thought().trace[i - 1].answer;
}

function show() {
  const now = thought();
  const step = now && at > 0 ? now.trace[at - 1] : null;
  board.show(step
    ? { question: now.cells, tokens: step.answer, before: before(at - 1), label: labelled() ? now.label : null,
      certainty: step.certainty }
    : { question, tokens: question });
  const range = one('#step');
  range.max = now ? now.trace.length : 0;
  range.value = at;
  range.setAttribute('aria-valuetext', at === 0 ? 'question' : 'step ' + at);
  ['#back', '#forward', '#run', '#step'].forEach(id => { one(id).disabled = !now; });
  one('#told').textContent = step ? told(step) : now && now.title ? now.title : 'The question';
  showCourse();
}

function told(step) {
  const parts = [`Step ${at} of ${thought().trace.length}`, `${percentOf(step.halt_probability)} sure that it is right`];
  if (labelled()) parts.push(wrongCells(step) ? plural(wrongCells(step), 'cell') + ' wrong' : 'all right');
  const rules = rulesOf(step);
  if (rules) parts.push(rules);
  return parts.join(' · ');
}

function showCourse() {
  const now = thought();
  const place = one('#course');
  if (!now) return place.replaceChildren();
  const known = labelled();
  const rules = Object.keys(now.trace[0].rules).length > 0;
  const halts = now.trace.findIndex(step => step.halts) + 1;
  const rows = now.trace.map((step, i) => [
    element('span', `${i + 1}${i + 1 === halts ? ', halts' : ''}`), bar(step.halt_probability, percentOf(step.halt_probability)),
    grouped(step.answer.filter((token, k) => token !== before(i)[k]).length),
    percentOf(step.certainty.reduce((sum, c) => sum + c, 0) / step.certainty.length / 100),
    ...(known ? [grouped(wrongCells(step))] : []), ...(rules ? [rulesOf(step)] : []),
  ]);
  const shown = table('What each step came to',
    ['Step', 'Sure that it is right', 'Cells changed', 'Mean certainty', ...(known ? ['Cells wrong'] : []), ...(rules ? ['Rules'] : [])], rows);
  shown.querySelectorAll('tbody tr').forEach((row, i) => {
    row.addEventListener('click', () => { stop(); go(i + 1); });
    if (i + 1 === at) row.setAttribute('aria-current', 'step');
  });
  const parts = [now.remark && element('p', now.remark), shown].filter(Boolean);
  if (thoughts.length > 1) {
    const choice = element('select');
    choice.setAttribute('aria-label', 'Which puzzle');
    thoughts.forEach((each, i) => choice.append(element('option', each.title || `Puzzle ${i + 1} of ${thoughts.length}`)));
    choice.selectedIndex = which;
    choice.addEventListener('change', () => { stop(); which = choice.selectedIndex; begin(); });
    parts.unshift(element('p', choice));
  }
  place.replaceChildren(...parts);
}

// A puzzle in the address: a character of 0-9a-z for each token, or numbers with dots between them.
function link() {
  const few = MODEL.drawing.tokens.length <= LENGTH_OF_LINK;
  history.replaceState(null, '', '#' + (few ? question.map(t => t.toString(LENGTH_OF_LINK)).join('') : question.join('.')));
}

function linked() {
  const text = location.hash.slice(1);
  const tokens = /^[0-9.]*\.[0-9.]*$/.test(text) ? text.split('.').map(Number) : [...text].map(c => parseInt(c, LENGTH_OF_LINK));
  const fits = tokens.length === MODEL.length && tokens.every(t => t >= 0 && t < MODEL.drawing.tokens.length);
  return fits ? tokens : null;
}

function examples() {
  if (MODEL.examples === 0) return;
  const choice = element('select');
  choice.append(element('option', 'Test puzzles'));
  for (let i = 0; i < MODEL.examples; i++) choice.append(element('option', `Test puzzle ${i + 1}`));
  choice.setAttribute('aria-label', 'A test puzzle');
  choice.addEventListener('change', () => choice.selectedIndex > 0 && ask({ example: choice.selectedIndex - 1 }));
  one('#examples').append(element('p', choice));
}

one('h1').textContent = MODEL.name;
one('#remarks').append(element('p', `It solves ${MODEL.puzzles}.`, 'soft'), ...MODEL.remarks.map(text => element('p', text)));
one('#most').value = MODEL.steps;
one('#most').max = MODEL.most_steps;
one('#solve').addEventListener('click', solve);
one('#clear').addEventListener('click', () => { question = blank(); thoughts = []; at = 0; stop(); show(); });
one('#back').addEventListener('click', () => { stop(); go(at - 1); });
one('#forward').addEventListener('click', () => { stop(); go(at + 1); });
one('#run').addEventListener('click', play);
one('#step').addEventListener('input', () => { stop(); go(Number(one('#step').value)); });
one('#link').addEventListener('click', async () => {
  link();
  try {
    await navigator.clipboard.writeText(location.href);
    one('#link').textContent = 'Copied';
  } catch {
    one('#link').textContent = 'It is in the address bar';
  }
  setTimeout(() => { one('#link').textContent = 'Copy link'; }, 2000);
});
one('#read').addEventListener('click', () => ask({ puzzle: one('#pasted').value }));
one('#file').addEventListener('change', async event => {
  const file = event.target.files[0];
  if (file) {
    one('#pasted').value = await file.text();
    ask({ puzzle: one('#pasted').value });
  }
});
addEventListener('keydown', event => {
  if (event.target.closest('input, textarea, select, button, summary, td') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'ArrowLeft') { stop(); go(at - 1); } else if (event.key === 'ArrowRight') { stop(); go(at + 1); } else if (event.key === ' ') play(); else return;
  event.preventDefault();
});
addEventListener('hashchange', () => { const tokens = linked(); if (tokens && String(tokens) !== String(question)) ask({ tokens }); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
examples();
board.palette(one('#palette'));
question = linked() || blank();
show();
if (linked()) solve();
document.body.dataset.shown = 'yes';
