package trm4j.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jline.utils.Signals;

/**
 * SIGINT (Ctrl-C), SIGTERM and SIGHUP (a terminal that is gone), while something runs that can stop in good order. The
 * first asks it to; a second one has its usual effect, at once.
 */
final class StopSignal implements AutoCloseable {

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    /** What a shell adds to a signal's number. */
    private static final int STATUS = 128;

    private final Map<String, Object> before = new LinkedHashMap<>();
    private final Runnable heard;
    private volatile String raised;

    /**
     * Listens from now on.
     *
     * @param heard runs when the first signal comes
     */
    StopSignal(Runnable heard) {
        this.heard = heard;
        listen();
    }

    /**
     * Until closed, a signal ends the process, after some words: for what cannot stop in good order, but is taken up
     * again from any point.
     */
    static StopSignal ending(String words, PrintWriter out) {
        return new StopSignal(words, out);
    }

    private StopSignal(String words, PrintWriter out) {
        heard = () -> {
            out.println(words);
            out.flush();
            System.exit(status());
        };
        listen();
    }

    private void listen() {
        NUMBERS.keySet().forEach(name -> before.put(name, Signals.register(name, () -> raise(name))));
    }

    private void raise(String name) {
        raised = name;
        NUMBERS.keySet().forEach(Signals::registerDefault);
        heard.run();
    }

    boolean isRaised() {
        return raised != null;
    }

    /** The exit status of what a signal stopped: here, or another of several processes. */
    int status() {
        return STATUS + NUMBERS.get(isRaised() ? raised : "TERM");
    }

    @Override
    public void close() {
        before.forEach((name, handler) -> {
            if (handler != null) {
                Signals.unregister(name, handler);
            }
        });
    }
}
