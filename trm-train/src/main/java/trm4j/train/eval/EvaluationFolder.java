package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.InputFile;
import trm4j.train.EvaluationException;
import trm4j.train.TrmCommand;
import trm4j.train.data.Folders;
import trm4j.train.puzzle.PuzzleFamily;

/** The files of an evaluation, and which of them go again if nothing comes of it. */
final class EvaluationFolder {

    static final String RESULT = "evaluation.json";
    static final String SUBMISSION = "submission.json";

    static final String SETTINGS = "settings.json";
    static final String PREDICTIONS = "predictions.jsonl";
    static final String DATA = "data";
    /** Of a result, far more than one takes. */
    private static final int MOST_BYTES = 1 << 24;

    private final Path folder;
    private final List<Path> newFolders;
    private boolean began;
    private boolean imported;

    private EvaluationFolder(Path folder) {
        this.folder = folder;
        // The folder first, what it is to be in after it.
        newFolders = Stream.iterate(
                folder.toAbsolutePath(), path -> path != null && !Files.exists(path), Path::getParent).toList();
    }

    /**
     * Begins an evaluation, or goes on with one.
     *
     * @param settings of what it is and how
     * @throws EvaluationException if there is an evaluation already and it is not to be resumed, or is of something
     *     else or of nobody knows what, or the folder cannot be written
     */
    static EvaluationFolder begin(Path folder, JsonNode settings, boolean resume) {
        var files = new EvaluationFolder(folder);
        var file = folder.resolve(SETTINGS);
        if (!Files.exists(file)) {
            files.start(settings);
        } else if (resume) {
            EvaluationSettings.requireSame(file, settings);
        } else {
            throw new EvaluationException("There is an evaluation in " + folder
                    + " already; " + TrmCommand.line("eval", "--resume", folder)
                    + " goes on with it, --out names another folder.");
        }
        return files;
    }

    private void start(JsonNode settings) {
        Stream.of(PREDICTIONS, RESULT, SUBMISSION).forEach(this::requireAbsent);
        began = true;
        try {
            Files.createDirectories(folder);
            write(SETTINGS, settings);
        } catch (IOException e) {
            undo();
            throw unwritable(e);
        } catch (EvaluationException e) {
            undo();
            throw e;
        }
    }

    private void requireAbsent(String name) {
        if (Files.exists(folder.resolve(name))) {
            throw new EvaluationException(folder + " has " + name + ", but no " + SETTINGS
                    + " that says of what; choose another folder with --out.");
        }
    }

    /** The puzzles of a CSV file as a data set here, which an evaluation that goes on takes again. */
    Path data(Path csv, PuzzleFamily family) {
        var data = folder.resolve(DATA);
        if (began || !Files.exists(data)) {
            if (began) {
                requireAbsent(DATA);
            }
            family.importCsv(csv, data);
            imported = true;
        }
        return data;
    }

    Path folder() {
        return folder;
    }

    Path predictions() {
        return folder.resolve(PREDICTIONS);
    }

    void write(String name, JsonNode json) {
        try {
            var bytes = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
            AtomicFile.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Returns the puzzles solved in a second, as an earlier result has it; NaN where there is none. */
    double earlierSpeed() {
        try {
            var earlier = new ObjectMapper().readTree(InputFile.bytes(folder.resolve(RESULT), MOST_BYTES));
            return earlier.path(Evaluation.SPEED).asDouble(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private EvaluationException unwritable(IOException e) {
        return new EvaluationException(
                "Folder " + folder + " cannot be written (" + e + "); choose another with --out.", e);
    }

    /** Takes away what was made, as nothing has come of it. */
    void undo() {
        try {
            if (imported) {
                Folders.delete(folder.resolve(DATA));
            }
            if (began) {
                Files.deleteIfExists(predictions());
                Files.deleteIfExists(folder.resolve(SETTINGS));
                for (var made : newFolders) {
                    Files.deleteIfExists(made);
                }
            }
        } catch (IOException e) {
            // Others' files are in a folder, say: then it stays, and what is told is why nothing came of it.
        }
    }
}
