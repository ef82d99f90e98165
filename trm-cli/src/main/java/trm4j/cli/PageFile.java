package trm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import trm4j.cli.report.Report;
import trm4j.cli.report.ReportPage;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;

/** A page as a file. */
final class PageFile {

    private PageFile() {}

    /**
     * Writes the page of a report as it is now; one that is there is replaced.
     *
     * @throws RunException if it cannot be written
     */
    static void write(Path file, Report report) {
        write(file, ReportPage.of(report.read()));
    }

    /**
     * Writes a page; one that is there is replaced.
     *
     * @throws RunException if it cannot be written
     */
    static void write(Path file, String page) {
        try {
            AtomicFile.write(file, page);
        } catch (IOException e) {
            throw new RunException("Page " + file + " cannot be written: " + e.getMessage()
                    + "; choose another file.", e);
        }
    }
}
