'use strict';
// How a model comes to its answers, and what it knows of them: where it halts, whether halt logits mean what they say,
// accuracy by step and difficulty.
const Thought = (() => {
  const MOST_LEVELS = 8;

  // A test as Evaluation writes it; nothing where there is nothing to tell.
  function show(title, test, key) {
    const charts = [halts(test), ...calibration(test), levels(test), tries(test)].filter(Boolean)
      .map(chart => title ? { ...chart, title: `${title}: ${chart.title}` } : chart);
    if (charts.length === 0) return [];
    const box = element('div', null, 'charts');
    const name = (title ? title + ': ' : '') + 'how it comes to its answers';
    return [{
      section: section(name.charAt(0).toUpperCase() + name.slice(1), summary(title, test), box,
        test.calibration && element('p', errors(test.calibration), 'soft'), byStep(title, test, key)),
      draw: () => charts.forEach(chart => Charts.draw(box, chart)),
    }];
  }

  // How often the model was right and wrong where it halted, and where it never did.
  function summary(title, test) {
    const counts = test.halts || [];
    const all = counts.reduce((sum, c) => sum + c.right + c.wrong, 0);
    if (all === 0) return null;
    const sum = (chosen, key) => counts.filter(chosen).reduce((n, c) => n + c[key], 0);
    const row = (name, chosen) => [name, ...['right', 'wrong'].map(key => [grouped(sum(chosen, key)),
      element('span', ` (${percent(sum(chosen, key) / all)})`, 'soft')])];
    return table(`${title ? title + ': h' : 'H'}alting and being right`, ['', 'right', 'wrong'],
      [row('halts', c => c.step > 0), row('never halts', c => c.step === 0)]);
  }

  const byStep = (title, test, key) => (test.halts || []).some(c => c.step > 0) && details('halting ' + key,
    'By the step at which it halts', () => table(`${title ? title + ': b' : 'B'}y the step at which it halts`,
      ['halts at', 'puzzles', 'right then'], test.halts.filter(c => c.step > 0).map(c =>
        [`step ${c.step}`, grouped(c.right + c.wrong), bar(c.right / (c.right + c.wrong))])));

  // Bars, of which the lower part is right.
  function halts(test) {
    const counts = (test.halts || []).filter(c => c.step > 0);
    if (counts.length === 0) return null;
    const last = Math.max(...counts.map(c => c.step), (test.exact_accuracy_by_step || []).length);
    const x = [...Array(last).keys()].map(k => k + 1);
    const at = x.map(step => counts.find(c => c.step === step) || { right: 0, wrong: 0 });
    return {
      title: 'Where it halts', rows: 100, x: { name: 'supervision step' }, y: { name: 'puzzles', format: grouped },
      series: [{ label: 'halt here', x, y: at.map(c => c.right + c.wrong), number: 1, bars: true },
        { label: 'of these, right', x, y: at.map(c => c.right), number: 0, bars: true }],
    };
  }

  // A well calibrated model's points are on the dashed line.
  const calibration = test => !test.calibration ? [] : [
    ['Is it right when it says so? After each step', test.calibration.every_step],
    ['Is it right when it says so? After the last step', test.calibration.last_step],
  ].map(([title, bins]) => {
    const x = bins.map(bin => bin.logit + 0.5);
    return {
      title, rows: 100, x: { name: 'halt logit, in bins of 1', format: short },
      y: { name: 'share of answers', share: true },
      series: [{ label: 'exact', x, y: bins.map(bin => bin.exact), number: 0, points: true,
        beside: ['answers', bins.map(bin => bin.answers)] },
        { label: 'what the logit says', x, y: bins.map(bin => bin.probability), number: 1, dash: [4, 4], thin: true }],
    };
  });

  const errors = calibration => `Expected calibration error: ${fixed(4)(calibration.error_every_step)} after each step, ${
    fixed(4)(calibration.error_last_step)} after the last.`;

  function levels(test) {
    const rated = (test.by_rating || []).filter(level => level.exact_accuracy_by_step).slice(0, MOST_LEVELS);
    return rated.length < 2 ? null : {
      title: 'Exact answers by step and rating', rows: 100, x: { name: 'supervision step' },
      y: { name: 'share of puzzles', share: true },
      series: rated.map((level, number) => ({ label: `rating ${rating(level)}`, number, points: true,
        x: level.exact_accuracy_by_step.map((_, k) => k + 1), y: level.exact_accuracy_by_step })),
    };
  }

  const rating = level => level.lowest === level.highest ? String(level.lowest) : `${level.lowest}–${level.highest}`;

  // pass@k: of rollouts, beside the one that is chosen; or of votes for outputs of ARC tasks.
  function tries(test) {
    const rollouts = test.rollouts || [];
    const votes = Object.entries((test.arc || {}).pass_at || {}).map(([k, share]) => [Number(k), share]);
    const x = rollouts.length > 0 ? rollouts.map(c => c.rollouts) : votes.map(([k]) => k);
    if (x.length < 2) return null;
    return {
      title: 'pass@k', rows: 100, x: { name: rollouts.length > 0 ? 'rollouts' : 'tries', log: true },
      y: { name: rollouts.length > 0 ? 'share of puzzles' : 'share of tasks', share: true },
      series: rollouts.length > 0
        ? [{ label: 'chosen answer', x, y: rollouts.map(c => c.right_accuracy ?? c.exact_accuracy), number: 0, points: true },
          { label: 'any answer: pass@k', x, y: rollouts.map(c => c.pass_at), number: 1, points: true }]
        : [{ label: 'pass@k', x, y: votes.map(([, share]) => share), number: 0, points: true }],
    };
  }

  return { show, rating };
})();
