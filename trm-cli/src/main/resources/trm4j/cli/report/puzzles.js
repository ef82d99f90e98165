'use strict';
// Draws puzzles: a picture for the question, one for each supervision step that changed something, and the target
// beside an answer that is wrong.
const Puzzles = (() => {
  const MOST_TOLD = 12;

  // The part of the field that is more than filling: of an ARC task, its grids.
  function extent(drawing, puzzle) {
    const columns = drawing.columns;
    const part = { bottom: 0, right: 0 };
    puzzle.question.forEach((token, i) => {
      const shown = [token, puzzle.label[i]].some(t => t >= 0 && !drawing.tokens[t].filler);
      if (shown) {
        part.bottom = Math.max(part.bottom, Math.floor(i / columns));
        part.right = Math.max(part.right, i % columns);
      }
    });
    return part;
  }

  const isWrong = (puzzle, answer, i) => puzzle.label[i] >= 0 && answer[i] !== puzzle.label[i];
  const wrongCells = (puzzle, answer) => answer.filter((_, i) => isWrong(puzzle, answer, i)).length;
  const isLabelled = puzzle => puzzle.label.some(token => token >= 0);

  // look: tokens, and perhaps before (what the step before had) and judged (whether wrong cells are marked); size: of a
  // cell, in pixels, at most.
  function picture(drawing, puzzle, look, size = 24) {
    const part = extent(drawing, puzzle);
    const columns = part.right + 1;
    const rows = part.bottom + 1;
    const plain = drawing.tokens.some(t => t.colour);
    const cell = plain ? Math.max(6, Math.min(18, size, Math.floor(224 / columns))) : size;
    const [canvas, pen] = paper(columns * cell + 2, rows * cell + 2);
    canvas.className = 'grid';
    pen.translate(1, 1);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const i = row * drawing.columns + column;
        drawCell(pen, drawing, {
          token: look.tokens[i],
            given: look.tokens[i] === puzzle.question[i] && (drawing.tokens[look.tokens[i]] || {}).given,
          changed: look.before && look.tokens[i] !== look.before[i], wrong: look.judged && isWrong(puzzle, look.tokens,
            i),
        }, column * cell, row * cell, cell);
      }
    }
    drawLines(pen, drawing, rows, columns, cell);
    canvas.setAttribute('role', 'img');
    return canvas;
  }

  function paper(width, height) {
    const canvas = document.createElement('canvas');
    const scale = window.devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = width + 'px';
    const pen = canvas.getContext('2d');
    pen.scale(scale, scale);
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    return [canvas, pen];
  }

  // Wrong is struck out, changed has a corner, given is bold: none by its colour alone.
  function drawCell(pen, drawing, cell, x, y, size) {
    const look = drawing.tokens[cell.token] || { text: '' };
    const fill = look.colour || (cell.wrong ? colour('--wrong') : cell.changed ? colour('--changed')
      : cell.given ? colour('--given') : null);
    if (fill) {
      pen.fillStyle = fill;
      pen.fillRect(x, y, size, size);
    }
    if (cell.changed) {
      const corner = (style, side) => {
        pen.fillStyle = style;
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(x + side, y);
        pen.lineTo(x, y + side);
        pen.fill();
      };
      if (look.colour) corner('#ffffff', size / 2);
      corner(look.colour ? '#000000' : colour('--changed-ink'), size / 3.5);
    }
    if (cell.wrong) {
      const edge = Math.max(1.5, size / 8);
      const strike = (style, width) => {
        pen.strokeStyle = style;
        pen.lineWidth = width;
        pen.beginPath();
        pen.moveTo(x + edge, y + size - edge);
        pen.lineTo(x + size - edge, y + edge);
        if (look.colour) {
          pen.moveTo(x + edge, y + edge);
          pen.lineTo(x + size - edge, y + size - edge);
        }
        pen.stroke();
      };
      if (look.colour) strike('#ffffff', Math.max(3, size / 4));
      strike(look.colour ? '#000000' : colour('--strike'), Math.max(1.25, size / 14));
    }
    // On colours, letters only, such as a maze's S and G: digits there say no more than the colours.
    if (look.colour ? /^[A-Z]$/.test(look.text) : look.text !== '.') {
      pen.fillStyle = look.colour ? '#ffffff' : cell.wrong ? colour('--wrong-ink') : colour('--ink');
      const height = Math.round(size * (look.text.length > 2 ? 0.4 : 0.58));
      pen.font = `${cell.given || cell.wrong ? '700 ' : ''}${height}px system-ui, sans-serif`;
      pen.fillText(look.text, x + size / 2, y + size / 2 + 1);
    }
  }

  function drawLines(pen, drawing, rows, columns, cell) {
    const thick = (i, end, box) => i === 0 || i === end || box && i % box === 0;
    const line = (bold, x1, y1, x2, y2) => {
      pen.strokeStyle = bold ? colour('--soft') : colour('--line');
      pen.lineWidth = bold ? 1.5 : 0.75;
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    };
    for (const bold of [false, true]) {
      for (let row = 0; row <= rows; row++) {
        if (thick(row, rows, drawing.box_rows) === bold) line(bold, 0, row * cell, columns * cell, row * cell);
      }
      for (let column = 0; column <= columns; column++) {
        if (thick(column, columns, drawing.box_columns) === bold) line(bold, column * cell, 0, column * cell,
          rows * cell);
      }
    }
  }

  // For those who do not see the picture: which cells are wrong, or the rows.
  function told(drawing, puzzle, tokens, judged) {
    const text = token => (drawing.tokens[token] || { text: '?' }).text.trim() || 'blank';
    if (judged) {
      const wrong = [...tokens.keys()].filter(i => isWrong(puzzle, tokens, i));
      return wrong.slice(0, MOST_TOLD).map(i => `row ${Math.floor(i / drawing.columns) + 1} column ${
        i % drawing.columns + 1} is ${text(tokens[i])} instead of ${text(puzzle.label[i])}`).join('; ')
        + (wrong.length > MOST_TOLD ? `; and ${wrong.length - MOST_TOLD} more` : '');
    }
    const part = extent(drawing, puzzle);
    return [...Array(part.bottom + 1).keys()].map(row => tokens.slice(row * drawing.columns,
      row * drawing.columns + part.right + 1).map(t => text(t)).join(' ')).join(' / ');
  }

  function figure(canvas, title, mark, label) {
    const text = element('figcaption', [title, ...(mark ? [mark] : [])]);
    canvas.setAttribute('aria-label', text.textContent + (label ? ': ' + label : ''));
    return element('figure', [canvas, text]);
  }

  function halting(isRight, known) {
    return element('b', known ? isRight ? '✓ halts here, right' : '✗ halts here, wrong' : 'halts here',
      known ? isRight ? 'right' : 'wrong' : '');
  }

  // Goes through the steps as trm play does.
  function player(drawing, puzzle, known, key) {
    const place = element('div');
    const told = element('p');
    told.setAttribute('role', 'status');
    const board = new Board(drawing, place, () => {}, () => {});
    const steps = puzzle.steps;
    const player = new Player(at => {
      const step = at > 0 ? steps[at - 1] : null;
      board.show(step ? { question: puzzle.question, tokens: step.answer, label: known ? puzzle.label : null,
        before: at > 1 ? steps[at - 2].answer : puzzle.question, certainty: step.certainty || null }
        : { question: puzzle.question, tokens: puzzle.question });
      const wrong = step ? wrongCells(puzzle, step.answer) : 0;
      told.textContent = !step ? 'The question' : [`Step ${at} of ${steps.length}`,
        isNumber(step.halt) && percent(1 / (1 + Math.exp(-step.halt))) + ' sure that it is right',
        known && (wrong > 0 ? plural(wrong, 'cell') + ' wrong' : 'all right'), step.halts && 'halts here',
      ].filter(Boolean).join(' · ');
    }, key);
    player.set(steps.length);
    return element('div', [place, told, player.controls, element('p',
      'The yellower a cell, the less the model is sure of it; those that have a colour of their own fade.', 'soft')],
    'player');
  }

  // A puzzle with its steps; steps that change nothing are told, not drawn.
  function show(drawing, puzzle, key) {
    const known = isLabelled(puzzle);
    const last = puzzle.steps[puzzle.steps.length - 1];
    const box = element('article', [
      element('h4', puzzle.why || `Puzzle ${puzzle.example + 1}`), element('p', summary(puzzle, known, last), 'soft')],
        'puzzle');
    const row = element('div', null, 'pictures');
    row.append(figure(picture(drawing, puzzle, { tokens: puzzle.question }), 'Question', null,
      told(drawing, puzzle, puzzle.question, false)));
    let before = null;
    let unchanged = 0;
    puzzle.steps.forEach(step => {
      const same = before && step.answer.every((token, k) => token === before[k]);
      if (same && !step.halts) {
        unchanged++;
      } else {
        const wrong = wrongCells(puzzle, step.answer);
        row.append(figure(picture(drawing, puzzle, { tokens: step.answer, before, judged: true }),
          `Step ${step.step}${known ? `, ${wrong} wrong` : ''}, halt logit ${fixed(1)(step.halt) || '–'}`,
          step.halts ? halting(wrong === 0, known) : null, told(drawing, puzzle, step.answer, known)));
      }
      before = step.answer;
    });
    if (known && wrongCells(puzzle, last.answer) > 0) {
      const target = puzzle.label.map((token, i) => token < 0 ? puzzle.question[i] : token);
      row.append(figure(picture(drawing, puzzle, { tokens: target }), element('b', 'Target'), null,
        told(drawing, puzzle, target, false)));
    }
    box.append(row);
    if (puzzle.steps.length > 1) {
      box.append(details(key, 'Step by step', () => player(drawing, puzzle, known, key)));
    }
    if (puzzle.rollouts) box.append(rollouts(puzzle, known));
    if (unchanged > 0) {
      box.append(element('p', `${unchanged} of ${puzzle.steps.length} steps changed nothing.`, 'soft'));
    }
    return box;
  }

  function summary(puzzle, known, last) {
    const wrong = wrongCells(puzzle, last.answer);
    const parts = [`Puzzle ${grouped(puzzle.example + 1)}`];
    if (puzzle.rating !== undefined) parts.push(`rating ${puzzle.rating}`);
    parts.push(!known ? 'no answer is known' : wrong === 0 ? 'right at last'
      : `${plural(wrong, 'cell')} wrong at last`);
    if (puzzle.right) {
      if (known) parts.push(`right cells after each step: ${puzzle.right.join(', ')} of ${puzzle.labelled}`);
      parts.push(puzzle.halts_at > 0 ? `halts at step ${puzzle.halts_at}` : 'never halts');
    }
    return parts.join(' · ');
  }

  // Which rollouts were right, and which one was chosen.
  function rollouts(puzzle, known) {
    const list = element('p', 'Rollouts: ', 'soft');
    puzzle.rollouts.forEach((rollout, i) => {
      const right = rollout.right === puzzle.labelled || rollout.accepted;
      const text = `${known ? right ? '✓' : '✗' : i + 1} ${fixed(1)(rollout.halt) || '–'}`
        + (i === puzzle.chosen ? ' chosen' : '');
      list.append(i > 0 ? ', ' : '', i === puzzle.chosen
        ? element('b', text, known ? right ? 'right' : 'wrong' : '') : text);
    });
    return list;
  }

  // What the marks in the pictures mean.
  function marks(drawing) {
    const coloured = drawing.tokens.find(t => t.colour);
    const token = coloured || drawing.tokens[drawing.tokens.length - 1];
    const sample = look => {
      const [canvas, pen] = paper(18, 18);
      drawCell(pen, { tokens: [token] }, { token: 0, ...look }, 0, 0, 18);
      canvas.setAttribute('aria-hidden', 'true');
      return canvas;
    };
    const list = [[{ changed: true }, 'changed in this step'], [{ wrong: true }, 'wrong']];
    if (drawing.tokens.some(t => t.given)) list.unshift([{ given: true }, 'given']);
    const box = element('ul', null, 'marks');
    list.forEach(([look, text]) => box.append(element('li', [sample(look), text])));
    return box;
  }

  // Puzzles of a model, or of an evaluation.
  function showcase(title, shown, text, name = '') {
    return [title && element('h3', title), element('p', text, 'soft'), shown.remark && element('p', shown.remark),
      marks(shown.drawing), ...shown.puzzles.map(puzzle =>
        show(shown.drawing, puzzle, `puzzle ${name} ${puzzle.example}`))].filter(Boolean);
  }

  return { showcase, picture };
})();
