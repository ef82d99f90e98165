package trm4j.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import trm4j.model.config.Settings;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;

/** Where figures and pictures of a bench are kept. */
public final class BenchFolder {

    private static final String FIGURES = "bench.json";

    private final Path folder;
    private final Consumer<String> notes;

    private BenchFolder(Path folder, Consumer<String> notes) {
        this.folder = folder;
        this.notes = notes;
    }

    /**
     * Makes a folder.
     *
     * @param notes hears what was written, and what could not be
     * @throws RunException if it cannot be made
     */
    public static BenchFolder create(Path folder, Consumer<String> notes) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
        return new BenchFolder(folder, notes);
    }

    /** Writes a bench's figures, then its pictures. */
    public void write(BenchReport report) {
        json(report);
        Pictures.draw(folder, () -> OperationChart.of(report), notes);
    }

    /** Writes growth's figures, then its pictures. */
    public void write(GrowthReport report) {
        json(report);
        Pictures.draw(folder, () -> GrowthChart.of(report), notes);
    }

    private void json(Object report) {
        var file = folder.resolve(FIGURES);
        try {
            AtomicFile.write(file, Settings.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
        notes.accept("Figures are in " + file);
    }

    private static RunException unwritable(Path path, IOException e) {
        return new RunException(path + " cannot be written (" + e + "); name another with --out.", e);
    }
}
