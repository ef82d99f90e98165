package trm4j.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The command line, as tests call it. */
public final class Commands {

    private Commands() {}

    /** Runs a command and returns its exit status. */
    public static int run(StringWriter out, StringWriter err, String... arguments) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    /** Runs a command, has nothing but what it prints in the writers, and returns its exit status. */
    public static int runAfresh(StringWriter out, StringWriter err, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return run(out, err, arguments);
    }
}
