package trm4j.train.data.maze;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import trm4j.train.data.GroupWriter;
import trm4j.train.data.LabelInfo;

/** What a maze's group consists of: itself, solved if it is not yet, and images of it. */
final class MazeGroups implements Function<MazePuzzle, Stream<GroupWriter.Member>> {

    private final MazeRules rules;
    private final MazeLabels.Choice labels;
    private final int images;
    /** None where labels are turned. */
    private final Optional<PathRule> imageRule;
    private int turned;
    private int keeping;

    /**
     * Begins with no maze.
     *
     * @param labels how they were chosen
     */
    MazeGroups(MazeRules rules, MazeLabels.Choice labels, MazeImages images) {
        this.rules = rules;
        this.labels = labels;
        this.images = images.count();
        imageRule = this.images == 0 || labels.unique() ? Optional.empty() : images.rule(labels.rule());
    }

    LabelInfo info() {
        return new LabelInfo(
                labels.word(), images == 0 ? null : imageRule.isPresent() ? LabelInfo.SOLVED : LabelInfo.TURNED);
    }

    @Override
    public Stream<GroupWriter.Member> apply(MazePuzzle maze) {
        var solved = maze.answer() == null
                ? maze.solved(rules, labels.rule().orElse(PathRule.MAZE_HARD)) : maze;
        return Stream.concat(Stream.of(solved), solved.images().limit(1 + images).skip(1).map(this::image))
                .map(MazePuzzle::labelled);
    }

    /** An image with its label; counts what becomes of labels that are turned. */
    private MazePuzzle image(MazePuzzle image) {
        if (labels.unique() || labels.rule().isEmpty()) {
            return image;
        }
        var again = image.solved(rules, labels.rule().get());
        turned++;
        keeping += image.answer().equals(again.answer()) ? 1 : 0;
        return imageRule.isPresent() ? again : image;
    }

    /** What there is to tell of images' labels, for people. */
    Optional<String> remark() {
        return turned == 0 ? Optional.empty() : Optional.of(String.format(
                Locale.ROOT,
                imageRule.isPresent()
                        ? "images: solved again by that rule; turned labels would keep it for %.0f%% of them"
                        : "images: labels turned with them, which keeps that rule for %.0f%% of them",
                100.0 * keeping / turned));
    }
}
