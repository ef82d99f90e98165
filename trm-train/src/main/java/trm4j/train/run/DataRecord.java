package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import trm4j.train.RunException;
import trm4j.train.data.Split;

/**
 * Which data set a run trains on, so that it can be told from another: {@code RUN/data.json}.
 *
 * @param path relative to the run's folder if it is in there
 * @param files those that training and evaluation read, by their names in the data set
 */
record DataRecord(String path, Map<String, FileChecksum> files) {

    static final String FILE = "data.json";
    private static final Pattern READ =
            Pattern.compile("identifiers\\.json|(train|test)/(dataset\\.json|all__[a-z_]+\\.npy)");

    DataRecord {
        if (path == null || files == null || !files.keySet().stream().allMatch(READ.asMatchPredicate())) {
            throw new IllegalArgumentException("it names no data set");
        }
        // What no path can be is refused here.
        Path.of(path);
    }

    static DataRecord of(Path run, Path data) throws IOException {
        var from = run.toAbsolutePath().normalize();
        var to = data.toAbsolutePath().normalize();
        var path = to.startsWith(from) ? from.relativize(to) : to;
        return new DataRecord(path.toString().replace('\\', '/'), sums(data, _ -> true));
    }

    private static Map<String, FileChecksum> sums(Path data, Predicate<String> asked) throws IOException {
        var sums = new TreeMap<String, FileChecksum>();
        try (var files = Files.walk(data, 2)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = data.relativize(file).toString().replace('\\', '/');
                if (READ.matcher(name).matches() && asked.test(name)) {
                    sums.put(name, FileChecksum.of(file));
                }
            }
        }
        return sums;
    }

    static DataRecord read(Path run) throws IOException {
        return RunJson.read(run.resolve(FILE), DataRecord.class);
    }

    String json() {
        return RunJson.json(this) + "\n";
    }

    /** Returns where the data set was when the run began. */
    Path place(Path run) {
        return run.resolve(path);
    }

    /**
     * Finds the data set, as it was when the run began.
     *
     * @param moved where it is now; null if it has not moved
     * @throws RunException if it is not there, or is not the same
     */
    Path find(Path run, Path moved) throws IOException {
        return find(run, moved == null ? place(run) : moved, _ -> true);
    }

    /**
     * Finds the data set, of which one split is as it was when the run began; the other is not looked at.
     *
     * @throws RunException if it is not there, or is not the same
     */
    Path find(Path run, Split split) throws IOException {
        return find(run, place(run), name -> !name.contains("/") || name.startsWith(split + "/"));
    }

    private Path find(Path run, Path data, Predicate<String> asked) throws IOException {
        if (!Files.isDirectory(data)) {
            throw new RunException("The data set " + data + " of the run " + run + " is not there; put it back, or "
                    + "tell with --data where it is now.");
        }
        var found = sums(data, asked);
        var names = new TreeSet<>(files.keySet());
        names.addAll(found.keySet());
        names.removeIf(asked.negate());
        for (var name : names) {
            if (!Objects.equals(files.get(name), found.get(name))) {
                throw new RunException(data.resolve(name) + " is not what the run " + run + " began with: expected "
                        + described(files.get(name)) + ", found " + described(found.get(name))
                        + "; put the data set back as it was, or tell with --data where it is now.");
            }
        }
        return data;
    }

    private static String described(FileChecksum sum) {
        return sum == null ? "no such file" : sum.toString();
    }
}
