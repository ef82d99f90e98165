'use strict';
// ARC tasks as files have them: one, or many by their names.
const Tasks = (() => {
  const isTask = json => json !== null && typeof json === 'object' && Array.isArray(json.train) && Array.isArray(json.test);

  // Tasks by their names, a single one by that of its file; nothing if the text is something else.
  function read(text, file) {
    let json;
    try {
      json = JSON.parse(text);
    } catch {
      return null;
    }
    if (isTask(json)) return { [file.replace(/\.json$/i, '') || 'task']: json };
    const tasks = json !== null && typeof json === 'object' ? Object.entries(json) : [];
    return tasks.length > 0 && tasks.every(([, task]) => isTask(task)) ? json : null;
  }

  // The grid of a demonstration, and what those hear who do not see it.
  function grid(drawing, rows, label) {
    const columns = Math.max(...rows.map(row => row.length));
    const token = digit => drawing.tokens.findLastIndex(t => !t.filler && t.text === String(digit));
    const tokens = rows.flatMap(row => row.map(token));
    const picture = Puzzles.picture({ ...drawing, columns }, { question: tokens, label: tokens }, { tokens }, 12);
    picture.setAttribute('aria-label', `${label}: ${rows.map(row => row.join(' ')).join(' / ')}`);
    return element('figure', [picture, element('figcaption', label)]);
  }

  // What a task shows of itself.
  const demonstrations = (drawing, task) => [element('h2', 'Demonstrations'), element('div', task.train.map((pair, i) =>
    element('div', [grid(drawing, pair.input, `Input ${i + 1}`), grid(drawing, pair.output, `Output ${i + 1}`)], 'pair')),
    'pictures')];

  return { read, demonstrations };
})();
