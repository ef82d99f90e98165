package trm4j.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** Says what is waited for where it takes long, so that nobody looks at nothing. Closed when it has come. */
final class Waiting implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Thread thread;

    /** Says a sentence in some seconds. */
    Waiting(String sentence, PrintWriter out) {
        this(PATIENCE, () -> {
            out.println(sentence);
            out.flush();
        });
    }

    Waiting(Duration patience, Runnable says) {
        thread = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(patience);
                says.run();
            } catch (InterruptedException e) {
                // It has come.
            }
        });
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
