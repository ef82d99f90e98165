package trm4j.cli.play;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import trm4j.model.Example;
import trm4j.train.run.ModelPuzzles;

/**
 * Puzzles with known answers, for those who have none at hand.
 *
 * @param title what one of them is called
 */
public record Offer(String title, List<Example> puzzles) {

    public Offer {
        puzzles = List.copyOf(puzzles);
    }

    /** Returns new puzzles of a model's kind, the same ones each time; none where such puzzles are not made. */
    public static Offer made(ModelPuzzles puzzles, int count) {
        var config = puzzles.config();
        var random = new SplittableRandom(0);
        return new Offer("New puzzle", Stream
                .generate(() -> puzzles.family().newPuzzle(config.seqLen(), config.vocabSize(), random))
                .limit(count)
                .flatMap(Optional::stream)
                .toList());
    }
}
