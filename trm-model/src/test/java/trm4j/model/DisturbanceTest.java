package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;

class DisturbanceTest {

    private static final int LENGTH = 36;
    private static final int WIDTH = 64;
    private static final TrmConfig CONFIG = TrmConfig.PAPER.with(arch -> {
        arch.mlpT = false;
        arch.numHeads = 2;
        arch.hiddenSize = WIDTH;
        arch.hCycles = 1;
        arch.lCycles = 1;
        arch.lLayers = 1;
        arch.puzzleEmbNdim = 0;
        arch.puzzleEmbLen = 0;
    }).forPuzzles(LENGTH, 6, 1);

    /**
     * A net whose layers add nothing only norms: z_L becomes (z_L + z_H + x) / r, z_H becomes (z_H + z_L) / s. So a
     * difference in z_L is divided by r and s, and loses what norms take: a part of D, twice.
     */
    @Test
    void normsDivideADifference() {
        var weights = new Parameters(CONFIG).initialize(3);
        weights.forEach((name, tensor) -> {
            if (name.contains("layers")) {
                Arrays.fill(tensor.values(), 0);
            }
        });
        var puzzles = List.of(puzzle(0), puzzle(1));
        var found = measured(weights, puzzles, 2);
        for (int i = 0; i < puzzles.size(); i++) {
            assertEquals(Disturbance.SIZE * factor(weights, puzzles.get(i)), found.differences()[i][0], 2e-6);
        }
    }

    private static double factor(Map<String, HostTensor> weights, Example puzzle) {
        var zL = weights.get(Parameters.L_INIT).values();
        var zH = weights.get(Parameters.H_INIT).values();
        var embedding = weights.get("inner.embed_tokens.embedding_weight").values();
        double squares = 0;
        for (int token : puzzle.inputs()) {
            var next = new double[WIDTH];
            Arrays.setAll(next, k -> zL[k] + zH[k] + Math.sqrt(WIDTH) * embedding[token * WIDTH + k]);
            double r = rms(next);
            Arrays.setAll(next, k -> zH[k] + next[k] / r);
            squares += Math.pow((1 - 1.0 / WIDTH) / (r * rms(next)), 2);
        }
        return Math.sqrt(squares / LENGTH);
    }

    private static double rms(double[] x) {
        return Math.sqrt(Arrays.stream(x).map(each -> each * each).average().orElseThrow());
    }

    /** Changes are those that a solver tells, noise or not. */
    @Test
    void changesAreThoseWithoutNoise() {
        var weights = new Parameters(CONFIG).initialize(3);
        var puzzle = puzzle(2);
        var found = measured(weights, List.of(puzzle), 3).changes()[0];
        try (var solver = new Solver(TestDevices.cpu(), CONFIG, TrainConfig.Loss.STABLEMAX, 1, weights)) {
            solver.start(new Batch(puzzle.inputs(), puzzle.labels(), new int[1]));
            assertArrayEquals(
                    IntStream.range(0, 3).mapToDouble(_ -> solver.step().changes()[0]).toArray(), found, 1e-12);
        }
    }

    private static Disturbance measured(Map<String, HostTensor> weights, List<Example> puzzles, int steps) {
        var plan = new SolvingPlan(TestDevices.cpu(), CONFIG, TrainConfig.Loss.STABLEMAX, puzzles.size(), true);
        try (var solver = plan.open(weights)) {
            return Disturbance.of(solver, puzzles, steps);
        }
    }

    private static Example puzzle(int number) {
        var tokens = IntStream.range(0, LENGTH).map(i -> (i * (number + 1) + i / 5) % 6).toArray();
        return new Example(tokens, tokens, 0);
    }
}
