/**
 * {@code trm bench}: how fast a device does the operations of a model, each on its own and checked against cpu, and
 * whole steps. {@link trm4j.cli.bench.Bench} and {@link trm4j.cli.bench.Growth} measure and make reports; tables, and a
 * page by {@code trm4j.cli.report}, are made from those.
 */
package trm4j.cli.bench;
