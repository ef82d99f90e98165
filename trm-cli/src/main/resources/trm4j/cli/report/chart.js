'use strict';
// Charts: lines and points on plain or logarithmic axes, with a legend, a summary for those who do not see them, and
// their numbers as a table.
const Charts = (() => {
  const HEIGHT = 220;
  const ROWS = 12;
  // With more points, they would hide the line.
  const MANY = 40;
  let plots = [];

  function clear() {
    plots.forEach(({ plot }) => plot.destroy());
    plots = [];
  }

  // Shares begin at 0, and do not go beyond 1.
  const shares = (_, __, highest) => [0, Math.min(1, Math.max(0.01, 1.05 * (highest || 0)))];

  // A summary such as "train: 100 points, from 2.3 at step 1 to 0.2 at step 800, lowest 0.19, highest 2.4".
  function told(series, x, y) {
    const known = series.y.map((v, i) => [series.x[i], v]).filter(([, v]) => v != null);
    const values = known.map(([, v]) => v);
    const [first, last] = [known[0], known[known.length - 1]];
    return `${series.label}: ${plural(known.length, 'point')}, from ${y(first[1])} at ${x(first[0])} to ${
      y(last[1])} at ${x(last[0])}, lowest ${y(Math.min(...values))}, highest ${y(Math.max(...values))}`;
  }

  // Some of the rows: the first, the last, and those that are spread evenly between.
  const some = (length, count) => length <= count ? [...Array(length).keys()]
    : [...Array(count).keys()].map(i => Math.round(i * (length - 1) / (count - 1)));

  // Over many powers of ten, lines between them would be a grey field.
  const isWide = series => {
    const values = series.flatMap(s => s.y).filter(isNumber);
    return Math.max(...values) > 1e3 * Math.min(...values);
  };
  const powers = (_, __, lowest, highest) => {
    const [first, last] = [lowest, highest].map(v => Math.round(Math.log10(v)));
    const every = Math.ceil((last - first) / 5);
    return [...Array(last - first + 1).keys()].filter(i => i % every === 0).map(i => 10 ** (first + i));
  };

  /*
   * Draws a chart, unless no series has a number.
   * chart: title, legend (false for none), x and y with name, format, log, share; series with label, x, y, number, and
   * perhaps lowest, highest, points, dots (points without a line), bars, thin, dash, beside (what a further column of
   * its numbers is called, and has); marks with x, y, text; rules, vertical lines with x, text.
   */
  function draw(parent, chart) {
    const series = chart.series.filter(s => s.y && s.y.some(isNumber));
    if (series.length === 0) return;
    const x = chart.x.format || grouped;
    const y = chart.y.format || (chart.y.share ? percent : short);
    const box = element('figure', element('h3', chart.title), 'chart');
    const frame = element('div', null, 'plot');
    parent.append(box);
    box.append(frame);
    const tables = series.map(s => [s.x, s.y, ...(s.lowest ? [s.lowest, s.highest] : [])]);
    const positive = series.every(s => [...s.y, ...(s.lowest || [])].every(v => v == null || v > 0));
    const axis = {
      stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false },
      font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif', labelSize: 18, labelGap: 0, gap: 4,
    };
    const lines = [{}];
    const bands = [];
    const column = [];
    series.forEach(s => {
      column.push(lines.length);
      const stroke = seriesColour(s.number);
      lines.push({
        label: s.label, stroke: stroke, width: s.dots || s.bars ? 0 : s.thin ? 1 : 2, spanGaps: true,
        dash: s.bars ? undefined : s.dash || seriesDash(s.number), fill: s.bars ? stroke : undefined,
        paths: s.dots ? () => null : s.bars ? uPlot.paths.bars({ size: [0.7, 40] }) : undefined,
        points: { show: Boolean(s.points || s.dots), size: s.dots ? 8 : s.x.length > MANY ? 3 : 6, fill: stroke },
      });
      if (s.lowest) {
        bands.push({ series: [lines.length + 1, lines.length], fill: stroke + '26' });
        // A spike is narrower than a pixel: its edge is a line, or nobody would see it.
        lines.push(...[0, 1].map(() => ({ stroke: stroke + '66', width: 0.75, points: { show: false },
          spanGaps: true })));
      }
    });
    const { outputs, legend } = legendOf(series);
    const heard = element('span', null, 'unseen');
    heard.setAttribute('aria-live', 'polite');
    const plot = new uPlot({
      width: frame.clientWidth, height: chart.height || HEIGHT, legend: { show: false }, cursor: { y: false },
      scales: {
        x: { time: false, distr: chart.x.log ? 3 : 1,
          ...(series.some(s => s.bars) ? { range: (_, first, last) => [first - 0.6, last + 0.6] } : {}) },
        y: chart.y.log && positive ? { distr: 3 } : chart.y.share ? { range: shares }
          : series.some(s => s.bars) ? { range: (_, __, highest) => [0, 1.05 * highest] } : {},
      },
      axes: [
        { ...axis, size: 28, label: chart.x.name, values: (_, ticks) => ticks.map(t => t == null ? '' : x(t)) },
        { ...axis, size: 52, label: chart.y.name, ...(chart.y.log && positive && isWide(series) ? { splits: powers } : {}),
          values: (_, ticks) => ticks.map(t => t == null ? '' : chart.y.share ? tick(t) : y(t)) },
      ],
      series: lines, bands,
      hooks: {
        setCursor: [u => outputs.forEach((output, i) => {
          const value = u.cursor.idx == null ? null : u.data[column[i]][u.cursor.idx];
          output.textContent = value == null ? '' : y(value);
        })],
        draw: [u => mark(u, chart.marks || []), u => rule(u, chart.rules || [])],
      },
    }, uPlot.join(tables), frame);
    frame.tabIndex = 0;
    frame.dataset.key = 'chart ' + chart.title;
    frame.setAttribute('role', 'img');
    frame.setAttribute('aria-label', `${chart.title}: ${chart.y.name} by ${chart.x.name}. ${
      series.map(s => told(s, x, y)).join('; ')}. Arrow keys go from point to point.`);
    frame.addEventListener('keydown', event => step(event, plot, heard, u =>
      `${chart.x.name} ${x(u.data[0][u.cursor.idx])}: ${series.map((s, i) => [s.label, u.data[column[i]][u.cursor.idx]])
        .filter(([, v]) => v != null).map(([label, v]) => `${label} ${y(v)}`).join(', ')}`));
    if (chart.legend !== false) box.append(legend);
    box.append(heard, Saving.buttons(chart, series, plot),
      details('numbers ' + chart.title, 'Numbers', () => numbers(chart, series, x, y)));
    plots.push({ plot, frame });
  }

  function legendOf(series) {
    const legend = element('ul', null, 'legend');
    const outputs = series.map(s => {
      const name = element('span', s.label, 'name');
      name.title = s.label;
      const output = element('output');
      output.setAttribute('aria-live', 'off');
      legend.append(element('li', [swatch(s.number, s), name, output]));
      return output;
    });
    return { outputs, legend };
  }

  // Left and right: the point before and after; Home and End: the first and the last.
  function step(event, plot, heard, text) {
    const last = plot.data[0].length - 1;
    const at = plot.cursor.idx;
    const to = { ArrowLeft: at == null ? last : at - 1, ArrowRight: at == null ? 0 : at + 1, Home: 0,
      End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const x = plot.data[0][Math.max(0, Math.min(last, to))];
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: 0 });
    heard.textContent = text(plot);
  }

  function mark(u, marks) {
    const scale = window.devicePixelRatio || 1;
    const pen = u.ctx;
    pen.save();
    pen.font = 12 * scale + 'px system-ui, sans-serif';
    pen.fillStyle = colour('--ink');
    pen.textBaseline = 'middle';
    marks.forEach(({ x, y, text }) => {
      const left = u.valToPos(x, 'x', true);
      const wide = pen.measureText(text).width + 8 * scale;
      const fits = left + wide < u.bbox.left + u.bbox.width;
      pen.textAlign = fits ? 'left' : 'right';
      pen.fillText(text, left + (fits ? 8 : -8) * scale, u.valToPos(y, 'y', true));
    });
    pen.restore();
  }

  function rule(u, rules) {
    const scale = window.devicePixelRatio || 1;
    const pen = u.ctx;
    pen.save();
    pen.font = 12 * scale + 'px system-ui, sans-serif';
    pen.fillStyle = pen.strokeStyle = colour('--soft');
    pen.lineWidth = scale;
    pen.setLineDash([4 * scale, 4 * scale]);
    pen.textAlign = 'left';
    pen.textBaseline = 'bottom';
    // Where curves seldom are: shares come up, changes go down.
    const y = u.bbox.top + (u.scales.y.distr === 3 ? 16 * scale : u.bbox.height - 4 * scale);
    rules.forEach(({ x, text }) => {
      const left = u.valToPos(x, 'x', true);
      pen.beginPath();
      pen.moveTo(left, u.bbox.top);
      pen.lineTo(left, u.bbox.top + u.bbox.height);
      pen.stroke();
      pen.fillText(text, left + 4 * scale, y);
    });
    pen.restore();
  }

  // Series with the same places stand side by side; the others one below the other.
  function numbers(chart, series, x, y) {
    const same = series.every(s => s.x.length === series[0].x.length && s.x.every((v, i) => v === series[0].x[i]));
    const groups = same ? [series] : series.map(s => [s]);
    return groups.map(group => table(`${chart.title}: ${group.map(s => s.label).join(', ')}`,
      [chart.x.name, ...group.flatMap(s => [s.label, ...(s.beside ? [s.beside[0]] : [])])],
      some(group[0].x.length, chart.rows || ROWS).map(i => [x(group[0].x[i]), ...group.flatMap(s =>
        [y(s.y[i]), ...(s.beside ? [grouped(s.beside[1][i])] : [])])])));
  }

  new ResizeObserver(() => plots.forEach(({ plot, frame }) => {
    if (frame.clientWidth !== plot.width) plot.setSize({ width: frame.clientWidth, height: plot.height });
  })).observe(one('main'));

  return { draw, clear };
})();
