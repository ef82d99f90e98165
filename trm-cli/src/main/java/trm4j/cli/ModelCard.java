package trm4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.model.Checkpoint;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.train.EvaluationException;
import trm4j.train.Plural;
import trm4j.train.TrmCommand;
import trm4j.train.data.DatasetInfo;
import trm4j.train.eval.EvaluationRecord;
import trm4j.train.metrics.RunMetrics;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.run.RunFolder;

/**
 * What people read of a model before they take it, as Markdown: what it is, how it was trained, what was measured.
 *
 * @param name what it is called
 * @param data what it was trained on, if that is known
 * @param seconds of training, evaluations left out, if they are known
 * @param figures what was measured, each with what on
 */
record ModelCard(
        String name, Checkpoint model, PuzzleFamily family, Optional<String> data, OptionalDouble seconds,
        List<Figures> figures) {

    /**
     * Makes the card of a model.
     *
     * @param run that trained it, if it is there: what it trained on, and what it measured of this model
     * @param figures of other evaluations
     */
    static ModelCard of(
            String name, Checkpoint model, PuzzleFamily family, Optional<Path> run, List<Figures> figures) {
        var metrics = run.map(RunMetrics::of);
        var own = metrics.stream().flatMap(lines -> lines.evaluations().stream())
                .filter(line -> line.path("step").asLong() == model.step())
                .map(line -> new Figures("The test puzzles of its run", line.get("test")));
        var seconds = metrics.stream().flatMap(lines -> lines.steps().stream())
                .filter(line -> line.path("step").asLong() == model.step())
                .mapToDouble(line -> line.path("seconds").asDouble())
                .findFirst();
        var data = run.flatMap(RunFolder::place).map(DatasetInfo::of)
                .map(info -> String.format(Locale.ROOT, "%,d %s", info.totalGroups(), family.plural()));
        return new ModelCard(name, model, family, data, seconds, Stream.concat(own, figures.stream()).toList());
    }

    /**
     * An evaluation.
     *
     * @param puzzles which, and how they were solved
     * @param result as {@code evaluation.json} has it
     */
    record Figures(String puzzles, JsonNode result) {

        /**
         * Reads an evaluation's folder.
         *
         * @param model the file that it is to be of
         * @throws EvaluationException if it is of another model, or not done
         */
        static Figures of(Path folder, Path model) {
            var evaluation = EvaluationRecord.of(folder);
            if (!evaluation.isOf(model)) {
                throw new EvaluationException("The evaluation in " + folder + " is of another model than " + model
                        + "; name one of this.");
            }
            var result = evaluation.result().orElseThrow(() -> new EvaluationException(
                    "The evaluation in " + folder + " is not done; go on with it first: "
                            + TrmCommand.line("eval", "--resume", folder)));
            var settings = evaluation.settings();
            return new Figures(
                    "`" + Path.of(settings.path("data").asText()).getFileName() + "`, "
                            + settings.path("split").asText() + " puzzles" + tries(settings.path("rollouts"))
                            + (settings.path("halt").asBoolean() ? ", halting by itself" : ""),
                    result);
        }

        /** How each puzzle was tried, if not just once. */
        private static String tries(JsonNode rollouts) {
            return rollouts.isMissingNode() ? "" : ", " + (rollouts.has("chains")
                    ? rollouts.path("count").asInt() + " chains (" + rollouts.path("chains").asText() + ")"
                    : Plural.count(rollouts.path("count").asInt(), "rollout") + " with noise "
                            + rollouts.path("noise").asDouble())
                    + ", chosen by " + rollouts.path("select").asText();
        }

        /** The most important of it, for programs. */
        ObjectNode json() {
            var node = JsonNodeFactory.instance.objectNode()
                    .put("of", puzzles).put("puzzles", result.path("labelled").asInt());
            for (var key : List.of("exact_accuracy", "accuracy", "rules")) {
                if (result.has(key)) {
                    node.set(key, result.get(key));
                }
            }
            return node;
        }

        private List<String> lines() {
            var lines = new ArrayList<String>();
            int labelled = result.path("labelled").asInt();
            lines.add("- " + puzzles + ": " + (labelled == 0 ? "no labels" : percent(result.path("exact_accuracy"))
                    + " of " + Plural.count(labelled, "puzzle") + " exact, " + percent(result.path("accuracy"))
                    + " of the cells right, " + steps()));
            result.path("rules").properties().forEach(rule ->
                    lines.add("  - " + percent(rule.getValue()) + " " + rule.getKey() + " by the rules"));
            result.at("/arc/pass_at").properties().forEach(tries ->
                    lines.add("  - pass@" + tries.getKey() + ": " + percent(tries.getValue())));
            result.path("by_rating").forEach(level -> lines.add(
                    "  - rating " + level.path("lowest").asInt() + " to " + level.path("highest").asInt() + ": "
                            + percent(level.path("exact_accuracy")) + " of "
                            + Plural.count(level.path("puzzles").asInt(), "puzzle") + " exact"));
            return lines;
        }

        private String steps() {
            var halts = String.format(Locale.ROOT, "%.1f", result.path("steps").asDouble());
            return result.path("halting").asBoolean() ? "halting after " + halts + " supervision steps on average"
                    : "after " + Plural.count(result.path("exact_accuracy_by_step").size(), "supervision step")
                            + " (would halt after " + halts + " on average)";
        }

        private static String percent(JsonNode share) {
            return String.format(Locale.ROOT, "%.1f%%", 100 * share.asDouble());
        }
    }

    /** Returns the card; its first lines are what hubs of models sort by. */
    String text() {
        var config = model.config();
        var train = model.train();
        return """
                ---
                library_name: trm4j
                tags:
                - tiny-recursive-model
                - %s
                ---

                # %s

                A Tiny Recursive Model ([Less is More, arXiv 2510.04871](https://arxiv.org/abs/2510.04871)) of %,d
                parameters for %s: %d tokens, each one of %d.

                ## What it is

                - Network: %s, width %d, %s%s; %d x %d evaluations and %d supervision steps at most.
                - Trained: %s of %s, learning rate %s%s%s.
                - Files: `model.safetensors` has the weights (their moving average) by the names of the authors' PyTorch
                  code, `config.json` the settings%s.

                ## What was measured

                %s

                ## Use

                ```
                trm eval FOLDER --data PUZZLES
                trm solve FOLDER PUZZLE
                ```

                It answers puzzles of this kind and size only, and may be wrong: check its answers by the rules.
                """.formatted(
                family.kind(), name, new Parameters(config).trained(), family.plural(), config.seqLen(),
                config.vocabSize(), Plural.count(config.lLayers(), "layer"), config.hiddenSize(),
                config.mlpT() ? "token mixing" : "attention with " + Plural.count(config.numHeads(), "head"),
                positions(config), config.hCycles(), config.lCycles() + 1, config.haltMaxSteps(),
                Plural.count(model.step(), "step"), Plural.count(train.batchSize(), "puzzle"), train.lr(),
                data.map(puzzles -> ", on " + puzzles).orElse(""), time(),
                model.rowNames().isPresent() ? ", `model.identifiers.json` the names of its puzzle rows" : "",
                measured());
    }

    private String time() {
        return seconds.isEmpty() ? ""
                : String.format(Locale.ROOT, ", in %.0f min", Math.ceil(seconds.getAsDouble() / 60));
    }

    private static String positions(TrmConfig config) {
        return config.mlpT() ? "" : ", positions " + config.posEncodings().name().toLowerCase(Locale.ROOT);
    }

    private String measured() {
        return figures.isEmpty() ? "Nothing that is recorded with the model; `trm eval` measures it."
                : figures.stream().flatMap(each -> each.lines().stream()).collect(Collectors.joining("\n"));
    }
}
