'use strict';
// Goes through the steps of an answer: back and forth, by itself, by keyboard. Step 0 is the question.
class Player {
  // moved(step) hears of each move; key tells its controls from others' when a page is drawn again.
  constructor(moved, key = 'player') {
    this.moved = moved;
    this.at = 0;
    this.length = 0;
    this.timer = null;
    const button = (text, label, act) => {
      const made = element('button', text);
      made.type = 'button';
      made.dataset.key = `${key} ${label}`;
      made.setAttribute('aria-label', label);
      made.addEventListener('click', act);
      return made;
    };
    this.back = button('◀', 'One step back', () => this.step(-1));
    this.forward = button('▶', 'One step forward', () => this.step(1));
    this.run = button('Play', 'Play', () => this.play());
    this.range = element('input');
    this.range.type = 'range';
    this.range.dataset.key = key + ' range';
    this.range.setAttribute('aria-label', 'Supervision step');
    this.range.addEventListener('input', () => { this.stop(); this.go(Number(this.range.value)); });
    this.controls = element('div', [this.back, this.range, this.forward, this.run], 'row moves');
  }

  // Begins on an answer of so many steps: plays it, or shows its end at once to those who want nothing to move.
  begin(length) {
    this.set(length);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.go(length); else this.play();
  }

  // There is another answer, of which the question is shown; 0 for none.
  set(length) {
    this.stop();
    this.length = length;
    this.go(0);
  }

  go(step) {
    this.at = Math.max(0, Math.min(this.length, step));
    this.range.min = 0;
    this.range.max = this.length;
    this.range.value = this.at;
    this.range.setAttribute('aria-valuetext', this.at === 0 ? 'question' : 'step ' + this.at);
    [this.back, this.forward, this.run, this.range].forEach(each => { each.disabled = this.length === 0; });
    this.moved(this.at);
  }

  step(by) {
    this.stop();
    this.go(this.at + by);
  }

  name(text) {
    this.run.textContent = text;
    this.run.setAttribute('aria-label', text);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.name('Play');
  }

  play() {
    if (this.timer) return this.stop();
    if (this.length === 0) return;
    this.name('Pause');
    this.timer = setInterval(() => {
      if (!this.controls.isConnected) return this.stop();
      this.go(this.at + 1);
      if (this.at >= this.length) this.stop();
    }, Player.STEP_MS);
    this.go(this.at >= this.length ? 0 : this.at);
  }

  // Takes a key, and tells whether it was for this.
  key(key) {
    if (key === 'ArrowLeft') this.step(-1); else if (key === 'ArrowRight') this.step(1); else if (key === ' ') this.play();
    else return false;
    return true;
  }
}
Player.STEP_MS = 450;
