'use strict';
// A board of cells that are seen, and may be set: a table, whose cells are reached by arrow keys.
class Board {
  // set(i, token) hears of each cell that a person sets, enter() of Enter.
  constructor(drawing, place, set, enter) {
    this.drawing = drawing;
    this.place = place;
    this.set = set;
    this.enter = enter;
    this.brush = null;
    this.cells = [];
    this.columns = this.rows = 0;
    // Of several that look the same, the first only fills up: it comes in no question.
    this.tokenOf = text => drawing.tokens.findLastIndex(t => !t.filler && t.text.toLowerCase() === text.toLowerCase());
    this.blank = Math.max(this.tokenOf('.'), this.tokenOf(' '));
    if (this.blank < 0) this.blank = drawing.tokens.findIndex(t => !t.filler);
    addEventListener('pointerup', () => { this.painting = false; });
  }

  // What is said of a cell; nothing of a blank, which is a dot in some puzzles.
  text(token) {
    const look = this.drawing.tokens[token];
    return !look ? '?' : look.text === '.' ? '' : look.text.trim();
  }

  // The part that is more than filling: of an ARC task, its grids.
  extent(tokens) {
    const columns = this.drawing.columns;
    let bottom = 0;
    let right = 0;
    for (const list of tokens) {
      list.forEach((token, i) => {
        if (token >= 0 && !this.drawing.tokens[token].filler) {
          bottom = Math.max(bottom, Math.floor(i / columns));
          right = Math.max(right, i % columns);
        }
      });
    }
    const whole = !this.drawing.tokens.some(t => t.filler);
    const length = tokens[0].length;
    return whole || bottom + right === 0 ? [Math.ceil(length / columns), Math.min(columns, length)] : [bottom + 1, right + 1];
  }

  // Makes the table anew if it is of another extent.
  fit(tokens) {
    const [rows, columns] = this.extent(tokens);
    if (rows === this.rows && columns === this.columns) return;
    this.rows = rows;
    this.columns = columns;
    const table = element('table', null, 'board');
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-label', 'Puzzle, ' + rows + ' by ' + columns);
    table.style.setProperty('--cell', Math.max(12, Math.min(44, Math.floor(Math.min(innerWidth - 40, 480) / columns))) - 1 + 'px');
    this.cells = [];
    for (let row = 0; row < rows; row++) {
      const line = table.insertRow();
      const boxes = this.drawing.box_rows;
      if (boxes && (row + 1) % boxes === 0 && row + 1 < rows) line.className = 'end';
      for (let column = 0; column < columns; column++) {
        const cell = line.insertCell();
        cell.append(element('span'));
        cell.setAttribute('role', 'gridcell');
        cell.tabIndex = row + column === 0 ? 0 : -1;
        this.listen(cell, row, column);
        this.cells.push({ cell, at: row * this.drawing.columns + column, row, column });
      }
    }
    this.place.replaceChildren(table);
  }

  listen(cell, row, column) {
    const at = row * this.drawing.columns + column;
    const paint = () => this.brush !== null && this.set(at, this.brush);
    cell.addEventListener('pointerdown', event => {
      event.target.releasePointerCapture?.(event.pointerId);
      this.painting = true;
      paint();
    });
    cell.addEventListener('pointerenter', () => this.painting && paint());
    cell.addEventListener('focus', () => this.cells.forEach(each => { each.cell.tabIndex = each.cell === cell ? 0 : -1; }));
    cell.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const token = this.tokenOf(event.key);
      if (move) {
        const other = this.cells[(row + move[0]) * this.columns + column + move[1]];
        if (other && other.row === row + move[0] && other.column === column + move[1]) other.cell.focus();
      } else if (event.key === 'Enter') {
        this.enter();
      } else if (event.key === 'Backspace' || event.key === 'Delete') {
        this.set(at, this.blank);
      } else if (token >= 0) {
        this.set(at, token);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // look: question and tokens; perhaps before (an answer), label, certainty (in percent).
  show(look) {
    this.fit([look.question, look.tokens, look.label || look.question]);
    for (const { cell, at, row, column } of this.cells) {
      const token = look.tokens[at];
      const drawn = this.drawing.tokens[token] || { text: '?' };
      const given = token === look.question[at] && drawn.given;
      const changed = !!look.before && look.before[at] !== token;
      const wrong = !!look.label && !!look.before && look.label[at] >= 0 && look.label[at] !== token;
      const sure = look.certainty ? look.certainty[at] : null;
      const boxes = this.drawing.box_columns;
      cell.className = [given && 'given', changed && 'changed', wrong && 'wrong',
        boxes && (column + 1) % boxes === 0 && column + 1 < this.columns && 'end'].filter(Boolean).join(' ');
      const inner = cell.firstChild;
      inner.textContent = drawn.colour ? /^[A-Z]$/.test(drawn.text) ? drawn.text : '' : drawn.text === '.' ? '' : drawn.text;
      inner.style.background = drawn.colour || '';
      inner.style.color = drawn.colour ? '#ffffff' : wrong ? colour('--wrong-ink') : '';
      // Cells that have a colour of their own fade, others are tinted.
      const doubt = sure === null || given ? 0 : (1 - sure / 100) ** 0.75;
      if (!drawn.colour && doubt > 0) {
        inner.style.background = `color-mix(in srgb, var(--unsure) ${100 * doubt}%, transparent)`;
      }
      inner.style.opacity = drawn.colour && doubt > 0 ? 1 - 0.75 * doubt : '';
      cell.setAttribute('aria-label', `row ${row + 1} column ${column + 1}: ${this.text(token) || 'blank'}`
        + (given ? ', given' : sure === null ? '' : `, ${sure}% sure`) + (changed ? ', changed' : '')
        + (wrong ? `, wrong, ${this.text(look.label[at])} is right` : ''));
    }
  }

  // Buttons for what a cell becomes when it is clicked; again for nothing.
  palette(place) {
    const tokens = this.drawing.tokens.map((look, token) => ({ look, token }))
      .filter(({ look, token }) => look.text && look.text !== '?' && this.tokenOf(look.text) === token);
    if (tokens.length > 16) return;
    place.replaceChildren(...tokens.map(({ look, token }) => {
      const button = element('button', look.text.trim() && look.text !== '.' ? look.text : '␣');
      if (look.colour) {
        button.style.background = look.colour;
        button.style.color = '#ffffff';
      }
      button.setAttribute('role', 'radio');
      button.setAttribute('aria-checked', 'false');
      button.setAttribute('aria-label', this.text(token) || 'blank');
      button.addEventListener('click', () => {
        this.brush = this.brush === token ? null : token;
        [...place.children].forEach(other => other.setAttribute('aria-checked', String(other === button && this.brush !== null)));
      });
      return button;
    }));
  }
}
