package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Schedule;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;

/** What is left where something fails: no device memory that nobody frees, and no step that was not taken. */
class FailuresTest {

    private static final TrmConfig CONFIG = new TrmConfig(
            7, 5, 4, 20, 2, 1, 2, 0, 1, 18, 4, 3, TrmConfig.Positions.NONE, 1e-5, 1e4, 3, 0.5, "float32", true, true,
            false);
    private static final TrainConfig TRAIN = new TrainConfig(
            4, 2, TrainConfig.Recompute.NONE, 1e-3, 1e-2, 0.1, 0.1, 0.9, 0.95, 0.5, 2, 1, TrainConfig.Loss.STABLEMAX,
            TrainConfig.Backpropagation.FULL, TrainConfig.Freeze.NONE);
    /** A step writes a batch, what it draws and its rates, and runs the first schedule. */
    private static final int BEFORE_A_STEP_CHANGES_ANYTHING = 6;
    /** It runs the norms, reads them and the metrics, and runs the optimizers. */
    private static final int CALLS_OF_A_STEP = 10;

    /** A processor on which one call fails. */
    private static final class FailingDevice {

        /** Executions that are open. */
        int open;
        int calls;
        int failing;
        Throwable failure;

        private final Device cpu = TestDevices.cpu(1);
        final Device device = StandInDevice.before(cpu, schedules -> {
            var opened = new FailingExecution(cpu.open(schedules));
            open++;
            return opened;
        });

        void failAt(int call, Throwable with) {
            calls = 0;
            failing = call;
            failure = with;
        }

        private final class FailingExecution extends ForwardingExecution {

            FailingExecution(Execution execution) {
                super(execution);
            }

            private void call() {
                if (++calls == failing) {
                    switch (failure) {
                        case RuntimeException e -> throw e;
                        case Error e -> throw e;
                        default -> throw new AssertionError(failure);
                    }
                }
            }

            @Override
            public void run(Schedule schedule) {
                call();
                super.run(schedule);
            }

            @Override
            public void write(Buffer buffer, float[] values) {
                call();
                super.write(buffer, values);
            }

            @Override
            public void write(Buffer buffer, int[] values) {
                call();
                super.write(buffer, values);
            }

            @Override
            public float[] floats(Buffer buffer) {
                call();
                return super.floats(buffer);
            }

            @Override
            public void close() {
                open--;
                super.close();
            }
        }
    }

    /** Opens a trainer or a solver. */
    private interface Opening {
        AutoCloseable open(Device device, Map<String, HostTensor> weights);
    }

    private static final Map<String, Opening> OPENINGS = Map.of(
            "training", (device, weights) -> new TrainingPlan(device, CONFIG, TRAIN).open(10, weights, 0),
            "solving", (device, weights) ->
                    new SolvingPlan(device, CONFIG, TrainConfig.Loss.STABLEMAX, 2).open(weights));

    @ParameterizedTest
    @ValueSource(strings = {"training", "solving"})
    void whatFailsToOpenIsClosed(String what) throws Exception {
        var failing = new FailingDevice();
        OPENINGS.get(what).open(failing.device, weights()).close();
        int calls = failing.calls;
        assertTrue(calls >= 4 && failing.open == 0, calls + " calls, " + failing.open + " open");
        for (int call = 1; call <= calls; call++) {
            for (var failure : new Throwable[] {new DeviceException("lost"), new OutOfMemoryError("full")}) {
                failing.failAt(call, failure);
                assertSame(failure, assertThrows(
                        Throwable.class, () -> OPENINGS.get(what).open(failing.device, weights())));
                assertEquals(0, failing.open, "open after call " + failing.failing + " failed");
            }
        }
    }

    /** Nothing is allocated for weights that do not fit. */
    @ParameterizedTest
    @ValueSource(strings = {Parameters.H_INIT, Parameters.L_INIT, Parameters.Q_BIAS, Parameters.PUZZLES})
    void weightsThatDoNotFitOpenNothing(String tensor) {
        var device = StandInDevice.ofCapacity("none", Long.MAX_VALUE);
        for (var opening : OPENINGS.values()) {
            var refusal = assertThrows(CheckpointException.class, () -> opening.open(device, without(tensor)));
            assertTrue(refusal.getMessage().contains(tensor), refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"training", "solving"})
    void memoryThatRunsOutIsTold(String what) {
        var full = new OutOfMemoryError("full");
        var device = new StandInDevice("full", Long.MAX_VALUE, _ -> {
            throw full;
        });
        assertSame(full, assertThrows(
                OutOfMemoryError.class, () -> OPENINGS.get(what).open(device, weights())));
    }

    /** Weights are looked through before the first of them is written. */
    @Test
    void aSolverKeepsItsWeightsIfOthersDoNotFit() {
        var puzzles = new Batch(new int[] {1, 2, 3, 4, 0, 1, 2}, new int[7], new int[] {1});
        var others = new Parameters(CONFIG).initialize(2);
        others.remove(Parameters.PUZZLES);
        try (var solver = new SolvingPlan(TestDevices.cpu(1), CONFIG, TrainConfig.Loss.STABLEMAX, 1).open(weights())) {
            solver.start(puzzles);
            var before = solver.step();
            assertThrows(CheckpointException.class, () -> solver.load(others));
            solver.start(puzzles);
            var after = solver.step();
            assertArrayEquals(before.q(), after.q());
            assertArrayEquals(before.loss(), after.loss());
        }
    }

    @Test
    void aStepThatFailsIsNotTaken() {
        Map<String, HostTensor> straight;
        try (var trainer = new TrainingPlan(TestDevices.cpu(1), CONFIG, TRAIN).open(10, weights(), 3)) {
            for (int step = 1; step <= 4; step++) {
                trainer.step(batch(step));
            }
            straight = trainer.averagedWeights();
        }
        for (int call = 1; call <= CALLS_OF_A_STEP; call++) {
            var failing = new FailingDevice();
            try (var trainer = new TrainingPlan(failing.device, CONFIG, TRAIN).open(10, weights(), 3)) {
                trainer.step(batch(1));
                trainer.step(batch(2));
                double rate = trainer.learningRate();
                failing.failAt(call, new DeviceException("lost"));
                assertThrows(DeviceException.class, () -> trainer.step(batch(7)), "call " + call);
                assertEquals(2, trainer.steps(), "call " + call);
                assertEquals(rate, trainer.learningRate());
                if (call <= BEFORE_A_STEP_CHANGES_ANYTHING) {
                    trainer.step(batch(3));
                    trainer.step(batch(4));
                    assertEquals(4, trainer.steps());
                    trainer.averagedWeights().forEach((name, tensor) ->
                            assertArrayEquals(straight.get(name).values(), tensor.values(), name));
                }
            }
        }
    }

    private static Batch batch(long seed) {
        var random = new SplittableRandom(seed);
        int tokens = TRAIN.batchSize() * CONFIG.seqLen();
        return new Batch(
                random.ints(tokens, 0, CONFIG.vocabSize()).toArray(),
                random.ints(tokens, 0, CONFIG.vocabSize()).toArray(),
                random.ints(TRAIN.batchSize(), 0, CONFIG.numPuzzleIdentifiers()).toArray());
    }

    private static Map<String, HostTensor> weights() {
        return new Parameters(CONFIG).initialize(1);
    }

    private static Map<String, HostTensor> without(String tensor) {
        var weights = new LinkedHashMap<>(weights());
        weights.remove(tensor);
        return weights;
    }
}
