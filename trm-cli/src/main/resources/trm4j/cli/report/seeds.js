'use strict';
// Several of a kind that differ in nothing but their seed: means over them, and how far they are apart.
const Seeds = (() => {
  const known = values => values.filter(isNumber);
  const mean = values => known(values).reduce((sum, v) => sum + v, 0) / known(values).length;

  // Of a sample: its squares are divided by one less than its size.
  function deviation(values) {
    const of = known(values);
    return Math.sqrt(of.reduce((sum, v) => sum + (v - mean(of)) ** 2, 0) / (of.length - 1));
  }

  // What the names have in common, or the first of them.
  function named(names) {
    let length = 0;
    while (length < names[0].length && names.every(name => name[length] === names[0][length])) length++;
    const common = names[0].slice(0, length).replace(/[-_. ]*(seed)?[-_. ]*$/i, '');
    return `${common || names[0] + ' and others'}, ${names.length} seeds`;
  }

  // Means of columns, with the lowest and the highest beside each, at the places that all of them have.
  function columns(several, place) {
    const rows = several.map(one => new Map((one[place] || []).map((x, i) => [x, i])));
    const places = (several[0][place] || []).filter(x => rows.every(map => map.has(x)));
    const merged = { [place]: places };
    Object.keys(several[0]).filter(key => key !== place && !/_(lowest|highest)$/.test(key)).forEach(key => {
      const values = places.map(x => several.map((one, i) => (one[key] || [])[rows[i].get(x)]));
      merged[key] = values.map(at => at.every(isNumber) ? mean(at) : null);
      merged[key + '_lowest'] = values.map(at => at.every(isNumber) ? Math.min(...at) : null);
      merged[key + '_highest'] = values.map(at => at.every(isNumber) ? Math.max(...at) : null);
    });
    return merged;
  }

  // One for each group, and those that are in none, in their order; groups are lists of numbers.
  function merged(all, groups, merge) {
    return all.flatMap((one, i) => {
      const group = groups.find(members => members.includes(i));
      return !group ? [one] : group[0] === i ? [merge(group.map(member => all[member]))] : [];
    });
  }

  // The number by which each of so many is drawn: those of a group share one.
  function numbers(count, groups) {
    const drawn = merged([...Array(count).keys()], groups, several => several[0]);
    return [...Array(count).keys()].map(i => drawn.indexOf((groups.find(members => members.includes(i)) || [i])[0]));
  }

  // A run that has the means of several.
  const run = several => ({
    ...several[0], name: named(several.map(each => each.name)), seeds: several.length,
    train: columns(several.map(each => each.train), 'step'), test: columns(several.map(each => each.test), 'step'),
  });

  // What tests have after each supervision step, as columns.
  function bySteps(test, keys) {
    const columns = {};
    keys.forEach(key => { columns[key] = test[key] || []; });
    return { step: [...Array(Math.max(...keys.map(key => columns[key].length))).keys()].map(k => k + 1), ...columns };
  }

  // A figure of several, such as 91.2% ± 1.3% (90.1% to 92.6%).
  function figure(values, format) {
    const of = known(values);
    return of.length < 2 ? of.map(format).join() : `${format(mean(of))} ± ${format(deviation(of))} (${
      format(Math.min(...of))} to ${format(Math.max(...of))})`;
  }

  // A row for each group: figures is a list of names, how to find the value of a member, and how to write it.
  const across = (all, groups, figures) => groups.length > 0 && section('Across seeds',
    element('p', 'Mean ± standard deviation over the seeds, and from the lowest to the highest.', 'soft'),
    table('Across seeds', ['', ...figures.map(([name]) => name)], groups.map(group =>
      [[swatch(numbers(all.length, groups)[group[0]]), named(group.map(i => all[i].name))], ...figures.map(([, find, format]) =>
        figure(group.map(i => find(all[i])), format))])));

  return { merged, numbers, run, bySteps, columns, named, across };
})();
