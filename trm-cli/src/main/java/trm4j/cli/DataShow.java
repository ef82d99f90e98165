package trm4j.cli;

import java.io.PrintWriter;
import trm4j.train.data.DataProgress;

/** Shows how far the making of a data set has come, one thing that is counted after the other. */
final class DataShow implements DataProgress, AutoCloseable {

    /** The line says already what is counted. */
    private static final Progress.Rate RATE = new Progress.Rate("", 1);

    private final Screen screen;
    private String what;
    private Progress progress;

    /**
     * Begins.
     *
     * @param out standard output, for a terminal
     * @param err standard error, for lines where there is no terminal: what is printed to a file are the results
     */
    DataShow(PrintWriter out, PrintWriter err) {
        screen = Screen.of(out, err);
    }

    @Override
    public void at(String what, long done, long total) {
        if (!what.equals(this.what)) {
            close();
            this.what = what;
            progress = new Progress(what, total, RATE, screen);
        }
        progress.at(done, () -> "");
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.vanish();
        }
    }
}
