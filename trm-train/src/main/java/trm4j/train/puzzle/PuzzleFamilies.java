package trm4j.train.puzzle;

import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import trm4j.kernels.UserException;
import trm4j.train.DatasetException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;

/** The families of puzzles that are on the class path. */
public final class PuzzleFamilies {

    /** What puzzles are taken for where nobody says it: those that the authors' data sets are of, in this order. */
    private static final List<String> GUESSED = List.of("arc", "sudoku", "maze");

    private PuzzleFamilies() {}

    /**
     * Returns the families that are on the class path, in the order of their kinds.
     *
     * @throws DatasetException if two are of the same kind, or one cannot be loaded or is of none
     */
    public static List<PuzzleFamily> all() {
        try {
            return distinct(ServiceLoader.load(PuzzleFamily.class, PuzzleFamily.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList());
        } catch (ServiceConfigurationError e) {
            throw new DatasetException("A puzzle family on the class path cannot be loaded: " + e.getMessage()
                    + (e.getCause() == null ? "" : " (" + e.getCause() + ")")
                    + "; expected a public class with a public constructor without parameters.", e);
        }
    }

    /** The families in the order of their kinds, which differ. */
    static List<PuzzleFamily> distinct(List<PuzzleFamily> families) {
        var byKind = new TreeMap<String, PuzzleFamily>();
        for (var family : families) {
            var kind = new Guarded(family).kind();
            if (!DatasetInfo.isKind(kind)) {
                throw new DatasetException("The puzzle family " + family.getClass().getName() + " is of the kind '"
                        + UserException.shown(kind) + "', expected " + DatasetInfo.KINDS + ".");
            }
            var other = byKind.put(kind, family);
            if (other != null) {
                throw new DatasetException("Two puzzle families on the class path are of the kind " + kind + ": "
                        + other.getClass().getName() + " and " + family.getClass().getName()
                        + "; take one off, or give it another kind.");
            }
        }
        return byKind.values().stream().<PuzzleFamily>map(Guarded::new).toList();
    }

    /**
     * Returns the family of a data set's puzzles: of the kind that it says they are, or where it does not, of the one
     * that its sizes suggest; one that writes tokens as they are where none is known.
     */
    public static PuzzleFamily of(DatasetInfo info) {
        return info.kind() == null
                ? ofSizes(info.seqLen(), info.vocabSize())
                : named(info.kind(), info.seqLen(), info.vocabSize()).orElseGet(Tokens::new);
    }

    /** Returns the family of a kind; empty if there is none, or it has no puzzles of such sizes. */
    public static Optional<PuzzleFamily> named(String kind, int seqLen, int vocabSize) {
        return all().stream().filter(family -> family.kind().equals(kind) && family.has(seqLen, vocabSize)).findAny();
    }

    /**
     * Returns the family that puzzles of some sizes most likely are of, Sudokus, mazes or ARC tasks, as for a model that
     * does not know its data's; one that writes tokens as they are where none has such sizes.
     */
    public static PuzzleFamily ofSizes(int seqLen, int vocabSize) {
        return GUESSED.stream()
                .flatMap(kind -> named(kind, seqLen, vocabSize).stream())
                .findFirst()
                .orElseGet(Tokens::new);
    }

    /**
     * Returns a sentence for people where it is not a matter of course what a data set's puzzles are taken for: where
     * it does not say, or says what nothing is known of.
     */
    public static Optional<String> remark(PuzzleDataset dataset) {
        var info = dataset.info();
        var sizes = info.seqLen() + " cells of " + info.vocabSize() + " tokens";
        var family = of(info);
        if (info.kind() == null) {
            return family instanceof Tokens ? Optional.empty() : Optional.of(dataset.folder()
                    + " does not say what its puzzles are; from " + sizes + " they are taken for " + family.plural()
                    + " (if they are others, name their \"kind\" in dataset.json).");
        }
        if (!(family instanceof Tokens)) {
            return Optional.empty();
        }
        boolean known = all().stream().anyMatch(each -> each.kind().equals(info.kind()));
        return Optional.of(dataset.folder() + " says that its puzzles are of the kind " + info.kind() + ", "
                + (known ? "of which none of " + sizes + " are known here" : "of which no puzzle family is on the class "
                        + "path") + "; they are judged by their labels only.");
    }
}
