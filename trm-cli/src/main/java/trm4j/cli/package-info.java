/**
 * The command line: a class for each command, which reads its options, has a library do the work and shows what came
 * of it.
 *
 * <p>{@link trm4j.cli.Main} lists the commands and turns exceptions into messages and exit statuses. Commands that
 * share options share a mixin: {@code DeviceOption}, {@code PuzzleSetOptions}, {@code OutputFile}. What can take long
 * shows how far it is with {@code Progress}, and what may be stopped listens with {@code StopSignal}.
 */
package trm4j.cli;
