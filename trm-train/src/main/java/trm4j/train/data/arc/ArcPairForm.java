package trm4j.train.data.arc;

import java.util.Arrays;
import trm4j.train.data.Dihedral;
import trm4j.train.data.Grid;

/** What a pair of grids and its images, turned, mirrored or in other colours, have in common; 0 keeps its colour. */
public final class ArcPairForm {

    private ArcPairForm() {}

    /** Returns the form of a pair whose output is known. */
    public static String of(ArcTask.Pair pair) {
        return Arrays.stream(Dihedral.values())
                .map(symmetry -> text(symmetry.apply(pair.input()), symmetry.apply(pair.output())))
                .min(String::compareTo)
                .orElseThrow();
    }

    /** Sizes and cells, with colours numbered in the order in which they come. */
    private static String text(Grid input, Grid output) {
        var numbers = new int[10];
        int colours = 0;
        var text = new StringBuilder(input.cells().length + output.cells().length + 4);
        for (var grid : new Grid[] {input, output}) {
            text.append((char) grid.rows()).append((char) grid.columns());
            for (byte cell : grid.cells()) {
                if (cell != 0 && numbers[cell] == 0) {
                    numbers[cell] = ++colours;
                }
                text.append((char) numbers[cell]);
            }
        }
        return text.toString();
    }
}
