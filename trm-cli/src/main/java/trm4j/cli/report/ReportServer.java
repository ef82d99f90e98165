package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import trm4j.cli.web.LocalServer;
import trm4j.cli.web.Request;
import trm4j.kernels.UserException;

/** Serves a report's page, and its newest data, to browsers on this machine only. */
public final class ReportServer implements AutoCloseable {

    private static final String DATA = "/data.json";

    private final Report report;
    private final LocalServer server;
    /** The report is read by one at a time. */
    private final Lock reading = new ReentrantLock();
    private final AtomicBoolean solving = new AtomicBoolean();
    private Served served;

    /** What was made of a report, which stays as long as nothing changes. */
    private record Served(ObjectNode report, byte[] page, byte[] data, String tag) {

        static Served of(ObjectNode report) {
            var data = report.toString().getBytes(StandardCharsets.UTF_8);
            var sum = new CRC32C();
            sum.update(data);
            return new Served(
                    report, ReportPage.live(report, DATA).getBytes(StandardCharsets.UTF_8), data,
                    "\"%x-%x\"".formatted(data.length, sum.getValue()));
        }
    }

    /**
     * Begins to serve.
     *
     * @param report what the page shows; what is new is read for each request
     * @param port from 0 to 65535; 0 for any that is free
     * @throws trm4j.train.RunException if the port is taken
     */
    public ReportServer(Report report, int port) {
        this.report = report;
        server = new LocalServer(port, this::answer);
    }

    /** Returns where a browser on this machine finds the page. */
    public URI address() {
        return server.address();
    }

    private void answer(Request request) throws IOException {
        switch (request.path()) {
            case "/" -> {
                var now = read();
                request.tagged("text/html", now.page, now.tag);
            }
            case DATA -> {
                var now = read();
                request.tagged("application/json", now.data, now.tag);
            }
            default -> request.text(404, "There is only /.");
        }
    }

    private Served read() {
        reading.lock();
        try {
            var now = report.read();
            if (served == null || served.report != now) {
                served = Served.of(now);
            }
            solve();
            return served;
        } finally {
            reading.unlock();
        }
    }

    /** Has puzzles solved beside, which takes time; the page shows them when it asks again. */
    private void solve() {
        if (solving.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("showcase").start(() -> {
                try {
                    report.solve(_ -> {});
                } catch (UserException e) {
                    // Without puzzles the page is still worth looking at; with the next model it is tried again.
                } finally {
                    solving.set(false);
                }
            });
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
