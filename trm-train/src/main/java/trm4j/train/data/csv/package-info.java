/**
 * CSV and Parquet files of puzzles, read row by row so that they may be larger than memory, and imported into data sets.
 * A kind of puzzles adds how its rows are read, {@link trm4j.train.data.csv.CsvPuzzles}.
 */
package trm4j.train.data.csv;
