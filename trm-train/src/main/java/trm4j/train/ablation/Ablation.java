package trm4j.train.ablation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.Device;
import trm4j.model.AtomicFile;
import trm4j.model.Parameters;
import trm4j.train.RunConfig;
import trm4j.train.RunException;
import trm4j.train.Training;
import trm4j.train.data.Folders;
import trm4j.train.eval.Evaluation;

/**
 * Trains variants of a configuration on the same puzzles, with some seeds each. In its folder: {@code config.yaml}, a
 * run's folder for each variant and seed, and {@code ablation.jsonl}, a row for each that is done. What is done is not
 * done again.
 */
public final class Ablation {

    private static final String CONFIG = "config.yaml";
    private static final String ROWS = "ablation.jsonl";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final RunConfig base;
    private final Path data;
    private final Device device;
    private final Path folder;
    private final List<Variant> variants;
    private final int seeds;
    private final List<AblationRow> rows;

    /** Hears of each run as it begins, and has a listener for what happens in it. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A run begins.
         *
         * @param number from 1 on, of all runs
         */
        Training.Listener begins(Variant variant, long seed, int number, int runs, Training training);
    }

    /**
     * Checks that every variant can be trained, before any is.
     *
     * @param folder new, empty, or of an ablation of the same configuration
     * @param seeds of each variant: the configuration's and those that follow it
     * @throws trm4j.kernels.UserException if a variant does not fit the puzzles or the device, or the folder holds
     *     something else
     */
    public Ablation(RunConfig base, Path data, Device device, Path folder, List<Variant> variants, int seeds) {
        this.base = base;
        this.data = data;
        this.device = device;
        this.folder = folder;
        this.variants = variants;
        this.seeds = seeds;
        for (var variant : variants) {
            new Training(config(variant, 0), data, device).close();
        }
        rows = new ArrayList<>(read());
    }

    private RunConfig config(Variant variant, int seed) {
        return base.with(variant.changes()).with(null, base.run().seed() + seed);
    }

    /** Rows of an earlier ablation in the folder. */
    private List<AblationRow> read() {
        var config = folder.resolve(CONFIG);
        try {
            if (!Files.exists(config)) {
                return List.of();
            }
            if (!Files.readString(config).equals(base.yaml())) {
                throw new RunException(config + " is another configuration than the one given, expected the same to go "
                        + "on with this ablation; choose another folder with --out.");
            }
            var rows = new ArrayList<AblationRow>();
            if (Files.exists(folder.resolve(ROWS))) {
                for (var line : Files.readAllLines(folder.resolve(ROWS))) {
                    rows.add(JSON.readValue(line, AblationRow.class));
                }
            }
            return rows;
        } catch (JsonProcessingException e) {
            throw new RunException(folder.resolve(ROWS) + " has a line that is no row: " + e.getOriginalMessage()
                    + "; delete it, or choose another folder with --out.", e);
        } catch (IOException e) {
            throw new RunException(folder + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** The rows so far. */
    public List<AblationRow> rows() {
        return List.copyOf(rows);
    }

    /** Trains and evaluates what is not done yet. */
    public void run(String version, Listener listener) {
        write(CONFIG, base.yaml());
        int number = 0;
        for (int seed = 0; seed < seeds; seed++) {
            for (var variant : variants) {
                number++;
                if (!isDone(variant, base.run().seed() + seed)) {
                    rows.add(row(variant, seed, number, version, listener));
                    write(ROWS, lines());
                }
            }
        }
    }

    private boolean isDone(Variant variant, long seed) {
        return rows.stream().anyMatch(row -> row.variant().equals(variant.key()) && row.seed() == seed);
    }

    private AblationRow row(Variant variant, int seed, int number, String version, Listener listener) {
        var config = config(variant, seed);
        var run = folder.resolve(variant.key() + "-seed" + config.run().seed());
        discard(run);
        try (var training = new Training(config, data, device)) {
            var clock = new Clock(listener.begins(
                    variant, config.run().seed(), number, variants.size() * seeds, training));
            var evaluation = training.run(run, version, clock).orElseThrow(() -> new RunException(
                    data + " has no test puzzles, expected some to compare the variants on; name another data set."));
            var arch = training.config().arch();
            return new AblationRow(
                    variant.key(), config.run().seed(), evaluation.exact(), evaluation.cells(), evaluation.meanSteps(),
                    AblationRow.depth(arch), AblationRow.forwardPasses(arch), new Parameters(arch).trained(),
                    clock.seconds);
        }
    }

    /** A run without a row was interrupted: it begins anew. */
    private static void discard(Path run) {
        try {
            if (Files.exists(run)) {
                Folders.delete(run);
            }
        } catch (IOException e) {
            throw new RunException(run + ", an interrupted run, cannot be deleted: " + e.getMessage() + ".", e);
        }
    }

    private String lines() {
        var text = new StringBuilder();
        for (var row : rows) {
            text.append(JSON.valueToTree(row).toString()).append('\n');
        }
        return text.toString();
    }

    private void write(String name, String text) {
        try {
            Files.createDirectories(folder);
            AtomicFile.write(folder.resolve(name), channel -> channel.write(ByteBuffer.wrap(text.getBytes(
                    StandardCharsets.UTF_8))));
        } catch (IOException e) {
            throw new RunException("Folder " + folder + " cannot be written: " + e.getMessage()
                    + "; choose another with --out.", e);
        }
    }

    /** Passes all on, and keeps the time. */
    private static final class Clock implements Training.Listener {

        private final Training.Listener listener;
        private double seconds;

        Clock(Training.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void started(double compiling) {
            listener.started(compiling);
        }

        @Override
        public void step(Training.Progress progress) {
            seconds = progress.seconds();
            listener.step(progress);
        }

        @Override
        public void evaluated(long step, Evaluation evaluation) {
            listener.evaluated(step, evaluation);
        }

        @Override
        public void saved(Path checkpoint) {
            listener.saved(checkpoint);
        }
    }
}
