/**
 * What a run tells of its steps and evaluations while it trains: lines of {@code metrics.jsonl}, and the same numbers
 * for TensorBoard. What shows runs reads the lines back with a {@link trm4j.train.metrics.MetricsReader}.
 */
package trm4j.train.metrics;
