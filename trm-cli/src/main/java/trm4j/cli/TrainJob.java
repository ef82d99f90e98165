package trm4j.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.model.ranks.Ranks;
import trm4j.train.run.TrainingData;

/**
 * What rank 0 tells the others before they train together: what it has found or made.
 *
 * @param folder of the run
 */
record TrainJob(Path folder, TrainingData data) {

    /** Together: tells all others; this is rank 0. */
    void tell(Ranks ranks) {
        var lines = Stream.concat(
                Stream.of(folder.toAbsolutePath().toString(), data.test().map(TrainJob::absolute).orElse("")),
                data.train().stream().map(TrainJob::absolute));
        ranks.broadcast(lines.collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8));
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().toString();
    }

    /** Together: returns what rank 0 tells. */
    static TrainJob heard(Ranks ranks) {
        var lines = new String(ranks.broadcast(new byte[0]), StandardCharsets.UTF_8).lines().toList();
        var test = Optional.of(lines.get(1)).filter(line -> !line.isEmpty()).map(Path::of);
        return new TrainJob(
                Path.of(lines.getFirst()),
                new TrainingData(lines.stream().skip(2).map(Path::of).toList(), test));
    }
}
