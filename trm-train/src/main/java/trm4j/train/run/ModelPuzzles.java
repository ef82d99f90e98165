package trm4j.train.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import trm4j.kernels.UserException;
import trm4j.model.Batch;
import trm4j.model.Checkpoint;
import trm4j.model.Example;
import trm4j.model.config.TrmConfig;
import trm4j.train.DatasetException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.JsonFile;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.arc.ArcTask;
import trm4j.train.data.arc.ArcTokens;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.table.RowNames;

/**
 * The puzzles that a model solves, as the data set says that its run was trained with; where that is not there, as a
 * hub's folder says that has it, or as the model's sizes suggest.
 *
 * @param identifiers the names of the model's puzzle identifiers, in order; empty if they are not known
 * @param remark a sentence for people, where it is not a matter of course what the puzzles are taken for
 */
public record ModelPuzzles(
        TrmConfig config, PuzzleFamily family, List<String> identifiers, Optional<String> remark) {

    /** What a hub's folder has beside the model, and the key in it that has the kind of its puzzles. */
    public static final String HUB_CONFIG = "config.json";
    public static final String HUB_KIND = "puzzles";

    /** Puzzles that belong to no task have this identifier. */
    private static final int BLANK = 0;

    /**
     * A puzzle to solve.
     *
     * @param title what it is called; "" where it is one of many
     * @param remark a sentence for people, where the model was not trained for it
     */
    public record Question(String title, Example puzzle, Optional<String> remark) {}

    /**
     * Finds what a model solves.
     *
     * @param model a run's folder, a checkpoint's, or a file
     * @param file the model's file that is found there, beside which the names of its rows may stand
     * @param checkpoint what was read from that
     * @throws DatasetException if the data set of its run is damaged
     */
    public static ModelPuzzles of(Path model, Path file, Checkpoint checkpoint) {
        var config = checkpoint.config();
        var data = RunFolder.of(model).flatMap(RunFolder::place);
        if (data.isPresent()) {
            var info = DatasetInfo.of(data.get());
            if (info.seqLen() == config.seqLen() && info.vocabSize() == config.vocabSize()) {
                return new ModelPuzzles(
                        config, PuzzleFamilies.of(info), names(file, checkpoint, data), Optional.empty());
            }
        }
        var said = kindBeside(file).flatMap(kind -> PuzzleFamilies.named(kind, config.seqLen(), config.vocabSize()));
        if (said.isPresent()) {
            return new ModelPuzzles(config, said.get(), names(file, checkpoint, Optional.empty()), Optional.empty());
        }
        var family = PuzzleFamilies.ofSizes(config.seqLen(), config.vocabSize());
        return new ModelPuzzles(config, family, names(file, checkpoint, Optional.empty()), Optional.of(
                "The data set that " + model + " was trained with is not there to say what it solves; from "
                        + config.seqLen() + " cells of " + config.vocabSize() + " tokens its puzzles are taken for "
                        + family.plural() + "."));
    }

    /** Returns the kind of puzzles that a hub's folder says its model is for; nothing where that says none. */
    private static Optional<String> kindBeside(Path file) {
        var config = file.resolveSibling(HUB_CONFIG);
        if (!Files.isRegularFile(config)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JsonFile.read(config).root().path(HUB_KIND).textValue());
        } catch (DatasetException e) {
            // Of another program: what the model needs stands in its own file.
            return Optional.empty();
        }
    }

    /** Returns the names beside the model, or else those of the data set, if they are those of the model's rows. */
    private static List<String> names(Path file, Checkpoint checkpoint, Optional<Path> data) {
        var digest = checkpoint.rowNames();
        var ofData = data.flatMap(dir -> names(dir, checkpoint.config()))
                .filter(names -> digest.isEmpty() || digest.get().equals(names.sha256()));
        return digest.flatMap(sha256 -> RowNames.beside(file, sha256)).or(() -> ofData)
                .map(RowNames::names).orElse(List.of());
    }

    private static Optional<RowNames> names(Path data, TrmConfig config) {
        var file = data.resolve(PuzzleDataset.IDENTIFIERS);
        return Optional.of(file).filter(Files::exists).map(there -> JsonFile.read(there).strings())
                .filter(names -> names.size() == config.numPuzzleIdentifiers())
                .flatMap(names -> RowNames.of(config, names));
    }

    /**
     * Reads a question, whose rows may have a line each, or the tests of ARC tasks as JSON.
     *
     * @param where it is from, for messages
     * @param name of an ARC task that does not say its own
     * @throws DatasetException if it cannot be read
     */
    public List<Question> read(String where, String name, String text) {
        return isOfTasks(text) ? tests(ArcTask.read(where, name, text)) : List.of(question(where, text));
    }

    /**
     * Reads questions, one a line, or the tests of ARC tasks as JSON.
     *
     * @param where they are from, for messages
     * @param name of an ARC task that does not say its own
     * @return at least one
     * @throws DatasetException if there are none, or one cannot be read
     */
    public List<Question> readAll(String where, String name, String text) {
        if (isOfTasks(text)) {
            return tests(ArcTask.read(where, name, text));
        }
        var lines = text.lines().toList();
        var questions = IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank())
                .mapToObj(i -> question(where + ", line " + (i + 1), lines.get(i)))
                .toList();
        if (questions.isEmpty()) {
            throw new DatasetException(where + " is empty, expected " + family.plural() + ", one a line.");
        }
        return questions;
    }

    /**
     * Reads the puzzles of a file, one a line, or its ARC tasks; a file of one task has its name. Solutions of {@code
     * NAME_challenges.json} are taken from {@code NAME_solutions.json} if that is beside it.
     *
     * @param text what the file has
     * @return at least one
     * @throws DatasetException if there are none, or one cannot be read
     */
    public List<Question> readFile(Path file, String text) {
        return isOfTasks(text) ? tests(ArcTask.read(file)) : readAll(file.toString(), "", text);
    }

    private boolean isOfTasks(String text) {
        return family.kind().equals(ArcTokens.KIND) && text.stripLeading().startsWith("{");
    }

    private List<Question> tests(List<ArcTask> tasks) {
        return tasks.stream().flatMap(task -> tests(task).stream()).toList();
    }

    private Question question(String where, String text) {
        try {
            var labels = new int[config.seqLen()];
            Arrays.fill(labels, Batch.NO_LABEL);
            var tokens = family.parse(text, config.seqLen(), config.vocabSize());
            return new Question("", new Example(tokens, labels, BLANK), Optional.empty());
        } catch (DatasetException e) {
            throw new DatasetException(where + ": " + e.getMessage(), e);
        }
    }

    private List<Question> tests(ArcTask task) {
        int found = identifiers.indexOf(task.name());
        var name = UserException.shown(task.name());
        var remark = found >= 0 ? Optional.<String>empty() : Optional.of(identifiers.isEmpty()
                ? "The model does not know its tasks by name, so that it solves " + name + " as no task."
                : "The model was not trained on a task " + name + ", so that it solves it as no task.");
        var questions = new ArrayList<Question>();
        for (int test = 0; test < task.tests().size(); test++) {
            questions.add(new Question(
                    "task " + name + ", test " + (test + 1),
                    task.tests().get(test).example(Math.max(BLANK, found)), remark));
        }
        return questions;
    }
}
