'use strict';
// Whether a model's recursion comes to rest, beside the same network before training: what becomes of a small difference
// of states, and by how much steps change z_H.
const Contraction = (() => {
  // Of more models, a chart would have lines for nothing but the trained ones.
  const FEW = 3;
  const CHARTS = [
    ['A small difference of states, after each supervision step', 'difference_by_step'],
    ['Change of z_H, trained and untrained', 'state_change_by_step'],
  ];

  // tests: name, and contraction as the report has it.
  function draw(box, tests) {
    const known = tests.filter(t => t.contraction);
    if (known.length === 0) return;
    const series = (key, t, i, net, look) => ({ label: known.length > 1 ? `${t.name}, ${net}` : net, number: i, points: true,
      x: t.contraction[net][key].map((_, k) => k + 1), y: t.contraction[net][key].map(v => v || null), ...look });
    CHARTS.forEach(([title, key]) => Charts.draw(box, {
      title, rows: 100, x: { name: 'supervision step' }, y: { name: 'root mean square', log: true },
      series: known.flatMap((t, i) => [series(key, t, i, 'trained', {}),
        ...(known.length > FEW ? [] : [series(key, t, known.length > 1 ? i : 1, 'untrained', { dash: [4, 4] })])]),
    }));
  }

  function told(tests) {
    const known = tests.filter(t => t.contraction);
    const ends = list => `${short(list[0])} after step 1 and ${short(list[list.length - 1])} after step ${list.length}`;
    return known.length === 0 ? null : element('p', known.map(({ name, contraction }) =>
      `${known.length > 1 ? name + ': with' : 'With'} noise of ${short(contraction.disturbance)} in z_L before the first step, `
      + `z_H is off by ${ends(contraction.trained.difference_by_step)}; in the same network before training, by ${
        ends(contraction.untrained.difference_by_step)}.`).join(' ') + ' Of 16 test puzzles, the median.', 'soft');
  }

  return { draw, told };
})();
