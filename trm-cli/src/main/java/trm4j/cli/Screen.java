package trm4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.IntSupplier;
import org.jline.terminal.TerminalBuilder;

/**
 * Where a user looks: lines that stay, and on a terminal a status below them that is drawn again and again. Spaces wipe
 * it out, so that a terminal needs to know no escape codes.
 */
final class Screen {

    /** Where a terminal does not tell its width, as some do not. */
    private static final int USUAL_WIDTH = 80;

    private final PrintWriter out;
    private final IntSupplier width;
    private String status = "";

    /** A terminal of some columns, asked for anew whenever the status is drawn; 0 for a file or a pipe. */
    Screen(PrintWriter out, IntSupplier width) {
        this.out = out;
        this.width = width;
    }

    /**
     * The terminal, if standard output goes to one, or else what lines are to go to.
     *
     * @param out standard output
     */
    static Screen of(PrintWriter out, PrintWriter elsewhere) {
        return isTerminal() ? new Screen(out, columns()) : new Screen(elsewhere, () -> 0);
    }

    /** Whether standard output goes to a terminal, and keys come from one. */
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    /** Asks the terminal once: whoever makes it wider meanwhile sees the old width. */
    private static IntSupplier columns() {
        // JLine's own signals would take away those of StopSignal.
        try (var terminal = TerminalBuilder.builder().dumb(true).nativeSignals(false).build()) {
            int columns = terminal.getWidth() > 0 ? terminal.getWidth() : USUAL_WIDTH;
            return () -> columns;
        } catch (IOException e) {
            return () -> USUAL_WIDTH;
        }
    }

    boolean hasStatus() {
        return width.getAsInt() > 0;
    }

    /** Returns how much of a status can be seen: in the last column, some terminals begin a new line. */
    int room() {
        return width.getAsInt() - 1;
    }

    /** Adds a line; a status stays below it. */
    synchronized void line(String line) {
        var below = status;
        status("");
        out.println(line);
        status(below);
        out.flush();
    }

    /** Draws a status in place of the one before; elsewhere than on a terminal, nothing. */
    synchronized void status(String text) {
        if (!hasStatus() || text.isEmpty() && status.isEmpty()) {
            return;
        }
        var shown = text.substring(0, Math.min(text.length(), room()));
        // Back at its beginning, whatever others print begins a line.
        out.print("\r" + shown + " ".repeat(Math.max(0, status.length() - shown.length())) + "\r");
        out.flush();
        status = shown;
    }

    /** Leaves the status as a line, and begins a new one. */
    synchronized void keep() {
        if (!status.isEmpty()) {
            out.println();
            out.flush();
            status = "";
        }
    }
}
