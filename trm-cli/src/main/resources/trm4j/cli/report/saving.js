'use strict';
// Charts as files: the picture as PNG, its numbers as CSV.
const Saving = (() => {
  const MARGIN = 12;
  const LINE = 18;

  function buttons(chart, series, plot) {
    const name = chart.title.toLowerCase().replace(/[^a-z0-9@]+/g, '-').replace(/^-|-$/g, '');
    const button = (kind, make) => {
      const made = element('button', kind);
      made.type = 'button';
      made.dataset.key = `${kind} ${chart.title}`;
      made.setAttribute('aria-label', `Save ${chart.title} as ${kind}`);
      made.addEventListener('click', () => make(blob => save(blob, `${name}.${kind.toLowerCase()}`)));
      return made;
    };
    return element('div', [
      button('PNG', give => picture(chart, series, plot).toBlob(give)),
      button('CSV', give => give(new Blob([csv(chart, series)], { type: 'text/csv' }))),
    ], 'saving');
  }

  function save(blob, name) {
    const link = element('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  const quoted = text => /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;

  // A row for each place that any series has, with all digits; empty where a series has no number.
  function csv(chart, series) {
    const columns = series.flatMap(s => [[s.label, s.x, s.y],
      ...(s.lowest ? [[s.label + ', lowest', s.x, s.lowest], [s.label + ', highest', s.x, s.highest]] : []),
      ...(s.beside ? [[s.label + ', ' + s.beside[0], s.x, s.beside[1]]] : [])]);
    const places = [...new Set(series.flatMap(s => s.x))].sort((a, b) => a - b);
    const maps = columns.map(([, x, y]) => new Map(x.map((place, i) => [place, y[i]])));
    const head = [chart.x.name, ...columns.map(([label]) => label)].map(quoted);
    const rows = places.map(place => [place, ...maps.map(map => isNumber(map.get(place)) ? map.get(place) : '')]);
    return [head, ...rows].map(row => row.join(',') + '\n').join('');
  }

  // The chart with its title and legend, on the page's ground, in the screen's pixels.
  function picture(chart, series, plot) {
    const scale = window.devicePixelRatio || 1;
    const drawn = plot.ctx.canvas;
    const width = drawn.width / scale;
    const canvas = element('canvas');
    const pen = canvas.getContext('2d');
    const font = '12px system-ui, sans-serif';
    pen.font = font;
    const rows = legendRows(pen, series, width);
    canvas.width = (width + 2 * MARGIN) * scale;
    canvas.height = drawn.height + (2 * MARGIN + LINE * (rows.length + 1.5)) * scale;
    pen.scale(scale, scale);
    pen.fillStyle = colour('--ground');
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = colour('--ink');
    pen.textBaseline = 'middle';
    pen.font = '600 14px system-ui, sans-serif';
    pen.fillText(chart.title, MARGIN, MARGIN + LINE / 2, width);
    pen.drawImage(drawn, MARGIN, MARGIN + 1.5 * LINE, width, drawn.height / scale);
    pen.font = font;
    rows.forEach((row, i) => row.forEach(({ s, left }) => {
      const y = MARGIN + LINE * (2 + i) + drawn.height / scale;
      pen.drawImage(swatch(s.number, s), MARGIN + left, y - 5, 24, 10);
      pen.fillText(s.label, MARGIN + left + 30, y, width - left - 30);
    }));
    return canvas;
  }

  function legendRows(pen, series, width) {
    const rows = [[]];
    let left = 0;
    series.forEach(s => {
      const wide = 30 + pen.measureText(s.label).width;
      if (left > 0 && left + wide > width) {
        rows.push([]);
        left = 0;
      }
      rows[rows.length - 1].push({ s, left });
      left += wide + 16;
    });
    return rows;
  }

  return { buttons, csv };
})();
