package trm4j.cli.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A request and its answer, of which there is one. */
public final class Request {

    private static final int NO_BODY = -1;

    private final HttpExchange exchange;

    Request(HttpExchange exchange) {
        this.exchange = exchange;
    }

    public String method() {
        return exchange.getRequestMethod();
    }

    public String path() {
        return exchange.getRequestURI().getPath();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** Returns what was sent along; nothing if that is more than so many bytes. */
    public Optional<byte[]> body(int most) throws IOException {
        var body = exchange.getRequestBody().readNBytes(most + 1);
        return body.length > most ? Optional.empty() : Optional.of(body);
    }

    /** Says something beside the answer. */
    public void say(String header, String value) {
        exchange.getResponseHeaders().set(header, value);
    }

    /** Answers with a text, which is to be asked for anew each time. */
    public void text(int status, String text) throws IOException {
        send(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with what is to be asked for anew each time. */
    public void send(int status, String type, byte[] body) throws IOException {
        if (!exchange.getResponseHeaders().containsKey("Cache-Control")) {
            say("Cache-Control", "no-store");
        }
        say("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /**
     * Answers with what seldom changes: says only that it is the same as before to those who have it.
     *
     * @param tag another one for each other body, in quotation marks
     */
    public void tagged(String type, byte[] body, String tag) throws IOException {
        say("ETag", tag);
        say("Cache-Control", "no-cache");
        if (header("If-None-Match").filter(tag::equals).isPresent()) {
            exchange.sendResponseHeaders(304, NO_BODY);
        } else {
            send(200, type, body);
        }
    }
}
