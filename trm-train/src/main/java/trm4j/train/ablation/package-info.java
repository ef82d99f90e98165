/**
 * What each part of TRM is worth: the same training with a part left out or replaced, as in the paper's Table 1. A
 * {@link trm4j.train.ablation.Variant} is some changed settings, and an {@link trm4j.train.ablation.Ablation} trains
 * them all.
 */
package trm4j.train.ablation;
