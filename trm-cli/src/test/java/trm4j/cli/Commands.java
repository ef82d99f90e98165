package trm4j.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The command line, for tests in other packages. */
public final class Commands {

    private Commands() {}

    /** Runs a command and returns its exit status. */
    public static int run(StringWriter out, StringWriter err, String... arguments) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }
}
