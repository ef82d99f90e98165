'use strict';
// Whether the puzzle's rules accept the answer of a step.
const accepted = step => Object.keys(step.rules).length > 0 && Object.values(step.rules).every(Boolean);
const percentOf = share => (100 * share).toFixed(share > 0.99 && share < 1 ? 1 : 0) + '%';

// Several tries of a puzzle, side by side: what each has after a step, which were right, and which was chosen.
class Tries {
  // shown(number) hears of the one that is to be looked at.
  constructor(model, place, shown) {
    this.model = model;
    this.place = place;
    this.shown = shown;
    this.count = one('#tries');
    this.kind = one('#kind');
    this.select = one('#select');
    this.count.max = model.most_rollouts;
    this.count.value = 1;
    this.kind.append(...[['noise', 'with noise'], ...model.chains.map(sort => [sort, 'in disguise: ' + sort])]
      .map(([value, text]) => new Option(text, value)));
    this.select.append(...[['', 'as usual'], ['q', 'the surest'], ['mode', 'the most frequent'],
      ['converged', 'the calmest'], ['rules', 'the first valid'], ['first', 'the first to halt']]
      .map(([value, text]) => new Option(text, value)));
    const enable = () => { this.kind.disabled = this.select.disabled = !(Number(this.count.value) > 1); };
    this.count.addEventListener('input', enable);
    enable();
    this.enable = enable;
  }

  // What a request says of it.
  asked(steps) {
    const count = Number(this.count.value);
    if (!(count > 1)) return { steps };
    return {
      steps: Math.min(steps, Math.floor(this.model.most_steps / count)),
      ...(this.kind.value === 'noise' ? { rollouts: count } : { chains: `${this.kind.value}:${count}` }),
      ...(this.select.value ? { select: this.select.value } : {}),
    };
  }

  // As it stands in a link; '' for a single try.
  link() {
    return Number(this.count.value) > 1 ? ['', this.count.value, this.kind.value, this.select.value].join(';') : '';
  }

  // Takes what stands in a link.
  read([count, kind, select]) {
    this.count.value = Number(count) >= 1 ? Math.min(Number(count), this.model.most_rollouts) : 1;
    const known = (choice, value) => [...choice.options].some(option => option.value === value);
    if (known(this.kind, kind)) this.kind.value = kind;
    if (known(this.select, select)) this.select.value = select;
    this.enable();
  }

  // thought: as the server tells it; at: the step; number: the try that is looked at.
  show(thought, at, number) {
    const tries = thought && thought.rollouts || [];
    if (tries.length === 0) return this.place.replaceChildren();
    const focus = document.activeElement && document.activeElement.dataset.key;
    const puzzle = { question: thought.cells, label: thought.label };
    const known = thought.label.some(token => token >= 0);
    this.place.replaceChildren(element('h2', 'Tries side by side'), element('p', this.summary(thought, known), 'soft'),
      element('div', tries.map((one, i) => this.button(puzzle, thought, one, i, at, i === number, known)), 'tries'));
    if (focus) [...this.place.querySelectorAll('button')].find(each => each.dataset.key === focus)?.focus();
  }

  summary(thought, known) {
    const tries = thought.rollouts;
    const answers = new Set(tries.map(one => one.same_as)).size;
    return `${plural(tries.length, 'try').replace('trys', 'tries')}, ${plural(answers, 'different answer')}`
      + (known ? `, ${tries.filter(one => one.right).length} right` : '')
      + `; the answer is that of try ${thought.chosen + 1}.`;
  }

  button(puzzle, thought, one, i, at, pressed, known) {
    const step = at > 0 ? one.trace[Math.min(at, one.trace.length) - 1] : null;
    const picture = Puzzles.picture(this.model.drawing, puzzle, { tokens: step ? step.answer : puzzle.question,
      before: step && (at > 1 ? one.trace[Math.min(at, one.trace.length + 1) - 2].answer : puzzle.question),
      judged: Boolean(step) && !accepted(step) }, 14);
    picture.removeAttribute('role');
    picture.setAttribute('aria-hidden', 'true');
    const end = at >= one.trace.length;
    const rules = step && !known ? Object.entries(step.rules).map(([name, kept]) => (kept ? '✓ ' : '✗ ') + name) : [];
    const text = [`Try ${i + 1}`, step && `${percentOf(step.halt_probability)} sure`,
      end && known && (one.right ? '✓ right' : '✗ wrong'), ...rules, end && one.same_as < i && `as try ${one.same_as + 1}`]
      .filter(Boolean).join(' · ');
    const made = element('button', [picture, element('span', text),
      ...(i === thought.chosen ? [element('b', 'chosen')] : [])]);
    made.type = 'button';
    made.dataset.key = 'try ' + i;
    made.setAttribute('aria-pressed', String(pressed));
    made.addEventListener('click', () => this.shown(i));
    return made;
  }
}
