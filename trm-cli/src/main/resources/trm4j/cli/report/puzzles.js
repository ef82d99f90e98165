'use strict';
// Draws puzzles: one picture for the question and one for each supervision step that changed something.
const Puzzles = (() => {
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // Cells have colours, or else texts.
  const coloured = puzzle => puzzle.tokens.some(token => token.colour);

  // The part of the field that a puzzle fills: an ARC grid is smaller than its field.
  function extent(puzzle) {
    const columns = puzzle.columns;
    const rows = puzzle.question.length / columns;
    if (!puzzle.tokens.some(token => token.filler)) return { rows, columns };
    let bottom = 0;
    let right = 0;
    puzzle.question.forEach((token, i) => {
      if (!puzzle.tokens[token].filler || puzzle.label[i] >= 0 && !puzzle.tokens[puzzle.label[i]].filler) {
        bottom = Math.max(bottom, Math.floor(i / columns));
        right = Math.max(right, i % columns);
      }
    });
    return { rows: bottom + 1, columns: right + 1 };
  }

  function picture(puzzle, tokens, before, isAnswer) {
    const part = extent(puzzle);
    const widest = coloured(puzzle) ? 18 : 22;
    const cell = Math.max(6, Math.min(widest, Math.floor(220 / part.columns)));
    const canvas = document.createElement('canvas');
    const scale = window.devicePixelRatio || 1;
    canvas.className = 'grid';
    canvas.width = (part.columns * cell + 1) * scale;
    canvas.height = (part.rows * cell + 1) * scale;
    canvas.style.width = part.columns * cell + 1 + 'px';
    canvas.setAttribute('role', 'img');
    const pen = canvas.getContext('2d');
    pen.scale(scale, scale);
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    for (let row = 0; row < part.rows; row++) {
      for (let column = 0; column < part.columns; column++) {
        const i = row * puzzle.columns + column;
        const wrong = isAnswer && puzzle.label[i] >= 0 && tokens[i] !== puzzle.label[i];
        const changed = isAnswer && before && tokens[i] !== before[i];
        drawCell(pen, puzzle, i, tokens[i], column * cell, row * cell, cell, wrong, changed);
      }
    }
    drawLines(pen, puzzle, part, cell);
    return canvas;
  }

  function drawCell(pen, puzzle, i, token, x, y, size, wrong, changed) {
    const look = puzzle.tokens[token];
    const given = puzzle.tokens[puzzle.question[i]].given;
    const fill = coloured(puzzle) ? look.colour
      : wrong ? colour('--wrong') : changed ? colour('--changed') : given ? colour('--given') : null;
    if (fill) {
      pen.fillStyle = fill;
      pen.fillRect(x, y, size, size);
    }
    if (!coloured(puzzle)) {
      pen.fillStyle = wrong ? colour('--wrong-ink') : colour('--ink');
      pen.font = (given ? '600 ' : '') + Math.round(size * 0.62) + 'px system-ui, sans-serif';
      pen.fillText(look.text === '.' ? '' : look.text, x + size / 2, y + size / 2 + 1);
    } else if (wrong) {
      pen.strokeStyle = colour('--wrong-ink');
      pen.lineWidth = Math.max(1.5, size / 8);
      pen.beginPath();
      pen.moveTo(x + 2, y + 2);
      pen.lineTo(x + size - 2, y + size - 2);
      pen.moveTo(x + size - 2, y + 2);
      pen.lineTo(x + 2, y + size - 2);
      pen.stroke();
    }
  }

  function drawLines(pen, puzzle, part, cell) {
    const line = (thick, x1, y1, x2, y2) => {
      pen.lineWidth = thick ? 2 : 0.5;
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    };
    pen.strokeStyle = colour('--soft');
    for (let row = 0; row <= part.rows; row++) {
      const edge = row === 0 || row === part.rows;
      line(edge || puzzle.box_rows && row % puzzle.box_rows === 0, 0, row * cell, part.columns * cell, row * cell);
    }
    for (let column = 0; column <= part.columns; column++) {
      const edge = column === 0 || column === part.columns;
      line(edge || puzzle.box_columns && column % puzzle.box_columns === 0,
        column * cell, 0, column * cell, part.rows * cell);
    }
  }

  function figure(canvas, caption, halted) {
    const element = document.createElement('figure');
    const text = document.createElement('figcaption');
    text.append(caption);
    if (halted) {
      const mark = document.createElement('b');
      mark.textContent = ' halts here';
      text.append(mark);
      element.className = 'halted';
    }
    canvas.setAttribute('aria-label', text.textContent);
    element.append(canvas, text);
    return element;
  }

  const wrongCells = (puzzle, answer) =>
    answer.filter((token, i) => puzzle.label[i] >= 0 && token !== puzzle.label[i]).length;

  // A puzzle with its steps; steps that change nothing are told, not drawn.
  function show(puzzle) {
    const box = document.createElement('div');
    box.className = 'puzzle';
    const haltsAt = puzzle.steps.findIndex(step => step.halts);
    const last = puzzle.steps[puzzle.steps.length - 1];
    const labelled = puzzle.label.some(token => token >= 0);
    const wrong = wrongCells(puzzle, last.answer);
    const title = document.createElement('h3');
    title.textContent = `Puzzle ${puzzle.example + 1}: ` + (!labelled ? 'no answer is known'
      : wrong === 0 ? 'right' : wrong + (wrong === 1 ? ' cell' : ' cells') + ' wrong') + ' at last';
    box.append(title);
    const row = document.createElement('div');
    row.className = 'steps';
    row.append(figure(picture(puzzle, puzzle.question, null, false), 'question'));
    let before = null;
    let unchanged = 0;
    puzzle.steps.forEach((step, i) => {
      const same = before && step.answer.every((token, k) => token === before[k]);
      if (same && i !== haltsAt) {
        unchanged++;
      } else {
        const left = labelled ? `, ${wrongCells(puzzle, step.answer)} wrong` : '';
        row.append(figure(picture(puzzle, step.answer, before, true),
          `step ${i + 1}${left}, halt logit ${step.halt.toFixed(1)}`, i === haltsAt));
      }
      before = step.answer;
    });
    box.append(row);
    if (unchanged > 0) {
      const note = document.createElement('p');
      note.className = 'soft';
      note.textContent = `${unchanged} of ${puzzle.steps.length} steps changed nothing.`;
      box.append(note);
    }
    return box;
  }

  return { show };
})();
