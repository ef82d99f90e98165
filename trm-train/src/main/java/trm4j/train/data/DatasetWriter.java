package trm4j.train.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import trm4j.model.file.AtomicFile;
import trm4j.train.DatasetException;
import trm4j.train.data.npy.NpyType;
import trm4j.train.data.npy.NpyWriter;

/**
 * Makes a dataset folder. All is written aside, into a folder next to it, forced to disk and put in place by
 * {@link #commit}; closed without that, nothing is left behind and what was there before is untouched.
 */
public final class DatasetWriter implements AutoCloseable {

    /** The file that says which tasks and copies have tests, in data sets of ARC tasks. */
    public static final String TEST_PUZZLES = "test_puzzles.json";

    private final Path dir;
    private final boolean replace;
    private final AsideFolder aside;
    private final List<SplitWriter> splits = new ArrayList<>();
    private final List<NpyWriter> files = new ArrayList<>();

    private DatasetWriter(Path dir, boolean replace) throws IOException {
        this.dir = dir;
        this.replace = replace;
        FolderReplacement.undoUnfinished(dir);
        checkTarget();
        Files.createDirectories(dir.getParent());
        this.aside = new AsideFolder(dir);
    }

    /**
     * Prepares to write {@code dir}.
     *
     * @param replace whether a dataset that is there already may be replaced
     * @throws DatasetException if there is something in {@code dir} that may not be replaced
     */
    public static DatasetWriter create(Path dir, boolean replace) throws IOException {
        return new DatasetWriter(Files.exists(dir) ? dir.toRealPath() : dir.toAbsolutePath().normalize(), replace);
    }

    private void checkTarget() throws IOException {
        if (!Files.exists(dir, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(dir)) {
            throw new DatasetException(dir + " is not a folder; choose another one for the dataset.");
        }
        if (isEmpty(dir)) {
            return;
        }
        if (!replace) {
            throw new DatasetException(
                    dir + " is not empty; choose another folder for the dataset, or --force to replace the one there.");
        }
        var foreign = foreignFile(dir);
        if (foreign.isPresent()) {
            throw new DatasetException(dir + " is not replaced: it holds " + foreign.get()
                    + ", which is no part of a dataset; choose another folder, or move that file away.");
        }
    }

    private static boolean isEmpty(Path dir) throws IOException {
        try (var entries = Files.list(dir)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Something in the folder that a dataset does not consist of, which replacing it must not delete. */
    private static Optional<Path> foreignFile(Path dir) throws IOException {
        try (var paths = Files.walk(dir)) {
            return paths.filter(path -> !path.equals(dir) && !isOfDataset(dir.relativize(path))).findFirst();
        }
    }

    private static boolean isOfDataset(Path path) {
        var name = path.toString().replace('\\', '/');
        return name.equals(PuzzleDataset.IDENTIFIERS) || name.equals(TEST_PUZZLES) || name.equals(Sources.FILE)
                || name.matches("(train|test)(/(" + PuzzleDataset.INFO + "|all__[a-z_]+\\.npy))?");
    }

    /**
     * Begins a split.
     *
     * @param info the sizes and special tokens; its totals are replaced by what gets written
     * @param rated whether examples come with ratings
     */
    public SplitWriter split(Split split, DatasetInfo info, boolean rated) throws IOException {
        var writer = new SplitWriter(this, Files.createDirectory(aside.path().resolve(split.toString())), info, rated);
        splits.add(writer);
        return writer;
    }

    NpyWriter vector(Path file, NpyType type) throws IOException {
        return closedLater(NpyWriter.vector(file, type));
    }

    NpyWriter matrix(Path file, NpyType type, int columns) throws IOException {
        return closedLater(NpyWriter.matrix(file, type, columns));
    }

    private NpyWriter closedLater(NpyWriter writer) {
        files.add(writer);
        return writer;
    }

    /** Returns what to throw when a dataset could not be written. */
    public static DatasetException failed(Path dir, IOException cause) {
        return new DatasetException("The dataset " + dir + " cannot be written (" + cause
                + "); check the disk's free space and that you may write there.", cause);
    }

    Path dir() {
        return dir;
    }

    /** Says what the data set is made of. */
    public void sources(Sources sources) throws IOException {
        json(Sources.FILE, sources.json());
    }

    /** Adds a file besides the splits. */
    public void json(String name, Object value) throws IOException {
        writeJson(aside.path().resolve(name), value);
    }

    /**
     * Completes the files and puts the dataset in place.
     *
     * @param identifiers the names of the puzzle identifiers, in order
     */
    public void commit(List<String> identifiers) throws IOException {
        for (var file : files) {
            file.finish();
            file.close();
        }
        for (var split : splits) {
            split.finish(identifiers.size());
        }
        json(PuzzleDataset.IDENTIFIERS, identifiers);
        AtomicFile.syncFolder(aside.path());
        putInPlace();
    }

    private void putInPlace() throws IOException {
        checkTarget();
        if (!replace) {
            // An empty folder; should something have come into it just now, this fails.
            Files.deleteIfExists(dir);
        }
        if (!Files.exists(dir)) {
            Files.move(aside.path(), dir, StandardCopyOption.ATOMIC_MOVE);
        } else {
            FolderReplacement.put(aside.path(), dir, old -> foreignFile(old).isEmpty());
        }
        AtomicFile.syncFolder(dir.getParent());
    }

    static void writeJson(Path file, Object value) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(JsonFile.MAPPER.writeValueAsBytes(value));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    @Override
    public void close() {
        try {
            for (var file : files) {
                file.close();
            }
            aside.close();
        } catch (IOException e) {
            throw new DatasetException(
                    "The unfinished dataset " + aside.path() + " cannot be deleted (" + e + "); delete it yourself.",
                    e);
        }
    }
}
