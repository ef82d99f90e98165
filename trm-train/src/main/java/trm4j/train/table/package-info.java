/**
 * A model's puzzle table: {@link trm4j.train.table.RowNames} says which puzzle identifier each row is for, {@link
 * trm4j.train.table.RowsByName} finds the rows for others, and {@link trm4j.train.table.FittedModel} is a model with
 * the rows for a data set.
 */
package trm4j.train.table;
