'use strict';
// Benches: what devices can do, each operation under that roof, whole steps; or how a step grows with a size.
const Benches = (() => {
  const NAMED = 3;
  // Operations with less of a step than this, on every device, are told apart from the others.
  const LITTLE = 0.001;
  const giga = (amount, unit) => isNumber(amount) ? `${short(Number((amount / 1e9).toPrecision(3)))} G${unit}` : '';
  const mebi = bytes => isNumber(bytes) ? `${grouped(Math.round(bytes / (1 << 20)))} MiB` : '';
  const UNITS = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [1e-9, 'ns']];

  function time(seconds) {
    if (!isNumber(seconds)) return '';
    const [size, unit] = UNITS.find(([s]) => seconds >= s) || UNITS[UNITS.length - 1];
    return `${Number((seconds / size).toPrecision(3))} ${unit}`;
  }

  const label = operation => `${operation.operation} ${operation.shape}`;
  const timed = device => device.operations.filter(o => o.time);

  function about(bench) {
    const devices = bench.devices || bench.series;
    return facts([['Model', bench.shape + (bench.batch ? `, ${plural(bench.batch, 'puzzle')} in a step` : '')],
      ...devices.map(d => [`Device ${d.device}`, d.description]), ['Measured with',
        `${bench.version}, Java ${bench.java}`]]);
  }

  function peaks(bench) {
    const row = (name, figure) => [name, ...bench.devices.map(figure)];
    return table('What the devices can do', ['', ...bench.devices.map((d, i) => [swatch(i), d.device])], [
      row('multiply-adds', d => giga(d.peak.flops, 'FLOP/s')), row('copy, read and written',
        d => giga(d.peak.bandwidth, 'B/s')),
      row('to start a program', d => time(d.peak.program_launch)), row('and each of its kernels',
        d => time(d.peak.kernel_launch))]);
  }

  // Operations that multiply matrices, under what arithmetic and memory allow; those that lose most are named.
  function roofline(bench, parent) {
    const series = [];
    const marks = [];
    const named = element('ol', null, 'named');
    bench.devices.forEach((device, number) => {
      const points = timed(device).filter(o => o.flops > 0).map((o, i) =>
        // No two have the very same place on the axis.
        ({ o, x: o.flops / o.bytes * (1 + 1e-9 * i), y: o.flops_per_second })).sort((a, b) => a.x - b.x);
      if (points.length === 0) return;
      const { flops, bandwidth } = device.peak;
      const ridge = flops / bandwidth;
      const ends = [Math.min(points[0].x, ridge) / 3, ridge, Math.max(points[points.length - 1].x, ridge) * 3];
      series.push({ label: `${device.device}: the roof`, x: ends, y: ends.map(x => Math.min(flops, x * bandwidth)),
        number },
        { label: `${device.device}: operations`, x: points.map(p => p.x), y: points.map(p => p.y), number,
          dots: true });
      [...points].sort((a, b) => b.o.lost - a.o.lost).slice(0, NAMED).forEach(p => {
        marks.push({ x: p.x, y: p.y, text: String(marks.length + 1) });
        named.append(element('li', `${bench.devices.length > 1 ? device.device + ': ' : ''}${label(p.o)}, ${
          percent(p.o.of_peak)} of the peak, ${percent(p.o.of_training)} of a step`));
      });
    });
    Charts.draw(parent, { title: 'Roofline', height: 380, rows: 100, marks,
      x: { name: 'FLOPs for each byte', log: true, format: short },
      y: { name: 'FLOP/s', log: true, format: v => giga(v, '') }, series });
    parent.append(named);
  }

  function operations(bench) {
    const worst = [...bench.devices[0].operations.keys()].sort((a, b) =>
      bench.devices[0].operations[b].lost - bench.devices[0].operations[a].lost);
    const most = bench.devices.map(d => Math.max(...timed(d).map(o => o.of_training), 0.01));
    const several = bench.devices.length > 1;
    const heads = bench.devices.flatMap(d => ['time', 'rate', 'of peak', 'of step', 'check'].map(head =>
      several ? `${d.device}: ${head}` : head));
    const row = i => [label(bench.devices[0].operations[i]), grouped(bench.devices[0].operations[i].training_calls),
      ...bench.devices.flatMap((device, d) => {
        const o = device.operations[i];
        if (!o.time) return ['', '', '', '', element('span', '✗ wrong', 'wrong')];
        const arithmetic = o.flops / device.peak.flops >= o.bytes / device.peak.bandwidth;
        return [time(o.time.median), arithmetic ? giga(o.flops_per_second, 'FLOP/s') : giga(o.bytes_per_second, 'B/s'),
          bar(o.of_peak), bar(o.of_training / most[d], percent(o.of_training)), o.check.toLowerCase()];
      })];
    const counts = i => bench.devices.some(d => !d.operations[i].time || d.operations[i].of_training >= LITTLE);
    const rest = worst.filter(i => !counts(i));
    const drawn = (caption, chosen) => table(caption, ['operation', 'calls', ...heads], chosen.map(row));
    return [drawn('Operations, what loses the most time first', worst.filter(counts)),
      rest.length > 0 && details('rest',
      `${rest.length} more, each below ${percent(LITTLE)} of a step`, () => drawn('The other operations', rest))];
  }

  function steps(bench) {
    const rows = [];
    [['training', 'training step'], ['evaluation', 'evaluation step']].forEach(([key, name]) => {
      const row = (text, figure) => rows.push([text, ...bench.devices.map(d => figure(d[key]))]);
      row(name, s => `${time(s.time.median)} ±${percent(s.time.spread)}`);
      row('samples a second', s => short(s.samples_per_second));
      row('FLOPs counted, of peak', s => `${giga(s.flops, '')}, ${percent(s.utilisation)}`);
      row('its operations one by one', s => percent(s.operations));
      row('starting them', s => percent(s.launching));
      row('memory computed, heap used', s => `${mebi(s.footprint_bytes)}, ${mebi(s.heap_bytes)}`);
    });
    if (bench.devices[0].run) {
      const run = bench.devices[0].run;
      rows.push([`days for ${grouped(run.steps)} steps of ${grouped(run.batch)}`,
        ...bench.devices.map(d => short(d.run.days))]);
    }
    return table('Whole steps', ['', ...bench.devices.map((d, i) => [swatch(i), d.device])], rows);
  }

  function grown(bench, parent) {
    const draw = (title, name, measured, expected, law, format) => Charts.draw(parent, { title, height: 300,
      x: { name: bench.kind, log: true, format: short }, y: { name, log: true, format },
      series: bench.series.flatMap((s, number) => [
        { label: s.device, x: s.points.map(p => p.size), y: s.points.map(measured), number, dots: true },
        { label: `${s.device}, ${law}`, x: s.points.map(p => p.size), y: s.points.map(expected), number, dash: [7,
          4] }]) });
    draw('Time of a training step', 'time', p => p.time.median, p => p.law_seconds, bench.law, time);
    draw('Memory of a training step', 'memory', p => p.heap_bytes || null, p => p.footprint_bytes, 'as computed', mebi);
  }

  function show(report) {
    return report.benches.flatMap(bench => {
      const title = text => report.benches.length > 1 ? `${bench.name}: ${text}` : text;
      const charts = element('div', null, bench.devices ? 'charts large' : 'charts');
      if (bench.series) {
        return [about(bench), { section: section(title(`How a training step grows with ${bench.kind}`), charts),
          draw: () => grown(bench, charts) }];
      }
      return [about(bench), section(title('What the devices can do'), peaks(bench)),
        { section: section(title('Under the roof'), element('p',
          'Each operation that multiplies matrices, and the most that the device was measured to do with so many FLOPs for '
          + 'each byte. Those in which a training step loses the most time have a number; operations that only move '
          + 'numbers stand in the table below.', 'soft'), charts),
        draw: () => roofline(bench, charts) },
        section(title('Operations'), element('p',
          'In which a training step loses the most time against the peaks, first. Bars '
          + 'are shares of the peak, and of the operation that takes longest.', 'soft'), operations(bench)),
        section(title('Whole steps'), steps(bench))];
    });
  }

  return { show };
})();
