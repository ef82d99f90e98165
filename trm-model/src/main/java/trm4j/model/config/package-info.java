/**
 * Settings of a model and of its training, with their ranges, defaults and the keys that files have for them. The
 * numbers of the paper stand here, in {@link trm4j.model.config.PaperTask}.
 */
package trm4j.model.config;
