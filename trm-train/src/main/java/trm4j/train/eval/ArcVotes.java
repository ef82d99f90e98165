package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import trm4j.model.HaltLogit;
import trm4j.train.data.arc.ArcAugmentation;
import trm4j.train.data.arc.ArcTask;
import trm4j.train.data.arc.ArcTasks;

/**
 * Each augmented copy of an ARC test votes for an output, undone. More votes win; of as many, those whose halt logits
 * say on average that they are right (the authors' {@code evaluators/arc.py}).
 */
final class ArcVotes {

    private static final int[] TRIES = {1, 2, 5, 10, 100, 1000};
    private static final int ATTEMPTS = 2;
    /** A probability of 1: millions of votes fit in a long. */
    private static final double CERTAIN = 0x1p40;

    /** The votes for one output, whose digits stand row by row, a line each. */
    private static final class Candidate {
        final String output;
        int votes;
        /** The sum, in units so small that it is exact whatever the order. */
        long certainty;

        Candidate(String output) {
            this.output = output;
        }

        double meanCertainty() {
            return (double) certainty / votes;
        }
    }

    /** Ends with the text, so that the order in which predictions came does not matter. */
    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingInt((Candidate candidate) -> candidate.votes)
                    .thenComparingDouble(Candidate::meanCertainty)
                    .thenComparing(candidate -> candidate.output)
                    .reversed();

    private final List<ArcTask> tasks;
    private final Map<String, Map<String, Map<String, Candidate>>> candidates = new HashMap<>();

    /** No votes yet for the tests of some tasks. */
    ArcVotes(List<ArcTask> tasks) {
        this.tasks = tasks;
    }

    /** Counts a prediction as {@link ArcTasks} writes it. */
    void add(Prediction prediction) {
        if (prediction.identifier() == null) {
            return;
        }
        var candidate = candidates
                .computeIfAbsent(ArcAugmentation.task(prediction.identifier()), _ -> new HashMap<>())
                .computeIfAbsent(text(prediction.question()), _ -> new HashMap<>())
                .computeIfAbsent(text(prediction.answer()), Candidate::new);
        candidate.votes++;
        candidate.certainty += Math.round(
                CERTAIN * HaltLogit.probability(prediction.haltLogits()[prediction.steps() - 1]));
    }

    Evaluation.ArcScore score() {
        var passAt = new TreeMap<Integer, Double>();
        var tested = tasks.stream()
                .filter(task -> candidates.containsKey(task.name()))
                .filter(task -> task.tests().stream().allMatch(test -> test.output() != null))
                .toList();
        for (int tries : TRIES) {
            double share = tested.stream().mapToDouble(task -> solved(task, tries)).average().orElse(Double.NaN);
            passAt.put(tries, share);
        }
        return new Evaluation.ArcScore(tested.size(), passAt);
    }

    private double solved(ArcTask task, int tries) {
        return task.tests().stream()
                .mapToInt(test -> {
                    var output = ArcTasks.text(test.output());
                    return ranked(task, test).stream().limit(tries).anyMatch(output::equals) ? 1 : 0;
                })
                .average()
                .orElseThrow();
    }

    /** The outputs that got votes, best first. */
    private List<String> ranked(ArcTask task, ArcTask.Pair test) {
        return candidates.getOrDefault(task.name(), Map.of()).getOrDefault(ArcTasks.text(test.input()), Map.of()).values()
                .stream()
                .sorted(BEST_FIRST)
                .map(candidate -> candidate.output)
                .toList();
    }

    /** What the competition takes: for each test of each task, two attempts. No grid of a task is empty. */
    ObjectNode submission() {
        var root = JsonNodeFactory.instance.objectNode();
        for (var task : tasks) {
            var tests = root.putArray(task.name());
            for (var test : task.tests()) {
                var ranked = ranked(task, test).stream().filter(output -> !output.isEmpty()).toList();
                var attempts = tests.addObject();
                for (int i = 0; i < ATTEMPTS; i++) {
                    attempts.set("attempt_" + (i + 1), grid(ranked, i));
                }
            }
        }
        return root;
    }

    /** The one of some rank, or the first again; a single cell where there is nothing, which the format demands. */
    private static ArrayNode grid(List<String> ranked, int rank) {
        var text = ranked.isEmpty() ? "" : ranked.get(rank < ranked.size() ? rank : 0);
        var grid = JsonNodeFactory.instance.arrayNode();
        for (var line : text.isEmpty() ? List.of("0") : text.lines().toList()) {
            var row = grid.addArray();
            line.chars().forEach(digit -> row.add(digit - '0'));
        }
        return grid;
    }

    private static String text(JsonNode rows) {
        var lines = new ArrayList<String>();
        rows.forEach(row -> lines.add(row.asText()));
        return String.join("\n", lines);
    }
}
