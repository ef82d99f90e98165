package trm4j.train.ablation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;
import trm4j.train.run.LockedFolder;
import trm4j.train.run.MadePuzzles;
import trm4j.train.run.RunConfig;

/**
 * An ablation's folder: {@code config.yaml} (what is varied), a run's folder for each variant and seed, {@code
 * ablation.jsonl} (a row for each that is done), and its puzzles, if they are made for it. One process at a time has
 * it.
 */
public final class AblationFolder implements AutoCloseable {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path path;
    private final LockedFolder folder;

    /**
     * Takes a folder, or makes it. It is taken away again if no ablation begins in it.
     *
     * @throws RunException if there is something else in it, another process has it, or it cannot be written
     */
    public AblationFolder(Path path) {
        this.path = path;
        if (!hasBegun() && !LockedFolder.isFree(path)) {
            throw new RunException("Folder " + path + " is not empty, expected a new one, or that of an ablation to go "
                    + "on with; choose another with --out.");
        }
        folder = new LockedFolder(path);
    }

    private RunException unwritable(IOException e) {
        return new RunException("Folder " + path + " cannot be written: " + e.getMessage()
                + "; choose another with --out.", e);
    }

    /** Returns the puzzles that are made for this ablation. */
    public MadePuzzles puzzles() {
        return folder.puzzles();
    }

    /** Returns the folder of a variant's run. */
    Path run(Variant variant, long seed) {
        return AblationRecord.run(path, variant, seed);
    }

    /** Writes what is varied; from now on this is an ablation's folder. */
    void begin(RunConfig base) {
        write(AblationRecord.CONFIG, base.yaml());
    }

    private boolean hasBegun() {
        return Files.exists(path.resolve(AblationRecord.CONFIG));
    }

    /**
     * Refuses to go on with an ablation of another configuration.
     *
     * @throws RunException if there is one, or it cannot be read
     */
    public void requireSame(RunConfig base) {
        var config = path.resolve(AblationRecord.CONFIG);
        if (hasBegun() && !RunConfig.read(config).equals(base)) {
            throw new RunException(config + " is another configuration than the one given, expected the same to go on "
                    + "with this ablation; choose another folder with --out.");
        }
    }

    /** Reads the rows of what was done here before. */
    List<AblationRow> rows() {
        try {
            return hasBegun() ? AblationRecord.rows(path) : List.of();
        } catch (IOException e) {
            throw new RunException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    void write(List<AblationRow> rows) {
        var text = new StringBuilder();
        for (var row : rows) {
            text.append(JSON.valueToTree(row).toString()).append('\n');
        }
        write(AblationRecord.ROWS, text.toString());
    }

    private void write(String name, String text) {
        try {
            AtomicFile.write(path.resolve(name), text);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    @Override
    public void close() {
        try {
            if (!hasBegun()) {
                folder.discard();
            }
        } finally {
            folder.close();
        }
    }
}
