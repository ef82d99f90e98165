package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;

/** A model as the programs of others use it. */
class TrmTest {

    private static final int THREADS = 4;
    private static final int PUZZLES = 24;

    @TempDir
    private Path dir;

    private Path file;
    private List<int[]> puzzles;

    @BeforeEach
    void saveAModel() throws JsonProcessingException {
        var small = "{\"hidden_size\": 32, \"puzzle_emb_ndim\": 32, \"puzzle_emb_len\": 1, \"halt_max_steps\": 3}";
        var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(small), "test").forPuzzles(16, 6, 1);
        file = dir.resolve("model.safetensors");
        new Checkpoint(config, TrainConfig.PAPER, 0, new Parameters(config).initialize(1)).save(file);
        var random = new SplittableRandom(2);
        puzzles = Stream.generate(() -> random.ints(16, 0, 6).toArray()).limit(PUZZLES).toList();
    }

    @Test
    void threadsThatShareAModelGetTheirOwnAnswers() throws InterruptedException, ExecutionException {
        try (var trm = Trm.load(file, TestDevices.cpu(2), 2); var threads = Executors.newFixedThreadPool(THREADS)) {
            var expected = puzzles.stream().map(puzzle -> trm.solve(puzzle)).toList();
            var answers = new ArrayList<Future<List<Solution>>>();
            for (int thread = 0; thread < THREADS; thread++) {
                Callable<List<Solution>> solving = () -> puzzles.stream().map(puzzle -> trm.solve(puzzle)).toList();
                answers.add(threads.submit(solving));
            }
            for (var answer : answers) {
                for (int i = 0; i < PUZZLES; i++) {
                    assertArrayEquals(expected.get(i).tokens(), answer.get().get(i).tokens());
                    assertArrayEquals(expected.get(i).haltLogits(), answer.get().get(i).haltLogits());
                }
            }
        }
    }

    @Test
    void aClosedModelRefusesToSolve() {
        var trm = Trm.load(file);
        trm.close();
        trm.close();
        var refusal = assertThrows(IllegalStateException.class, () -> trm.solve(puzzles.getFirst()));
        assertEquals("The model is closed; load it again to solve more puzzles.", refusal.getMessage());
    }
}
