package trm4j.train.data;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.puzzle.PuzzleFamily;

/** Draws images of puzzles by their family's symmetries, all different. */
final class SymmetricImages {

    private static final int TRIES_PER_IMAGE = 5;

    private final PuzzleFamily family;
    private final int count;
    private final SplittableRandom random;

    /** Images are {@code count} of each puzzle, or fewer where there are not as many different ones. */
    SymmetricImages(PuzzleFamily family, int count, long seed) {
        this.family = family;
        this.count = count;
        random = new SplittableRandom(seed);
    }

    /** Images of a puzzle other than itself. */
    List<Example> of(Example puzzle) {
        // Its own random numbers: what the next puzzles' images are does not depend on this one's.
        var own = random.split();
        var images = new ArrayList<Example>();
        var seen = new HashSet<List<IntBuffer>>();
        seen.add(tokens(puzzle));
        for (long tries = (long) TRIES_PER_IMAGE * count; tries > 0 && images.size() < count; tries--) {
            var image = family.image(puzzle, own).orElseThrow(() -> new DatasetException(
                    "The symmetries of " + family.plural() + " are not known; expected 0 images of each, found "
                            + count + "."));
            requireLike(puzzle, image);
            if (seen.add(tokens(image))) {
                images.add(image);
            }
        }
        return images;
    }

    private void requireLike(Example puzzle, Example image) {
        if (image.puzzleIdentifier() != puzzle.puzzleIdentifier() || unasked(image) != unasked(puzzle)) {
            throw new DatasetException("Expected images of " + family.plural() + " with the puzzle's own identifier, "
                    + puzzle.puzzleIdentifier() + ", and as many positions without a label, " + unasked(puzzle)
                    + ", found " + image.puzzleIdentifier() + " and " + unasked(image) + ".");
        }
    }

    private static long unasked(Example puzzle) {
        return Arrays.stream(puzzle.labels()).filter(label -> label == Batch.NO_LABEL).count();
    }

    private static List<IntBuffer> tokens(Example puzzle) {
        return List.of(IntBuffer.wrap(puzzle.inputs()), IntBuffer.wrap(puzzle.labels()));
    }
}
