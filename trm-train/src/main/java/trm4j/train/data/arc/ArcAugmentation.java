package trm4j.train.data.arc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import trm4j.train.DatasetException;
import trm4j.train.data.Dihedral;
import trm4j.train.data.Grid;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.RandomOrder;

/**
 * A change of all grids of a task that leaves it a task of the same kind: colours are exchanged, then the grids turned
 * or mirrored. Named as the authors do: {@code TASK|||tT|||0PERMUTATION}, with T the {@link Dihedral}'s number.
 *
 * @param colours the new colours of 0 to 9, a digit each; 0, the background, stays
 */
public record ArcAugmentation(Dihedral transform, String colours) {

    static final String SEPARATOR = "|||";

    private static final int TRIES_PER_COPY = 5;

    private static final ArcAugmentation NONE = new ArcAugmentation(Dihedral.IDENTITY, "0123456789");
    private static final Pattern NAME = Pattern.compile("[^|]+\\|\\|\\|t([0-7])\\|\\|\\|(0[1-9]{9})");

    public ArcAugmentation {
        if (colours.length() != 10 || colours.chars().filter(c -> c >= '0' && c <= '9').distinct().count() < 10) {
            throw new DatasetException("Expected the ten colours 0 to 9 in some order, found " + colours + ".");
        }
    }

    /**
     * Returns a task and augmented copies of it, no two with the same pairs.
     *
     * @param count how many copies, or fewer where there are not as many different ones
     */
    static List<ArcTask> copies(ArcTask task, int count, SplittableRandom random) {
        var copies = new ArrayList<ArcTask>();
        copies.add(task);
        var seen = new HashSet<Set<ArcTask.Pair>>();
        seen.add(task.pairs());
        for (long tries = (long) TRIES_PER_COPY * count; tries > 0 && copies.size() <= count; tries--) {
            var copy = random(random).apply(task);
            if (seen.add(copy.pairs())) {
                copies.add(copy);
            }
        }
        return copies;
    }

    /** Any of them, each as likely. */
    static ArcAugmentation random(SplittableRandom random) {
        var colours = new StringBuilder("0");
        for (int colour : RandomOrder.of(9, random)) {
            colours.append(colour + 1);
        }
        return new ArcAugmentation(Dihedral.values()[random.nextInt(8)], colours.toString());
    }

    /**
     * Returns the augmentation that a copy's name tells; none for that of a task.
     *
     * @throws DatasetException if it is neither
     */
    public static ArcAugmentation of(String name) {
        if (!name.contains(SEPARATOR)) {
            return NONE;
        }
        var parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new DatasetException("Expected a name such as TASK|||t3|||0123456789, with the digits in some order, "
                    + "found " + name + " in " + PuzzleDataset.IDENTIFIERS + "; make the dataset again.");
        }
        return new ArcAugmentation(Dihedral.values()[parts.group(1).charAt(0) - '0'], parts.group(2));
    }

    /** Returns the name of the task that a copy with this name is of. */
    public static String task(String name) {
        int end = name.indexOf(SEPARATOR);
        return end < 0 ? name : name.substring(0, end);
    }

    /** What a copy of a task is called. */
    String name(String task) {
        return task + SEPARATOR + "t" + transform.ordinal() + SEPARATOR + colours;
    }

    /** The copy of a task. */
    ArcTask apply(ArcTask task) {
        return task.map(name(task.name()), this::apply);
    }

    Grid apply(Grid grid) {
        var to = new byte[10];
        for (int colour = 0; colour < 10; colour++) {
            to[colour] = (byte) (colours.charAt(colour) - '0');
        }
        return transform.apply(exchange(grid, to));
    }

    /** Returns the grid of which this made the given one. */
    public Grid undo(Grid grid) {
        var to = new byte[10];
        for (int colour = 0; colour < 10; colour++) {
            to[colours.charAt(colour) - '0'] = (byte) colour;
        }
        return exchange(transform.inverse().apply(grid), to);
    }

    private static Grid exchange(Grid grid, byte[] to) {
        var cells = new byte[grid.cells().length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = to[grid.cells()[i]];
        }
        return new Grid(grid.rows(), grid.columns(), cells);
    }
}
