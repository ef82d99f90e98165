package trm4j.cli;

import java.io.IOException;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The line of a terminal that a progress bar draws again and again. The library's own asks for a terminal that takes all
 * signals' handlers away, {@link StopSignal}'s included; this one leaves them alone.
 */
final class TerminalLine implements ProgressBarConsumer {

    /** Where a terminal does not tell its width, as some do not. */
    private static final int USUAL_WIDTH = 80;
    /** In the last column, some terminals begin a new line. */
    private static final int MARGIN = 1;

    private final PrintStream out;
    private final Terminal terminal;

    /** A line of the terminal that a stream goes to. */
    TerminalLine(PrintStream out) {
        this.out = out;
        terminal = terminal();
    }

    private static Terminal terminal() {
        try {
            return TerminalBuilder.builder().dumb(true).nativeSignals(false).build();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public int getMaxRenderedLength() {
        int width = terminal == null ? 0 : terminal.getWidth();
        return (width > 0 ? width : USUAL_WIDTH) - MARGIN;
    }

    @Override
    public void accept(String line) {
        int most = getMaxRenderedLength();
        out.print("\r" + line.substring(0, Math.min(line.length(), most)));
        out.flush();
    }

    @Override
    public void close() {
        out.println();
        out.flush();
        try {
            if (terminal != null) {
                terminal.close();
            }
        } catch (IOException e) {
            // There is nothing left to draw.
        }
    }
}
