package trm4j.cli.play;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import trm4j.cli.web.LocalServer;
import trm4j.cli.web.Request;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.config.ConfigException;
import trm4j.train.DatasetException;
import trm4j.train.EvaluationException;
import trm4j.train.run.ModelPuzzles;

/**
 * Serves a page to browsers on this machine, on which a model solves puzzles step by step, and {@code POST /solve} to
 * programs. Requests are solved one after the other; of those that wait, there are only so many.
 */
public final class PlayServer implements AutoCloseable {

    private static final String SOLVE = "/solve";
    private static final String JSON = "application/json";
    /** Requests at a time: the one that is solved, and those that wait for it. */
    private static final int MOST_REQUESTS = 16;

    private final ModelPuzzles puzzles;
    private final Checkpoint model;
    private final Offer offer;
    private final Solvers solvers;
    private final Semaphore places = new Semaphore(MOST_REQUESTS);
    private final Object turn = new Object();
    private final byte[] page;
    private final LocalServer server;

    /**
     * Begins to serve.
     *
     * @param name what the model is called
     * @param offer puzzles that the page has for those who have none
     * @param port from 0 to 65535; 0 for any that is free
     * @throws trm4j.kernels.UserException if there is too little memory, or the port is taken
     */
    public PlayServer(
            String name, Checkpoint model, ModelPuzzles puzzles, Offer offer, Device device, int port) {
        this.puzzles = puzzles;
        this.model = model;
        this.offer = offer;
        solvers = new Solvers(device, model);
        page = new PlayPage(name, model, puzzles).live(offer).getBytes(StandardCharsets.UTF_8);
        try {
            server = new LocalServer(port, this::answer);
        } catch (RuntimeException e) {
            solvers.close();
            throw e;
        }
    }

    /** Returns where a browser on this machine finds the page. */
    public URI address() {
        return server.address();
    }

    private void answer(Request request) throws IOException {
        switch (request.path()) {
            case "/" -> request.send(200, "text/html", page);
            case SOLVE -> {
                if (request.method().equals("POST")) {
                    solve(request);
                } else {
                    request.say("Allow", "POST");
                    refuse(request, 405, "Expected POST with a JSON object, found " + request.method() + ".");
                }
            }
            default -> refuse(request, 404, "There is / for browsers, and " + SOLVE + " for programs.");
        }
    }

    private void solve(Request request) throws IOException {
        var type = request.header("Content-Type").orElse("none");
        if (!type.startsWith(JSON)) {
            // Which a page elsewhere cannot send without being asked for leave, which it does not get.
            refuse(request, 415, "Expected Content-Type: " + JSON + ", found " + type + ".");
            return;
        }
        var body = request.body(SolveRequest.MOST_BYTES);
        if (body.isEmpty()) {
            refuse(request, 413, "Expected at most " + SolveRequest.MOST_BYTES + " bytes, found more.");
            return;
        }
        try {
            solve(request, SolveRequest.read(body.get(), puzzles, offer.puzzles()));
        } catch (DatasetException | EvaluationException | ConfigException e) {
            refuse(request, 400, e.getMessage());
        }
    }

    private void solve(Request request, SolveRequest asked) throws IOException {
        if (!places.tryAcquire()) {
            request.say("Retry-After", "1");
            refuse(request, 503, MOST_REQUESTS + " requests wait already; ask again in a while.");
            return;
        }
        ObjectNode solved;
        try {
            solved = solved(asked);
        } catch (DeviceException e) {
            refuse(request, 507, asked.tries().rollouts().count() + " tries at a time do not fit: " + e.getMessage());
            return;
        } finally {
            places.release();
        }
        request.send(200, JSON, solved.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode solved(SolveRequest asked) {
        var node = JsonNodeFactory.instance.objectNode();
        var list = node.putArray("puzzles");
        for (int i = 0; i < asked.questions().size(); i++) {
            var question = asked.questions().get(i);
            Thinking thinking;
            synchronized (turn) {
                thinking = Thinking.of(
                        puzzles.family(), i, question.puzzle(), solvers.of(asked.tries().rollouts()),
                        model.train().loss().kind(), asked.tries(), model.config().vocabSize(), asked.steps(),
                        asked.halt());
            }
            list.add(thinking.json(question, puzzles, asked.trace()));
        }
        return node;
    }

    private static void refuse(Request request, int status, String sentence) throws IOException {
        var node = JsonNodeFactory.instance.objectNode().put("error", sentence);
        request.send(status, JSON, node.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.close();
        synchronized (turn) {
            solvers.close();
        }
    }
}
