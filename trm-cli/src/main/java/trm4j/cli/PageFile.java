package trm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import trm4j.cli.report.Report;
import trm4j.cli.report.ReportPage;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;

/** A report as a file. */
final class PageFile {

    private PageFile() {}

    /**
     * Writes the page of a report as it is now; one that is there is replaced.
     *
     * @throws RunException if it cannot be written
     */
    static void write(Path file, Report report) {
        var page = ReportPage.of(report.read());
        try {
            AtomicFile.write(file, page);
        } catch (IOException e) {
            throw new RunException("Report " + file + " cannot be written: " + e.getMessage()
                    + "; choose another file with --out.", e);
        }
    }
}
