'use strict';
// Evaluations: their figures, accuracy after each step and by difficulty, where they halt wrongly, puzzles.
const Evaluations = (() => {
  const result = evaluation => evaluation.result || {};
  const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

  function about(evaluation) {
    const settings = evaluation.settings;
    return facts([['Model', settings.model], ['Data',
      settings.data + (evaluation.puzzles ? `: ${evaluation.puzzles}` : '')],
      ['Puzzles', settings.split + (settings.limit > 0 ? `, the first ${grouped(settings.limit)}` : '')],
      ['Steps', settings.steps + (settings.halt ? ', done as soon as the model says so' : ', all of them')],
      ['Rollouts', tries(settings.rollouts)], ['Device', result(evaluation).device], ['Begun', date(evaluation.begun)]]);
  }

  function tries(rollouts) {
    if (!rollouts) return '';
    return rollouts.count + (rollouts.chains ? `, in disguise (${rollouts.chains})` : '')
      + (rollouts.noise > 0 ? `, with noise ${rollouts.noise}` : '') + `, selected by ${rollouts.select}`;
  }

  // What fewer rollouts come to, and which puzzles the choice went wrong with.
  function rollouts(evaluation) {
    const counts = result(evaluation).rollouts || [];
    // Right by the rules where the label is one of several right answers.
    const several = counts.some(c => c.right_accuracy > c.exact_accuracy);
    const rows = (evaluation.chosen || []).map(c => [String(c.right_rollouts), grouped(c.right + c.wrong),
      bar(c.right / (c.right + c.wrong))]);
    return [
      counts.length > 0 && table(`${evaluation.name}: the first rollouts`, ['rollouts', 'exact',
        ...(several ? ['right'] : []), 'pass@k', 'steps of all'], counts.map(c => [String(c.rollouts),
        bar(c.exact_accuracy), ...(several ? [bar(c.right_accuracy)] : []), bar(c.pass_at), fixed(1)(c.steps)])),
      rows.length > 0 && table(`${evaluation.name}: how many rollouts were right, and the chosen one`,
        ['right rollouts', 'puzzles', 'a right one chosen'], rows)].filter(Boolean);
  }

  function results(evaluations, looks) {
    const judged = Runs.byRules(evaluations.map(result));
    return table('What the evaluations came to', ['evaluation', 'puzzles', 'exact', ...judged.titles, 'cells',
      'exact when halting', 'steps to halt',
      'halt logit is right', 'puzzles/s'], evaluations.map((evaluation, i) => {
      const test = result(evaluation);
      return [[swatch(looks[i]), evaluation.name], grouped(evaluation.solved) + (evaluation.done ? '' : ' so far'),
        percent(test.exact_accuracy), ...judged.cells(test), percent(test.accuracy),
          percent(test.exact_accuracy_at_halt),
          fixed(1)(test.steps),
        percent(test.q_halt_accuracy), fixed(1)(test.puzzles_per_s)];
    }));
  }

  function shares(evaluation) {
    const test = result(evaluation);
    const rows = Object.entries(test.rules || {}).map(([rule, share]) => [capital(rule), bar(share)]).concat(
      Object.entries((test.arc || {}).pass_at || {}).map(([tries, share]) => [`pass@${tries}`, bar(share)]));
    return rows.length === 0 ? [] : [table(
      `${evaluation.name}: ${test.arc ? 'tasks solved by votes' : 'by the rules'}`, ['', 'share'], rows)];
  }

  function show(report) {
    const evaluations = report.evaluations;
    if (evaluations.length === 0) return [];
    const groups = report.seeds ? report.seeds.evaluations : [];
    const trained = Math.max(...evaluations.map(e => result(e).trained_steps || 0));
    const more = evaluations.some(e => trained > 0 && (result(e).exact_accuracy_by_step || []).length > trained);
    const steps = Runs.bySteps(evaluations.map(e => ({ name: e.name, test: result(e),
      contraction: (e.showcase || {}).contraction })), groups, more && trained);
    const rated = evaluations.filter(e => result(e).by_rating).map(e => [e.name, result(e).by_rating]);
    // One alone needs no title.
    const titled = part => evaluations.flatMap(e => {
      const content = part(e);
      return content.length > 0 && evaluations.length > 1 ? [element('h3', e.name), ...content] : content;
    });
    const judged = titled(shares);
    const tried = titled(rollouts);
    const shown = evaluations.filter(e => e.showcase && e.showcase.puzzles.length > 0);
    return [
      ...titled(e => [about(e)]), results(evaluations, Seeds.numbers(evaluations.length, groups)),
      Seeds.across(evaluations, groups, [['exact', e => result(e).exact_accuracy, percent],
        ['cells', e => result(e).accuracy, percent],
        ['exact when halting', e => result(e).exact_accuracy_at_halt, percent],
        ['steps to halt', e => result(e).steps, fixed(2)],
        ['halt logit is right', e => result(e).q_halt_accuracy, percent]]),
      evaluations.some(e => result(e).exact_accuracy_by_step)
        && { section: section('After each supervision step', steps.box, ...steps.note), draw: steps.draw },
      ...evaluations.flatMap((e, i) =>
        Thought.show(evaluations.length > 1 ? e.name : '', result(e), 'evaluation ' + i)),
      rated.length > 0 && section('By difficulty', Runs.byRating(rated)),
      tried.length > 0 && section('Rollouts', element('p', 'What the first k rollouts of each puzzle come to by '
        + 'themselves; pass@k counts a puzzle if any of them is right.', 'soft'), tried),
      judged.length > 0 && section('By the rules', judged),
      shown.length > 0 && section('Puzzles', shown.flatMap(e => Puzzles.showcase(evaluations.length > 1 && e.name,
        e.showcase,
        `Chosen from ${plural(e.showcase.candidates, 'prediction')}.`))),
    ].filter(Boolean);
  }

  return { show };
})();
