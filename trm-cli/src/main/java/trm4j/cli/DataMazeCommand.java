package trm4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import trm4j.cli.RangeConverter.Range;
import trm4j.train.data.maze.MazeDataset;
import trm4j.train.data.maze.MazeImages;
import trm4j.train.data.maze.MazeRules;
import trm4j.train.data.maze.MazeSource;

/** {@code trm data maze}. */
@Command(
        name = "maze",
        description =
                "Makes a data set of mazes: new ones, those of CSV files (--csv), whose questions have a character per "
                + "cell ('#' wall, ' ' free, 'S' start, 'G' goal, in answers 'o' path), or those of a data set of .npy files (--npy).",
        sortOptions = false)
final class DataMazeCommand implements Callable<Integer> {

    @Mixin
    private PuzzleSetOptions set;

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "New puzzles: N x N cells, 5 or more (default: ${DEFAULT-VALUE}).")
    private int size = 30;

    @Option(
            names = "--path",
            paramLabel = "MIN-MAX",
            converter = RangeConverter.class,
            description = "New puzzles: how many steps the shortest path has (default: N-3N for size N).")
    private Range path;

    @Option(
            names = "--paths",
            paramLabel = "PATHS",
            description = "New puzzles: unique for a single shortest path, many for several, of which the label is the "
                    + "one that goes from S and takes at each cell the first of down, left, right, up that gets nearer "
                    + "to G (default: unique).")
    private MazeSource.Paths paths = MazeSource.Paths.UNIQUE;

    @Option(
            names = "--npy",
            paramLabel = "DIR",
            description = "Takes mazes from a data set, such as the authors' maze-30x30-hard-1k, and rates them.")
    private Path npy;

    @Option(
            names = "--augment",
            paramLabel = "N",
            description = "Adds N turned and mirrored images of each training maze, of which there are 7 "
                    + "(default: ${DEFAULT-VALUE}).")
    private int augment = 0;

    @Option(
            names = "--labels",
            paramLabel = "LABELS",
            description = "Labels of the images: rule for the shortest path that the rule of the other labels gives, "
                    + "image for the maze's own, turned with it as the authors do (default: rule where one gives all "
                    + "labels, else image).")
    private MazeImages.Labels labels;

    @Override
    public Integer call() {
        var source = set.sensible(this::source);
        set.write(MazeRules.KIND, "mazes", show -> MazeDataset.write(source, set.out, set.force, show));
        return 0;
    }

    private MazeSource source() {
        var images = new MazeImages(augment, Optional.ofNullable(labels));
        if (npy != null) {
            set.refuse("is not for --npy", "--csv", "--seed");
        }
        if (set.csv == null) {
            set.refuseOfCsv();
        }
        if (npy == null && set.csv == null) {
            set.refuse("is not for new mazes, none of which is in both splits", LeaksOption.NAME);
            var rules = new MazeRules(size);
            var range = path == null ? new Range(size, 3 * size) : path;
            return new MazeSource.Generated(
                    rules, set.train, set.test, range.min(), range.max(), paths, images, set.seed);
        }
        set.refuse("is only for new mazes", "--size", "--train", "--test", "--path", "--paths");
        return npy == null
                ? new MazeSource.Csv(set.files(), images, set.seed)
                : new MazeSource.Npy(npy, images, set.leaks.policy);
    }
}
