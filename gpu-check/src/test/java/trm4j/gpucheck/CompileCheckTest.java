package trm4j.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompileCheckTest {

    /** Sums that no compiler can give fixed places. */
    private static final String IN_MEMORY = """
            __kernel void sums(__global float *f, int n) {
              float sums[512];
              int first = get_global_id(0);
              for (int i = 0; i < 512; i++) sums[i] = f[first + i];
              for (int i = 0; i < n; i++) sums[(i * 7 + first) & 511] += f[i];
              float sum = 0;
              for (int i = 0; i < 512; i++) sum += sums[(n + i) & 511] * i;
              f[first] = sum;
            }
            """;

    private static final String IN_REGISTERS = """
            __kernel void sum(__global float *f, int n) {
              float sum = 0;
              for (int i = 0; i < n; i++) sum += f[i];
              f[get_global_id(0)] = sum;
            }
            """;

    @TempDir
    Path folder;

    private static KernelSource kernel(String name, boolean idle, String text) {
        return new KernelSource(
                name, 256, List.of(new KernelSource.Use("Sudoku", 20, 300, 0.04, idle)), KernelSource.Language.OPENCL,
                text);
    }

    /** A compiler that says the same of all. */
    private record Says(Usage usage) implements Target {

        @Override
        public Gpu gpu() {
            return Gpu.SM_90;
        }

        @Override
        public String compiler() {
            return "says";
        }

        @Override
        public Optional<String> missing() {
            return Optional.empty();
        }

        @Override
        public boolean takes(KernelSource.Language language) {
            return true;
        }

        @Override
        public Usage compile(KernelSource kernel, Path folder) {
            return usage;
        }
    }

    @Test
    void hasALineForEachKernel() throws Exception {
        var check = new CompileCheck(folder, List.of(new Says(new Usage(100, 0, 0, 4_096))));
        var lines = check.table(List.of(kernel("sum", false, "")));
        assertEquals(List.of(), check.failures());
        assertEquals("| sum | 20 to 300 | 4.0% | 4096 | 100 / 0 / 0 / 2 |", lines.getLast());
    }

    @Test
    void failsWhereSomethingSpills() throws Exception {
        var check = new CompileCheck(folder, List.of(new Says(new Usage(128, 12, 256, 0))));
        check.table(List.of(kernel("sum", false, "")));
        assertEquals(
                List.of("Kernel sum for sm_90 (says): expected all its sums in registers, found 12 bytes spilled and"
                        + " 256 bytes of stack."),
                check.failures());
    }

    @Test
    void failsWhereMultiprocessorsAreIdle() throws Exception {
        var check = new CompileCheck(folder, List.of());
        check.table(List.of(kernel("sum", true, "")));
        assertEquals(
                List.of("Kernel sum of Sudoku: expected a work-group for each multiprocessor, since it takes more than"
                        + " 1% of a step, found 20."),
                check.failures());
    }

    /** One of each compiler that is installed here. */
    static Stream<Target> installed() {
        return Target.all().stream()
                .filter(target -> target.missing().isEmpty() && target.takes(KernelSource.Language.OPENCL))
                .filter(target -> target.gpu() != Gpu.SM_80 && target.gpu() != Gpu.GFX90A);
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("installed")
    void failsAKernelWhoseSumsLieInMemory(Target target) throws Exception {
        var check = new CompileCheck(folder, List.of(target));
        check.table(List.of(kernel("sums", false, IN_MEMORY), kernel("sum", false, IN_REGISTERS)));
        assertEquals(1, check.failures().size(), check.failures().toString());
        assertTrue(check.failures().getFirst().startsWith("Kernel sums for " + target.gpu().processor));
    }
}
