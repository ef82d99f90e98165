package trm4j.train.data.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import trm4j.train.DatasetException;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.arc.ArcTokens;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.PuzzleFamily;

/**
 * What is true of a data set, the reference's own included.
 *
 * @param info what its first split says of its sizes
 * @param family of its puzzles
 * @param remark a sentence for people, where it is not a matter of course what the puzzles are taken for
 * @param splits what is in each
 * @param leaks test puzzles among the training puzzles; empty without both, and of ARC tasks
 * @param arc of ARC tasks
 */
public record DatasetCheck(
        DatasetInfo info, PuzzleFamily family, Optional<String> remark, Map<Split, SplitFacts> splits,
        Optional<LeakFacts> leaks, Optional<ArcFacts> arc) {

    /**
     * Looks at a data set.
     *
     * @param dir whose training puzzles are looked at
     * @param tests whose test puzzles are: the same folder, or that of another data set of such puzzles
     * @throws DatasetException if there is no data set, one is damaged, or the two are of other puzzles
     */
    public static DatasetCheck of(Path dir, Path tests, DataProgress progress) {
        var info = DatasetInfo.of(dir);
        var family = PuzzleFamilies.of(info);
        boolean trains = Files.isDirectory(dir.resolve(Split.TRAIN.toString()));
        boolean isTested = !dir.equals(tests) || Files.isDirectory(tests.resolve(Split.TEST.toString()));
        try (var train = trains ? PuzzleDataset.open(dir, Split.TRAIN) : null;
                var test = isTested ? PuzzleDataset.open(tests, Split.TEST) : null) {
            if (test != null) {
                requireAlike(dir, info, tests, test.info());
            }
            var remark = PuzzleFamilies.remark(train == null ? test : train);
            return family.kind().equals(ArcTokens.KIND)
                    ? ofTasks(info, family, remark, train, test, progress)
                    : ofPuzzles(info, family, remark, train, test, progress);
        }
    }

    private static void requireAlike(Path dir, DatasetInfo train, Path tests, DatasetInfo test) {
        if (train.seqLen() != test.seqLen() || train.vocabSize() != test.vocabSize()) {
            throw new DatasetException(tests + " has puzzles of " + test.seqLen() + " cells of " + test.vocabSize()
                    + " tokens, expected " + train.seqLen() + " of " + train.vocabSize() + ", as " + dir
                    + " has; name a data set of such puzzles.");
        }
    }

    private static DatasetCheck ofPuzzles(
            DatasetInfo info, PuzzleFamily family, Optional<String> remark, PuzzleDataset train, PuzzleDataset test,
            DataProgress progress) {
        var splits = new EnumMap<Split, SplitFacts>(Split.class);
        var leaks = Optional.<LeakFacts>empty();
        var trained = train == null ? null : new SplitCheck(train, family);
        if (trained != null) {
            splits.put(Split.TRAIN, trained.look(progress));
        }
        if (test != null) {
            splits.put(Split.TEST, new SplitCheck(test, family).look(progress));
            leaks = Optional.ofNullable(trained).map(known -> known.leaks(test, progress));
        }
        return new DatasetCheck(info, family, remark, splits, leaks, Optional.empty());
    }

    private static DatasetCheck ofTasks(
            DatasetInfo info, PuzzleFamily family, Optional<String> remark, PuzzleDataset train, PuzzleDataset test,
            DataProgress progress) {
        var check = new ArcCheck(train, test);
        return new DatasetCheck(
                info, family, remark, check.splits(progress), Optional.empty(), Optional.of(check.facts()));
    }
}
