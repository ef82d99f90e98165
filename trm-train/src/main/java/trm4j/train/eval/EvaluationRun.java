package trm4j.train.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import trm4j.model.AtomicFile;
import trm4j.model.Solver;
import trm4j.train.data.ArcDataset;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;

/**
 * An evaluation in a folder: {@code settings.json} (of what), {@code predictions.jsonl} (a line for each puzzle as it
 * is done) and at last {@code evaluation.json}, of ARC tasks {@code submission.json} too. Interrupted at any point, it can go on where it was.
 */
public final class EvaluationRun implements AutoCloseable {

    private static final String SETTINGS = "settings.json";
    private static final String PREDICTIONS = "predictions.jsonl";
    private static final String RESULT = "evaluation.json";
    private static final String SUBMISSION = "submission.json";

    private final Path folder;
    private final Evaluator evaluator;
    private final BitSet done = new BitSet();
    private final Optional<ArcVotes> votes;
    private final Tally tally;
    private final PredictionsFile predictions;
    private final int puzzles;

    /**
     * Begins an evaluation, or goes on with one.
     *
     * @param folder for its files; made if it is not there
     * @param resume whether to go on with what is there
     * @throws EvaluationException if there is an evaluation already and it is not to be resumed, or it was of
     *     something else, or the folder cannot be written
     */
    public EvaluationRun(Path folder, EvaluationSettings settings, PuzzleDataset dataset, boolean resume) {
        this.folder = folder;
        evaluator = new Evaluator(dataset, settings.steps(), settings.halting());
        puzzles = evaluator.puzzles(settings.limit());
        votes = ArcDataset.testTasks(settings.data()).filter(_ -> settings.split() == Split.TEST).map(ArcVotes::new);
        tally = evaluator.tally(IntStream.range(0, puzzles), votes);
        try {
            var file = folder.resolve(SETTINGS);
            if (Files.exists(file)) {
                if (!resume) {
                    throw new EvaluationException("There is an evaluation in " + folder
                            + " already; go on with it with --resume, or choose another folder with --out.");
                }
                settings.requireSame(file, dataset);
            } else {
                Files.createDirectories(folder);
                settings.write(file, dataset);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        predictions = PredictionsFile.open(folder.resolve(PREDICTIONS), this::replay);
    }

    private void replay(Prediction earlier) {
        if (earlier.example() < 0 || earlier.example() >= puzzles || done.get(earlier.example())) {
            throw new IllegalArgumentException("example " + earlier.example());
        }
        done.set(earlier.example());
        tally.add(earlier);
    }

    private EvaluationException unwritable(IOException e) {
        return new EvaluationException(
                "Folder " + folder + " cannot be written (" + e + "); choose another with --out.", e);
    }

    /** The puzzles to solve in all. */
    public int puzzles() {
        return puzzles;
    }

    /** The puzzles that were solved before. */
    public int resumed() {
        return done.cardinality();
    }

    public Path predictions() {
        return folder.resolve(PREDICTIONS);
    }

    /**
     * Solves what is left.
     *
     * @param soFar hears after each puzzle how many are done, and the share of exact ones
     */
    public Evaluation run(Solver solver, BiConsumer<Integer, Double> soFar) {
        int before = tally.puzzles();
        long start = System.nanoTime();
        var left = IntStream.range(0, puzzles).filter(example -> !done.get(example)).iterator();
        evaluator.solve(solver, left, prediction -> {
            predictions.add(prediction);
            tally.add(prediction);
            soFar.accept(tally.puzzles(), tally.exact());
        });
        double seconds = (System.nanoTime() - start) * 1e-9;
        int solved = tally.puzzles() - before;
        var evaluation = tally.evaluation(solved == 0 ? Double.NaN : solved / seconds);
        votes.ifPresent(each -> write(SUBMISSION, each.submission()));
        write(RESULT, evaluation.json());
        return evaluation;
    }

    private void write(String name, Object json) {
        try {
            var bytes = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
            AtomicFile.write(folder.resolve(name), channel -> channel.write(ByteBuffer.wrap(bytes)));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    @Override
    public void close() {
        predictions.close();
    }
}
