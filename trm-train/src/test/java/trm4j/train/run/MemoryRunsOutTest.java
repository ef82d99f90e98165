package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.ForwardingExecution;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.train.run.CrashingDisk.Crash;

/** Memory that runs out while a run begins, or begins to evaluate: nothing stays allocated, and the run can go on. */
class MemoryRunsOutTest {

    private static final int TRAINING = 1;
    private static final int EVALUATION = 2;

    private final OutOfMemoryError full = new OutOfMemoryError("full");
    private int opened;
    private int closed;
    private int writes;

    @TempDir
    private Path dir;

    private TinyRuns runs;

    @BeforeEach
    void prepare() throws IOException {
        runs = new TinyRuns(dir);
        runs.stepped = step -> {
            if (step == 8) {
                throw new Crash();
            }
        };
        assertThrows(Crash.class, () -> runs.begin("run"));
        runs.stepped = step -> { };
    }

    @Test
    void whileARunGoesOn() throws IOException {
        runs.device = device(0, 0);
        runs.stop = () -> true;
        runs.resume("run");
        int all = writes;
        assertTrue(all > 10, all + " writes of weights and state");
        for (int write = 1; write <= all; write++) {
            runs.device = device(0, write);
            assertSame(full, assertThrows(OutOfMemoryError.class, () -> runs.resume("run")), "write " + write);
            assertEquals(TRAINING, opened);
            assertEquals(TRAINING, closed, "write " + write);
        }
        runs.mendAndFinish("run");
    }

    @Test
    void whileAnEvaluationBegins() throws IOException {
        runs.device = device(EVALUATION, 0);
        assertSame(full, assertThrows(OutOfMemoryError.class, () -> runs.resume("run")));
        assertEquals(TRAINING, opened);
        assertEquals(TRAINING, closed);
        runs.mendAndFinish("run");
    }

    /** Runs out of memory when it opens the so-manieth execution, or at a write of any. */
    private Device device(int opening, int write) {
        opened = 0;
        closed = 0;
        writes = 0;
        var cpu = TestDevices.cpu(2);
        return StandInDevice.before(cpu, schedules -> {
            if (opened + 1 == opening) {
                throw full;
            }
            opened++;
            return new Limited(cpu.open(schedules), write);
        });
    }

    private final class Limited extends ForwardingExecution {

        private final int failing;

        Limited(Execution execution, int failing) {
            super(execution);
            this.failing = failing;
        }

        private void count() {
            if (++writes == failing) {
                throw full;
            }
        }

        @Override
        public void write(Buffer buffer, float[] values) {
            count();
            super.write(buffer, values);
        }

        @Override
        public void write(Buffer buffer, int[] values) {
            count();
            super.write(buffer, values);
        }

        @Override
        public void close() {
            closed++;
            super.close();
        }
    }
}
