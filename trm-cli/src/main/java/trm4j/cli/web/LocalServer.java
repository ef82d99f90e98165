package trm4j.cli.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import trm4j.kernels.UserException;
import trm4j.train.RunException;

/** Answers browsers and programs on this machine only, and no pages but its own. */
public final class LocalServer implements AutoCloseable {

    /** Seconds that a request may take to come, and an answer to go; the JDK's server takes them by these names. */
    private static final Map<String, String> LIMITS =
            Map.of("sun.net.httpserver.maxReqTime", "20", "sun.net.httpserver.maxRspTime", "60");

    /** What is served. */
    @FunctionalInterface
    public interface Site {

        /** Answers a request, on a thread of its own; a {@link UserException} is told with status 500. */
        void answer(Request request) throws IOException;
    }

    private final HttpServer server;
    /** A thread for each request, so that one that never ends holds nobody up. */
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Begins to serve.
     *
     * @param port from 0 to 65535; 0 for any that is free
     * @throws RunException if the port is taken
     */
    public LocalServer(int port, Site site) {
        LIMITS.forEach((name, seconds) -> System.setProperty(name, System.getProperty(name, seconds)));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new RunException("Port " + port + " cannot be served (" + e.getMessage()
                    + "), expected a free one; choose another with --port.", e);
        }
        server.setExecutor(requests);
        server.createContext("/", exchange -> answer(exchange, site));
        server.start();
    }

    /** Returns where a browser on this machine finds the page. */
    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    private static void answer(HttpExchange exchange, Site site) throws IOException {
        try (exchange) {
            var request = new Request(exchange);
            if (!isMeantForUs(request)) {
                request.text(403, "Only for this machine.");
                return;
            }
            try {
                site.answer(request);
            } catch (UserException e) {
                request.text(500, e.getMessage());
            }
        }
    }

    /** A page elsewhere could have its name lead here, and read along; or send requests, which say where it is from. */
    private static boolean isMeantForUs(Request request) {
        var host = request.header("Host").orElse("");
        return host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?")
                && request.header("Origin").map(origin -> origin.equals("http://" + host)).orElse(true);
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }
}
