/**
 * Processes that train or evaluate together: which of them this one is, and what they give each other. What carries it
 * is found at run time, by a {@link trm4j.model.ranks.RanksProvider}.
 */
package trm4j.model.ranks;
