'use strict';
// The page: a question, what the model thought of it, and the step that is shown.
const MODEL = JSON.parse(one('#data').textContent);
// What a page shows that comes without a server.
const STILL = MODEL.thoughts;
const LENGTH_OF_LINK = 36;
let question = null;
let thoughts = [];
let which = 0;
// The try that is looked at, of several.
let tried = 0;

const thought = () => thoughts[which] || null;
const several = () => Boolean(thought() && thought().rollouts);
const trace = () => several() ? thought().rollouts[tried].trace : thought().trace;
const board = new Board(MODEL.drawing, one('#board'), setCell, solve);
const player = new Player(show);
const tries = new Tries(MODEL, one('#rollouts'), number => { tried = number; player.stop(); show(); });

function blank() {
  return Array(MODEL.length).fill(board.blank);
}

function forget() {
  thoughts = [];
  one('#demonstrations').replaceChildren();
  player.set(0);
}

function setCell(i, token) {
  if (STILL) return;
  if (question[i] === token && !thought()) return;
  question = question.slice();
  question[i] = token;
  forget();
}

async function ask(what) {
  player.stop();
  one('#error').textContent = '';
  one('#told').textContent = 'Thinking …';
  document.body.dataset.busy = 'yes';
  try {
    const answer = await fetch('/solve', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...what, ...tries.asked(Number(one('#most').value) || MODEL.steps), trace: true }),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.error);
    thoughts = json.puzzles;
    which = 0;
    one('#demonstrations').replaceChildren();
    begin();
  } catch (e) {
    show();
    one('#error').textContent = e.message;
  }
  delete document.body.dataset.busy;
}

function begin() {
  question = thought().cells;
  tried = thought().chosen || 0;
  link();
  player.begin(several() ? Math.max(...thought().rollouts.map(one => one.trace.length)) : trace().length);
}

function solve() {
  return STILL ? begin() : ask({ tokens: question });
}

const labelled = () => thought().label.some(token => token >= 0);
// There may be several right answers, of which the one that is known is but one.
const wrongCells = step => accepted(step) ? 0 : step.answer.filter((token, i) => thought().label[i] >= 0 && token !== thought().label[i]).length;
const rulesOf = step => Object.entries(step.rules).map(([name, kept]) => (kept ? '✓ ' : '✗ ') + name).join(', ');
const before = i => i === 0 ? thought().cells : trace()[i - 1].answer;

function show() {
  if (!question) return;
  const now = thought();
  // A try that has ended stays as it is while others go on.
  const at = now ? Math.min(player.at, trace().length) : 0;
  const step = at > 0 ? trace()[at - 1] : null;
  board.show(step
    ? { question: now.cells, tokens: step.answer, before: before(at - 1), label: labelled() && !accepted(step) ? now.label : null,
      certainty: step.certainty }
    : { question, tokens: question });
  one('#told').textContent = step ? told(step, at) : now && now.title ? now.title : 'The question';
  tries.show(now, player.at, tried);
  showCourse(at);
}

function told(step, at) {
  const parts = [...(several() ? [`Try ${tried + 1}${tried === thought().chosen ? ', chosen' : ''}`] : []),
    `Step ${at} of ${trace().length}`, `${percentOf(step.halt_probability)} sure that it is right`];
  if (labelled()) parts.push(wrongCells(step) ? plural(wrongCells(step), 'cell') + ' wrong' : 'all right');
  const rules = rulesOf(step);
  if (rules) parts.push(rules);
  return parts.join(' · ');
}

function showCourse(at) {
  const now = thought();
  const place = one('#course');
  if (!now) return place.replaceChildren();
  const known = labelled();
  const rules = Object.keys(trace()[0].rules).length > 0;
  const halts = trace().findIndex(step => step.halts) + 1;
  const rows = trace().map((step, i) => [
    element('span', `${i + 1}${i + 1 === halts ? ', halts' : ''}`), bar(step.halt_probability, percentOf(step.halt_probability)),
    grouped(step.answer.filter((token, k) => token !== before(i)[k]).length),
    percentOf(step.certainty.reduce((sum, c) => sum + c, 0) / step.certainty.length / 100),
    ...(known ? [grouped(wrongCells(step))] : []), ...(rules ? [rulesOf(step)] : []),
  ]);
  const shown = table('What each step came to',
    ['Step', 'Sure that it is right', 'Cells changed', 'Mean certainty', ...(known ? ['Cells wrong'] : []), ...(rules ? ['Rules'] : [])], rows);
  shown.querySelectorAll('tbody tr').forEach((row, i) => {
    row.addEventListener('click', () => { player.stop(); player.go(i + 1); });
    if (i + 1 === at) row.setAttribute('aria-current', 'step');
  });
  const parts = [now.remark && element('p', now.remark), shown].filter(Boolean);
  if (thoughts.length > 1) {
    const choice = element('select');
    choice.setAttribute('aria-label', 'Which puzzle');
    thoughts.forEach((each, i) => choice.append(element('option', each.title || `Puzzle ${i + 1} of ${thoughts.length}`)));
    choice.selectedIndex = which;
    choice.addEventListener('change', () => { which = choice.selectedIndex; begin(); });
    parts.unshift(element('p', choice));
  }
  place.replaceChildren(...parts);
}

// A puzzle in the address: a character of 0-9a-z for each token, or numbers with dots between them; then its tries.
function link() {
  if (STILL) return;
  const few = MODEL.drawing.tokens.length <= LENGTH_OF_LINK;
  history.replaceState(null, '', '#' + (few ? question.map(t => t.toString(LENGTH_OF_LINK)).join('') : question.join('.'))
    + tries.link());
}

function linked() {
  const [text, ...asked] = location.hash.slice(1).split(';');
  const tokens = /^[0-9.]*\.[0-9.]*$/.test(text) ? text.split('.').map(Number) : [...text].map(c => parseInt(c, LENGTH_OF_LINK));
  const fits = tokens.length === MODEL.length && tokens.every(t => t >= 0 && t < MODEL.drawing.tokens.length);
  if (fits) tries.read(asked);
  return fits ? tokens : null;
}

function examples() {
  if (MODEL.examples === 0) return;
  const choice = element('select');
  choice.append(element('option', `${MODEL.example}s`));
  for (let i = 0; i < MODEL.examples; i++) choice.append(element('option', `${MODEL.example} ${i + 1}`));
  choice.setAttribute('aria-label', `A ${MODEL.example.toLowerCase()}`);
  choice.addEventListener('change', () => choice.selectedIndex > 0 && ask({ example: choice.selectedIndex - 1 }));
  one('#examples').append(element('p', choice));
}

// A text may be puzzles, or ARC tasks, of which one is chosen if there are several.
async function read(text, file) {
  const tasks = MODEL.drawing.kind === 'arc' ? Tasks.read(text, file) : null;
  one('#tasks').replaceChildren();
  if (!tasks) return ask({ puzzle: text });
  const names = Object.keys(tasks);
  const solveTask = async name => {
    await ask({ puzzle: JSON.stringify({ [name]: tasks[name] }) });
    one('#demonstrations').replaceChildren(...Tasks.demonstrations(MODEL.drawing, tasks[name]));
  };
  if (names.length > 1) {
    const choice = element('select', names.map(name => element('option', name)));
    choice.setAttribute('aria-label', 'Which task');
    choice.addEventListener('change', () => solveTask(choice.value));
    one('#tasks').append(element('p', ['Task ', choice]));
  }
  return solveTask(names[0]);
}

one('h1').textContent = MODEL.name;
one('#remarks').append(element('p', `It solves ${MODEL.puzzles}.`, 'soft'), ...MODEL.remarks.map(text => element('p', text)));
one('#moves').append(player.controls);
one('#most').value = MODEL.steps;
one('#most').max = MODEL.most_steps;
one('#solve').addEventListener('click', solve);
one('#clear').addEventListener('click', () => { question = blank(); forget(); });
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
one('#read').addEventListener('click', () => read(one('#pasted').value, ''));
one('#file').addEventListener('change', async event => {
  const file = event.target.files[0];
  if (file) {
    const text = await file.text();
    // What is longer is none to look at.
    one('#pasted').value = text.length <= 100000 ? text : '';
    read(text, file.name);
  }
});
addEventListener('keydown', event => {
  if (event.target.closest('input, textarea, select, button, summary, td') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (player.key(event.key)) event.preventDefault();
});
addEventListener('hashchange', () => {
  const tokens = STILL ? null : linked();
  if (tokens && String(tokens) !== String(question)) ask({ tokens });
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
if (STILL) {
  document.body.dataset.still = 'yes';
  thoughts = STILL;
  begin();
} else {
  examples();
  board.palette(one('#palette'));
  question = linked() || blank();
  player.set(0);
  if (linked()) solve();
}
document.body.dataset.shown = 'yes';
