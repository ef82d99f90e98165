package trm4j.train.data.maze;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.train.DatasetException;
import trm4j.train.data.PuzzleDataset;

/** Tells of a data set of mazes, the reference's own included, what its labels and its images' labels are. */
public final class MazeLabelCheck {

    private final PuzzleDataset mazes;
    private final MazeRules rules;

    private MazeLabelCheck(PuzzleDataset mazes, MazeRules rules) {
        this.mazes = mazes;
        this.rules = rules;
    }

    /**
     * Looks at all mazes of a split.
     *
     * @return sentences for people; none where no maze is a proper one
     */
    public static List<String> of(PuzzleDataset mazes) {
        return MazeRules.of(mazes.info().seqLen(), mazes.info().vocabSize())
                .map(rules -> new MazeLabelCheck(mazes, rules).lines())
                .orElse(List.of());
    }

    private List<String> lines() {
        var search = new LabelSearch(rules);
        for (int group = 0; group < mazes.groups(); group++) {
            proper(mazes.firstExample(mazes.firstPuzzle(group))).ifPresent(search::add);
        }
        var found = search.found();
        if (found.mazes() == 0) {
            return List.of();
        }
        var ofImages = found.choice().unique() ? Optional.<String>empty() : found.choice().rule().flatMap(this::images);
        return Stream.concat(Stream.of(found.line(), found.paths()), ofImages.stream()).toList();
    }

    /** How many images have the label that the rule gives them. */
    private Optional<String> images(PathRule rule) {
        int images = 0;
        int keeping = 0;
        for (int group = 0; group < mazes.groups(); group++) {
            int first = mazes.firstExample(mazes.firstPuzzle(group));
            int end = mazes.firstExample(mazes.firstPuzzle(group + 1));
            var labelled = IntStream.range(first + 1, end).mapToObj(this::proper)
                    .flatMap(Optional::stream).filter(image -> image.answer() != null).toList();
            images += labelled.size();
            keeping += (int) labelled.stream()
                    .filter(image -> image.answer().equals(image.solved(rules, rule).answer())).count();
        }
        return images == 0 ? Optional.empty() : Optional.of(
                String.format(Locale.ROOT, "images: %,d of %,d have the label that this rule gives", keeping, images));
    }

    private Optional<MazePuzzle> proper(int number) {
        try {
            return Optional.of(MazeDataset.maze(mazes, rules, number));
        } catch (DatasetException e) {
            return Optional.empty();
        }
    }
}
