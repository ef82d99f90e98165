package trm4j.model;

import java.util.Arrays;
import java.util.List;

/**
 * What becomes of a small difference of states: puzzles are solved twice, the second time with a little noise in z_L
 * before the first supervision step, and z_H is compared after each. Where the recursion contracts, the two come
 * together; where it does not, they go apart, up to the square root of 2, as far as unrelated states are.
 *
 * @param differences [puzzles][steps]: the root mean square difference of an element of z_H after each step; an element
 *     itself has one of 1
 * @param changes [puzzles][steps]: by how much each step changes an element of z_H, without the noise
 */
public record Disturbance(double[][] differences, double[][] changes) {

    /** The noise's standard deviation: far above what is rounded in float32, far below what an element is. */
    public static final double SIZE = 1e-4;

    /**
     * Measures it.
     *
     * @param solver planned with noise, for as many puzzles at a time as there are; for nothing else meanwhile
     * @param puzzles at least one
     * @param steps at least 1
     */
    public static Disturbance of(Solver solver, List<Example> puzzles, int steps) {
        int count = puzzles.size();
        var batch = batch(puzzles);
        var changes = new double[count][steps];
        var quiet = new float[steps][];
        var differences = new double[count][steps];
        for (boolean disturbed : new boolean[] {false, true}) {
            solver.start(batch);
            for (int step = 0; step < steps; step++) {
                solver.noise(0, disturbed && step == 0 ? (float) SIZE : 0);
                var answers = solver.step(counters(count, step));
                var zH = solver.zH();
                if (!disturbed) {
                    quiet[step] = zH;
                }
                for (int puzzle = 0; puzzle < count; puzzle++) {
                    if (disturbed) {
                        differences[puzzle][step] = difference(quiet[step], zH, puzzle, zH.length / count);
                    } else {
                        changes[puzzle][step] = answers.changes()[puzzle];
                    }
                }
            }
        }
        return new Disturbance(differences, changes);
    }

    private static double difference(float[] one, float[] other, int puzzle, int length) {
        double sum = 0;
        for (int i = puzzle * length; i < (puzzle + 1) * length; i++) {
            sum += Math.pow((double) one[i] - other[i], 2);
        }
        return Math.sqrt(sum / length);
    }

    private static int[] counters(int puzzles, int step) {
        var counters = new int[puzzles * Solver.COUNTERS];
        for (int puzzle = 0; puzzle < puzzles; puzzle++) {
            counters[puzzle * Solver.COUNTERS] = puzzle;
            counters[puzzle * Solver.COUNTERS + 2] = step;
        }
        return counters;
    }

    private static Batch batch(List<Example> puzzles) {
        return new Batch(
                puzzles.stream().flatMapToInt(puzzle -> Arrays.stream(puzzle.inputs())).toArray(),
                puzzles.stream().flatMapToInt(puzzle -> Arrays.stream(puzzle.labels())).toArray(),
                puzzles.stream().mapToInt(Example::puzzleIdentifier).toArray());
    }
}
