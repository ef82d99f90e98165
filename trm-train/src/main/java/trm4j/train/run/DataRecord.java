package trm4j.train.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import trm4j.train.RunException;
import trm4j.train.data.FileChecksum;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Sources;
import trm4j.train.data.Split;

/**
 * Which data sets a run trains on, so that they can be told from others: {@code RUN/data.json}.
 *
 * @param path of the first, relative to the run's folder if it is in there
 * @param files those that training and evaluation read, by their names in the data set
 * @param more the others that it trains on; null if there are none
 * @param test the one that it is tested on; null if it is the first
 * @param sources what the data set says that it was made of; null if it does not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DataRecord(
        String path, Map<String, FileChecksum> files, List<DataRecord> more, DataRecord test, JsonNode sources) {


    static final String FILE = "data.json";
    private static final Pattern READ =
            Pattern.compile("identifiers\\.json|(train|test)/(dataset\\.json|all__[a-z_]+\\.npy)");

    DataRecord {
        if (path == null || files == null || !files.keySet().stream().allMatch(READ.asMatchPredicate())) {
            throw new IllegalArgumentException("it names no data set");
        }
        // What no path can be is refused here.
        Path.of(path);
        if (more != null && more.contains(null)) {
            throw new IllegalArgumentException("one of its data sets is none");
        }
    }

    static DataRecord of(Path run, TrainingData data) throws IOException {
        var records = new ArrayList<DataRecord>();
        for (var folder : data.train()) {
            records.add(of(run, folder));
        }
        var first = records.removeFirst();
        return new DataRecord(
                first.path, first.files, records.isEmpty() ? null : records,
                data.test().isPresent() ? of(run, data.test().get()) : null, first.sources);
    }

    private static DataRecord of(Path run, Path data) throws IOException {
        var from = run.toAbsolutePath().normalize();
        var to = data.toAbsolutePath().normalize();
        var path = to.startsWith(from) ? from.relativize(to) : to;
        return new DataRecord(
                path.toString().replace('\\', '/'), sums(data, _ -> true), null, null, Sources.of(data).orElse(null));
    }

    /** Returns what tells data sets from others, wherever they are: a line for each file. */
    static String lines(TrainingData data) throws IOException {
        var lines = new StringBuilder();
        for (var folder : Stream.concat(data.train().stream(), data.test().stream()).toList()) {
            sums(folder, _ -> true).forEach((name, sum) -> lines.append(name).append(" of ").append(sum).append("\n"));
        }
        return lines.toString();
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

    /** Returns the data set that has the test puzzles. */
    DataRecord tested() {
        return test == null ? this : test;
    }

    /** Returns the {@linkplain PuzzleDataset#fingerprint fingerprint} of the test puzzles, if there are any. */
    Optional<String> testFingerprint() {
        var inputs = tested().files.get("test/all__inputs.npy");
        var labels = tested().files.get("test/all__labels.npy");
        return inputs == null || labels == null
                ? Optional.empty() : Optional.of(PuzzleDataset.fingerprint(inputs, labels));
    }

    /** Returns where the data set was when the run began. */
    Path place(Path run) {
        return run.resolve(path);
    }

    /**
     * Finds the data sets, as they were when the run began.
     *
     * @param moved where those to train on are now; none if they have not moved
     * @param movedTest where the one to test on is now, if it is another and has moved
     * @throws RunException if one is not there, or is not the same
     */
    TrainingData find(Path run, List<Path> moved, Optional<Path> movedTest) throws IOException {
        var records = new ArrayList<>(List.of(this));
        records.addAll(more == null ? List.of() : more);
        if (!moved.isEmpty() && moved.size() != records.size()) {
            throw new RunException("The run " + run + " trains on " + records.size() + " data sets, expected --data "
                    + "for each of them in their order, found " + moved.size() + "; name them all, or none.");
        }
        if (test == null && movedTest.isPresent()) {
            throw new RunException("The run " + run + " has no data set to test on but the one that it trains on, "
                    + "found --test-data " + movedTest.get() + "; take it away.");
        }
        var train = new ArrayList<Path>();
        for (int i = 0; i < records.size(); i++) {
            var now = moved.isEmpty() ? records.get(i).place(run) : moved.get(i);
            train.add(records.get(i).find(run, now, "--data", _ -> true));
        }
        return new TrainingData(train, test == null
                ? Optional.empty()
                : Optional.of(test.find(run, movedTest.orElse(test.place(run)), "--test-data", _ -> true)));
    }

    /**
     * Finds the data set of one split, which is as it was when the run began; the other is not looked at.
     *
     * @throws RunException if it is not there, or is not the same
     */
    Path find(Path run, Split split) throws IOException {
        if (split == Split.TRAIN && more != null) {
            throw new RunException("The run " + run + " trains on " + (more.size() + 1) + " data sets, expected one; "
                    + "tell with --data which.");
        }
        var record = split == Split.TEST ? tested() : this;
        return record.find(
                run, record.place(run), "--data", name -> !name.contains("/") || name.startsWith(split + "/"));
    }

    private Path find(Path run, Path data, String option, Predicate<String> asked) throws IOException {
        if (!Files.isDirectory(data)) {
            throw new RunException("The data set " + data + " of the run " + run + " is not there; put it back, or "
                    + "tell with " + option + " where it is now.");
        }
        var found = sums(data, asked);
        var names = new TreeSet<>(files.keySet());
        names.addAll(found.keySet());
        names.removeIf(asked.negate());
        for (var name : names) {
            if (!Objects.equals(files.get(name), found.get(name))) {
                throw new RunException(data.resolve(name) + " is not what the run " + run + " began with: expected "
                        + described(files.get(name)) + ", found " + described(found.get(name))
                        + "; put the data set back as it was, or tell with " + option + " where it is now.");
            }
        }
        return data;
    }

    private static String described(FileChecksum sum) {
        return sum == null ? "no such file" : sum.toString();
    }
}
