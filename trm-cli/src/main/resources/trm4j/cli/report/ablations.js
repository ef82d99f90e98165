'use strict';
// Ablations: what each variant came to, and the curves of all.
const Ablations = (() => {
  const mean = values => values.reduce((sum, v) => sum + v, 0) / values.length;

  function variants(ablation, seeds) {
    const rows = ablation.variants.map((variant, number) => ({ variant, number,
      rows: ablation.rows.filter(row => row.variant === variant.key) })).filter(each => each.rows.length > 0);
    return table(`Variants of ${ablation.name}`, ['variant', 'exact', ...(seeds > 1 ? ['least', 'largest'] : []),
      'cells',
      'steps to halt', 'depth', 'passes', 'parameters', 'training'], rows.map(({ variant, number, rows: own }) => {
      const exact = own.map(row => row.exact);
      const of = key => mean(own.map(row => row[key]));
      const spread = seeds > 1 ? [percent(Math.min(...exact)), percent(Math.max(...exact))] : [];
      return [[swatch(number), variant.title], bar(mean(exact)), ...spread, percent(of('cells')), fixed(1)(of('steps')),
        own[0].depth, own[0].forward_passes, grouped(own[0].parameters), duration(of('seconds'))];
    }));
  }

  function show(report) {
    return report.ablations.flatMap(ablation => {
      const first = ablation.runs[0];
      const seeds = new Set(ablation.rows.map(row => row.seed)).size;
      // Runs of a variant look the same, with whatever seed.
      const runs = ablation.runs.map(run => ({ ...run,
        number: ablation.variants.findIndex(v => v.key === run.variant) }));
      const groups = ablation.variants.map(v => runs.flatMap((run, i) => run.variant === v.key ? [i] : []))
        .filter(members => members.length > 1);
      const title = run => ablation.variants.find(v => v.key === run.variant).title;
      const drawn = Runs.curves(Seeds.merged(runs, groups, several => ({ ...Seeds.run(several),
        name: `${title(several[0])}, ${several.length} seeds` })), true);
      return [
        first && facts([['Device', first.device], ['Data', first.data], ['Begun', date(first.begun)],
          ['Runs', `${ablation.rows.length} done, of ${
            plural(new Set(ablation.rows.map(row => row.variant)).size, 'variant')}`
            + ` with ${plural(seeds, 'seed')}`], ['Trained with', first.version]]),
        section(report.ablations.length > 1 ? `${ablation.name}: variants` : 'Variants',
          seeds > 1 ? element('p', 'Means over the seeds.', 'soft') : null,
          variants(ablation, seeds)),
        ablation.runs.length > 0 && { section: section('Curves', drawn.note && element('p', drawn.note, 'soft'),
          drawn.box), draw: drawn.draw },
        ablation.runs.length > 0 && Runs.settings(ablation.runs),
      ].filter(Boolean);
    });
  }

  return { show };
})();
