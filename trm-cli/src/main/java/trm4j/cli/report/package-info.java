/**
 * The page of {@code trm report} and {@code trm watch}.
 *
 * <p>{@link trm4j.cli.report.Report} reads folders of runs, ablations, evaluations and benches and makes JSON of them:
 * curves, settings that differ, puzzles that the newest model solves. {@link trm4j.cli.report.ReportPage} puts it into one page with all its scripts, and
 * {@link trm4j.cli.report.ReportServer} serves that page with newest data to browsers on this machine. Nothing here
 * writes into these folders.
 */
package trm4j.cli.report;
