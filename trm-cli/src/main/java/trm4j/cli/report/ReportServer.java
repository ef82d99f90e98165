package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import trm4j.kernels.UserException;
import trm4j.train.RunException;

/** Serves a report's page, and its newest data, to browsers on this machine only. */
public final class ReportServer implements AutoCloseable {

    private static final String DATA = "/data.json";

    private final Report report;
    private final HttpServer server;
    /** A thread for each request, so that one that never ends holds nobody up; the report is read by one at a time. */
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Lock reading = new ReentrantLock();

    /**
     * Begins to serve.
     *
     * @param report what the page shows; it is read again for each request
     * @param port from 0 to 65535; 0 for any that is free
     * @throws RunException if the port is taken
     */
    public ReportServer(Report report, int port) {
        this.report = report;
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
            var response = isMeantForUs(exchange)
                    ? response(exchange.getRequestURI().getPath())
                    : new Response(403, "text/plain", "Only for this machine.");
            var bytes = response.text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", response.type + "; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(response.status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private record Response(int status, String type, String text) {}

    private Response response(String path) {
        try {
            return switch (path) {
                case "/" -> new Response(200, "text/html", ReportPage.live(read(), DATA));
                case DATA -> new Response(200, "application/json", read().toString());
                default -> new Response(404, "text/plain", "There is only /.");
            };
        } catch (UserException e) {
            return new Response(500, "text/plain", e.getMessage());
        }
    }

    private ObjectNode read() {
        reading.lock();
        try {
            return report.read();
        } finally {
            reading.unlock();
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
