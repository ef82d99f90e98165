package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import trm4j.kernels.UserException;
import trm4j.train.RunException;

/** Serves a report's page, and its newest data, to browsers on this machine only. */
public final class ReportServer implements AutoCloseable {

    private static final String DATA = "/data.json";
    private static final int NO_BODY = -1;
    /** Seconds that a request may take to come, and an answer to go; the JDK's server takes them by these names. */
    private static final Map<String, String> LIMITS =
            Map.of("sun.net.httpserver.maxReqTime", "20", "sun.net.httpserver.maxRspTime", "60");

    private final Report report;
    private final HttpServer server;
    /** A thread for each request, so that one that never ends holds nobody up; the report is read by one at a time. */
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
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
     * @throws RunException if the port is taken
     */
    public ReportServer(Report report, int port) {
        this.report = report;
        LIMITS.forEach((name, seconds) -> System.setProperty(name, System.getProperty(name, seconds)));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new RunException("Port " + port + " cannot be served (" + e.getMessage()
                    + "), expected a free one; choose another with --port.", e);
        }
        server.setExecutor(requests);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Returns where a browser on this machine finds the page. */
    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isMeantForUs(exchange)) {
                text(exchange, 403, "Only for this machine.");
                return;
            }
            try {
                switch (exchange.getRequestURI().getPath()) {
                    case "/" -> {
                        var now = read();
                        body(exchange, "text/html", now.page, now.tag);
                    }
                    case DATA -> {
                        var now = read();
                        body(exchange, "application/json", now.data, now.tag);
                    }
                    default -> text(exchange, 404, "There is only /.");
                }
            } catch (UserException e) {
                text(exchange, 500, e.getMessage());
            }
        }
    }

    /** Says only that it is the same as before to those who know that. */
    private static void body(HttpExchange exchange, String type, byte[] body, String tag) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("ETag", tag);
        headers.set("Cache-Control", "no-cache");
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, NO_BODY);
        } else {
            send(exchange, 200, type, body);
        }
    }

    private static void text(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        send(exchange, status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
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

    /** A page elsewhere could have its name lead here, and read along. */
    private boolean isMeantForUs(HttpExchange exchange) {
        var host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }
}
