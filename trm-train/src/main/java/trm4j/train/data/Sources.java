package trm4j.train.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.kernels.UserException;
import trm4j.model.file.InputFile;

/**
 * What a data set was made of, so that it can be told from others and made again: {@code sources.json} in its folder.
 * It has the options, the files by name, size and SHA-256, and what was remarked.
 */
public final class Sources {

    /** The file. */
    public static final String FILE = "sources.json";

    private static final int CHUNK = 1 << 20;

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final ObjectNode options;

    private Sources(String kind) {
        json.put("kind", kind);
        options = json.putObject("options");
    }

    /** Begins with no file and no option. */
    public static Sources of(String kind) {
        return new Sources(kind);
    }

    /** Adds an option, as the command line has it; a whole number or a word. */
    public Sources with(String option, Object value) {
        switch (value) {
            case Integer number -> options.put(option, number);
            case Long number -> options.put(option, number);
            default -> options.put(option, value.toString());
        }
        return this;
    }

    /**
     * Adds files that were read.
     *
     * @param what they are for
     * @param files or folders, whose files are added
     */
    public Sources read(String what, List<Path> files) throws IOException {
        var list = json.withArray(what);
        for (var path : files) {
            for (var file : Files.isDirectory(path) ? in(path) : List.of(path)) {
                list.addObject().put("name", path.equals(file) ? file.getFileName().toString()
                                : path.toAbsolutePath().getParent().relativize(file.toAbsolutePath()).toString())
                        .put("bytes", Files.size(file)).put("sha256", sha256(file));
            }
        }
        return this;
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Adds what was found and told. */
    public Sources remarked(List<String> remarks) {
        var list = json.putArray("remarks");
        remarks.forEach(list::add);
        return this;
    }

    /** Returns it as it is written. */
    public ObjectNode json() {
        return json;
    }

    /** Returns what a data set's folder says of its sources; nothing where it does not, or is damaged. */
    public static Optional<JsonNode> of(Path dir) {
        try {
            var file = dir.resolve(FILE);
            return Files.isRegularFile(file) ? Optional.of(JsonFile.read(file).root()) : Optional.empty();
        } catch (UserException e) {
            return Optional.empty();
        }
    }

    private static String sha256(Path file) throws IOException {
        try (var channel = InputFile.open(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var chunk = ByteBuffer.allocate(CHUNK);
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
