'use strict';
// Training runs: what they are, what they came to, their curves and settings.
const Runs = (() => {
  const CURVES = [
    { title: 'Loss of a puzzle', name: 'loss', train: 'loss', log: true },
    { title: 'Exact answers', name: 'share of puzzles', train: 'exact_accuracy', test: 'exact_accuracy', share: true },
    { title: 'Right cells', name: 'share of cells', train: 'accuracy', test: 'accuracy', share: true },
    { title: 'Solved with one and two tries', name: 'share of tasks',
      tests: { 'pass@1': 'arc/pass_at/1', 'pass@2': 'arc/pass_at/2' },
      share: true },
    { title: 'Shortest paths', name: 'share of mazes', test: 'rules/shortest', share: true },
    { title: 'Steps until it halts', name: 'supervision steps', train: 'steps', test: 'steps' },
    { title: 'Norm of gradients', name: 'norm', train: 'gradient_norm', log: true },
    { title: 'Norm of weights', name: 'norm', train: 'weight_norm', within: true },
    { title: 'Learning rate', name: 'rate', train: 'lr', within: true },
    { title: 'Speed', name: 'puzzles per second', train: 'samples_per_s', within: true },
    { title: 'Depth of a supervision step', name: 'layers', train: 'depth', within: true },
  ];
  // With more, training and its spread would hide the tests; with many, a legend below each chart would be longer than
  // the chart.
  const FEW = 3;
  const MANY = 6;

  // A run by epochs does not say how many steps it will take.
  const total = run => Math.max(Number(run.settings['run.steps']) || 0, run.last_step ? run.last_step.step : 0);
  const named = (run, i) => [swatch(run.look ?? i), run.name];
  const test = run => run.last_test ? run.last_test.test : {};

  const parameters = run => grouped(run.parameters);

  function about(runs) {
    if (runs.length === 1) {
      const run = runs[0];
      return facts([['Device', run.device], ['Parameters', parameters(run)], ['Data', run.data], ['Begun',
        date(run.begun)],
        ['Trained with', run.version]]);
    }
    return table('What the runs are', ['run', 'device', 'parameters', 'data', 'begun', 'trained with'], runs.map((run,
      i) => [
      named(run, i), run.device || '', parameters(run), run.data || '', date(run.begun), run.version]));
  }

  // Columns of what is true of puzzles that may have several right answers, whatever the label: the rules that answers
  // keep, and how many puzzles are such. Tests are as Evaluation writes them.
  function byRules(tests) {
    const known = tests.filter(t => t.several_answers !== undefined);
    const rules = [...new Set(known.flatMap(t => Object.keys(t.rules || {})))];
    return {
      titles: known.length > 0 ? [...rules, 'several right answers'] : [],
      cells: t => known.length > 0 ? [...rules.map(rule => percent((t.rules || {})[rule])), percent(t.several_answers)]
        : [],
    };
  }

  function results(runs) {
    const judged = byRules(runs.map(test));
    return table('What the runs came to', ['run', 'steps', 'loss', 'exact', ...judged.titles, 'cells',
      'exact when halting', 'steps to halt',
      'puzzles/s', 'time'], runs.map((run, i) => {
      const last = run.last_step || {};
      return [named(run, i), `${grouped(last.step ?? 0)} of ${grouped(total(run))}`, fixed(4)(last.loss),
        percent(test(run).exact_accuracy), ...judged.cells(test(run)), percent(test(run).accuracy),
        percent(test(run).exact_accuracy_at_halt),
        fixed(1)(test(run).steps), fixed(1)(last.samples_per_s), duration(last.seconds)];
    }));
  }

  // The curves of a quantity: training as a thin line with its spread, tests as points.
  function series(runs, curve) {
    const several = runs.length > 1;
    const label = (run, kind) => several ? run.name + (kind ? ', ' + kind : '') : kind || 'train';
    const onlyTests = runs.length > FEW && curve.test && runs.some(run => (run.test[curve.test] || []).length > 1);
    return runs.flatMap((run, i) => {
      const number = run.number ?? i;
      const tests = curve.tests || (curve.test ? { test: curve.test } : {});
      const few = runs.length <= FEW;
      const lines = Object.entries(tests).map(([kind, key], k) => ({
        label: label(run, kind), x: run.test.step, y: run.test[key], number, points: true, dash: k > 0 ? [7,
          4] : undefined, lowest: run.seeds ? run.test[key + '_lowest'] : null,
        highest: run.seeds ? run.test[key + '_highest'] : null }));
      if (curve.train && !onlyTests) {
        lines.unshift({ label: label(run, lines.length ? 'train' : ''), x: run.train.step, y: run.train[curve.train],
          number,
          thin: lines.length > 0, lowest: few ? run.train[curve.train + '_lowest'] : null,
          highest: few ? run.train[curve.train + '_highest'] : null });
      }
      return lines;
    });
  }

  // Of runs that are to be told apart, or (across) of parts of one experiment, which may share a number.
  function curves(runs, across) {
    const box = element('div', null, 'charts');
    const shown = CURVES.filter(curve => !(across && curve.within));
    const spread = runs.length <= FEW && runs.some(run => run.train.loss_lowest);
    const seeds = runs.some(run => run.seeds);
    return { box,
      note: seeds ? 'Lines of several seeds are means over them; the shade goes from the lowest seed to the highest.'
      : spread ? 'Lines are means of neighbouring steps; the shade around them goes from the lowest to the highest.'
      : null, draw: () => shown.forEach(curve => Charts.draw(box, {
      title: curve.title, legend: runs.length <= MANY, x: { name: 'training step' }, y: { name: curve.name,
        log: curve.log, share: curve.share },
      series: series(runs, curve) })) };
  }

  // After each supervision step: title, key, name of the axis, how it is drawn.
  const BY_STEP = [
    ['Exact answers after each supervision step', 'exact_accuracy_by_step', 'share of puzzles', { share: true }],
    ['Right cells after each supervision step', 'accuracy_by_step', 'share of cells', { share: true }],
    ['Change of z_H in each supervision step', 'state_change_by_step', 'root mean square', { log: true }],
  ];

  // What a number of models come to after each supervision step; groups are of those that differ by their seed alone.
  // trained: so many steps they had in training, where they had more here.
  function bySteps(tests, groups, trained) {
    const box = element('div', null, 'charts');
    const keys = BY_STEP.map(([, key]) => key);
    const all = Seeds.merged(tests.map(t => ({ name: t.name, columns: Seeds.bySteps(t.test, keys) })), groups,
      several => ({ name: Seeds.named(several.map(t => t.name)), columns: Seeds.columns(several.map(t => t.columns),
        'step') }));
    const draw = () => BY_STEP.forEach(([title, key, name, look]) => Charts.draw(box, {
      title, rows: 100, x: { name: 'supervision step' }, y: { name, ...look },
      rules: trained ? [{ x: trained, text: 'trained' }] : [],
      series: [...all.map(({ name: label, columns }, number) => ({ label, x: columns.step, y: columns[key], number,
        points: true, lowest: columns[key + '_lowest'], highest: columns[key + '_highest'] })),
        ...(tests.length === 1 ? parts(tests[0].test, key) : [])] }));
    return { box, draw: () => { draw(); Contraction.draw(box, tests); },
      note: [contraction(tests), Contraction.told(tests)].filter(Boolean) };
  }

  // Those that are exact at last, and those that are not, where they are told by themselves.
  const parts = (test, key) => ['exact', 'wrong'].filter(part => test[`${key}_${part}`]).map((part, i) => ({
    label: `${part} at last`, y: test[`${key}_${part}`], x: test[`${key}_${part}`].map((_, k) => k + 1), number: i + 1,
    points: true }));

  // By how much z_H changes at first and at last; unrelated states are sqrt(2) apart.
  function contraction(tests) {
    const known = test => (test.state_change_by_step || []).filter(isNumber);
    const two = number => String(Number(number.toPrecision(2)));
    const of = tests.filter(t => known(t.test).length > 1);
    return of.length === 0 ? null : element('p', of.map(({ name, test }) => {
      const changes = known(test);
      const last = changes.length - 1;
      const factor = (changes[last] / changes[0]) ** (1 / last);
      return `${tests.length > 1 ? name + ': z_H' : 'z_H'} changes by ${two(changes[0])} of itself in step 1, by ${
        two(changes[last])} in step ${last + 1}, on average ${two(factor)} times as much as in the step before.`;
    }).join(' '), 'soft');
  }

  // Levels of difficulty, of several under their names.
  function byRating(named) {
    return named.flatMap(([name, levels]) => [named.length > 1 && element('h3', name), table(`${name}: by rating`,
      ['rating', 'puzzles', 'exact', 'steps to halt'], levels.map(level => [
        level.lowest === level.highest ? String(level.lowest) : `${level.lowest}–${level.highest}`,
        grouped(level.puzzles), bar(level.exact_accuracy), fixed(1)(level.steps)]))]);
  }

  function show(report) {
    const groups = report.seeds ? report.seeds.runs : [];
    const looks = Seeds.numbers(report.runs.length, groups);
    const runs = report.runs.map((run, i) => ({ ...run, look: looks[i] }));
    if (runs.length === 0) return [];
    const drawn = curves(Seeds.merged(runs, groups, Seeds.run));
    const steps = bySteps(runs.map((run, i) => ({ name: run.name, test: test(run),
      contraction: (report.showcases.find(shown => shown.run === i) || {}).contraction })), groups);
    const rated = runs.filter(run => test(run).by_rating).map(run => [run.name, test(run).by_rating]);
    return [
      about(runs), results(runs),
      Seeds.across(runs, groups, [['exact', run => test(run).exact_accuracy, percent],
        ['cells', run => test(run).accuracy, percent],
        ['exact when halting', run => test(run).exact_accuracy_at_halt, percent],
        ['steps to halt', run => test(run).steps, fixed(2)], ['loss', run => run.last_step?.loss, fixed(4)]]),
      { section: section('Curves', drawn.note && element('p', drawn.note, 'soft'), drawn.box), draw: drawn.draw },
      runs.some(run => test(run).exact_accuracy_by_step)
        && { section: section('After each supervision step', steps.box, ...steps.note), draw: steps.draw },
      ...(runs.length > FEW ? [] : runs.flatMap((run, i) =>
        Thought.show(runs.length > 1 ? run.name : '', test(run), 'run ' + i))),
      rated.length > 0 && section('By difficulty', byRating(rated)),
      report.differences.length > 0 && section('Settings that differ', table('Settings that differ',
        ['setting', ...runs.map(named)], report.differences.map(row => [row.key, ...row.values]))),
      report.showcases.length > 0 && section('Test puzzles, step by step', report.showcases.flatMap(shown =>
        Puzzles.showcase(`${runs[shown.run].name} after step ${grouped(shown.step)}`, shown,
          `Chosen from ${plural(shown.candidates, 'test puzzle')} that it solved.`, 'of run ' + shown.run))),
      settings(runs),
    ].filter(Boolean);
  }

  function settings(runs) {
    return section('Settings', runs.map((run, i) => details('settings ' + i, named(run, i), () =>
      table(`Settings of ${run.name}`, ['setting', 'value'], Object.entries(run.settings)))));
  }

  return { show, curves, byRules, bySteps, byRating, settings };
})();
