package trm4j.train.puzzle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import trm4j.model.Disguise;
import trm4j.train.EvaluationException;

/** Sorts of symmetries. */
public enum Symmetries {

    /** Other names for the digits. */
    DIGITS,
    /** The board turned and mirrored: those of its eight images that are puzzles too. */
    DIHEDRAL,
    /** All that a family knows. */
    ALL;

    /** So many draws find another one, if there is one. */
    private static final int TRIES = 200;

    /**
     * Draws different symmetries of a family's puzzles, the first of which leaves them as they are.
     *
     * @param count at least 1
     * @param seed of what is drawn
     * @throws EvaluationException if there are not as many
     */
    public List<Disguise> draw(PuzzleFamily family, int seqLen, int vocabSize, int count, long seed) {
        var random = new SplittableRandom(seed);
        var drawn = new ArrayList<Disguise>(List.of(Symmetry.none(seqLen, vocabSize)));
        for (int tries = 0; drawn.size() < count; tries++) {
            var next = family.symmetry(seqLen, vocabSize, this, random).orElseThrow(() -> new EvaluationException(
                    "--chains: symmetries of " + family.plural() + (this == ALL ? "" : " of the sort " + this)
                            + " are not known, expected puzzles that have some; leave --chains out."));
            if (!drawn.contains(next)) {
                drawn.add(next);
                tries = 0;
            } else if (tries == TRIES) {
                throw new EvaluationException("--chains: " + family.plural() + " of this size have " + drawn.size()
                        + " symmetries of the sort " + this + ", found " + count + "; ask for " + drawn.size()
                        + " or fewer.");
            }
        }
        return drawn;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
