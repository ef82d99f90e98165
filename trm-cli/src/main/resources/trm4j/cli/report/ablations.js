'use strict';
// Ablations: what each variant came to, and the curves of all.
const Ablations = (() => {
  const mean = values => values.reduce((sum, v) => sum + v, 0) / values.length;

  function variants(ablation) {
    return table(`Variants of ${ablation.name}`, ['variant', 'exact', 'cells', 'steps to halt', 'depth', 'passes', 'parameters',
      'training'], ablation.variants.map(variant => [variant, ablation.rows.filter(row => row.variant === variant.key)])
      .filter(([, rows]) => rows.length > 0)
      .map(([variant, rows]) => {
        const exact = rows.map(row => row.exact);
        const spread = rows.length > 1 ? ` (${percent(Math.min(...exact))} to ${percent(Math.max(...exact))})` : '';
        const of = key => mean(rows.map(row => row[key]));
        return [variant.title, bar(mean(exact), percent(mean(exact)) + spread), percent(of('cells')), fixed(1)(of('steps')),
          rows[0].depth, rows[0].forward_passes, grouped(rows[0].parameters), duration(of('seconds'))];
      }));
  }

  function show(report) {
    return report.ablations.flatMap(ablation => {
      const first = ablation.runs[0];
      const seeds = new Set(ablation.rows.map(row => row.seed)).size;
      const drawn = Runs.curves(ablation.runs);
      return [
        first && facts([['Device', first.device], ['Data', first.data], ['Begun', date(first.begun)],
          ['Runs', `${ablation.rows.length} done, of ${plural(new Set(ablation.rows.map(row => row.variant)).size, 'variant')}`
            + ` with ${plural(seeds, 'seed')}`], ['Trained with', first.version]]),
        section(report.ablations.length > 1 ? `${ablation.name}: variants` : 'Variants',
          seeds > 1 ? element('p', 'Means over the seeds; in brackets the least and the largest.', 'soft') : null, variants(ablation)),
        ablation.runs.length > 0 && { section: section('Curves', drawn.box), draw: drawn.draw },
        ablation.runs.length > 0 && Runs.settings(ablation.runs),
      ].filter(Boolean);
    });
  }

  return { show };
})();
