package trm4j.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import trm4j.model.config.Settings;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.InputFile;
import trm4j.train.RunException;

/** Where the figures of a bench are kept. */
public final class BenchFolder {

    private static final String FIGURES = "bench.json";
    /** Bytes; a bench of several devices takes a hundredth. */
    private static final int MOST_BYTES = 1 << 24;

    private final Path folder;

    private BenchFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes a folder.
     *
     * @throws RunException if it cannot be made
     */
    public static BenchFolder create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
        return new BenchFolder(folder);
    }

    /** Tells whether a folder has the figures of a bench. */
    public static boolean isBench(Path folder) {
        return Files.isRegularFile(figures(folder));
    }

    /** Returns where the figures of a bench are. */
    public static Path figures(Path folder) {
        return folder.resolve(FIGURES);
    }

    /**
     * Reads the figures of a bench.
     *
     * @throws RunException if they cannot be read, or are something else
     */
    public static ObjectNode read(Path folder) {
        try {
            var figures = Settings.MAPPER.readTree(InputFile.bytes(figures(folder), MOST_BYTES));
            if (figures instanceof ObjectNode object && (object.has("devices") || object.has("series"))) {
                return object.put("name", folder.toAbsolutePath().normalize().getFileName().toString());
            }
            throw new RunException(figures(folder) + " is damaged, expected what trm bench writes.");
        } catch (IOException e) {
            throw new RunException(figures(folder) + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Writes a bench's figures. */
    public void write(BenchReport report) {
        json(report);
    }

    /** Writes growth's figures. */
    public void write(GrowthReport report) {
        json(report);
    }

    private void json(Record report) {
        try {
            var json = Settings.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
            AtomicFile.write(figures(folder), json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private static RunException unwritable(Path path, IOException e) {
        return new RunException(path + " cannot be written (" + e + "); name another with --out.", e);
    }
}
