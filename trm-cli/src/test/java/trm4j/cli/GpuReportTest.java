package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/gpu-report}: what it writes of what trm and PyTorch print, where some of it fails. */
@EnabledOnOs(OS.LINUX)
class GpuReportTest {

    private static final Path SCRIPTS = Path.of("..", "scripts");

    @TempDir
    private Path dir;

    @BeforeEach
    void makePack() throws IOException {
        for (var folder : List.of("scripts", "configs", "parity/mlp-mixer", "contract", "bin")) {
            Files.createDirectories(dir.resolve(folder));
        }
        Files.copy(SCRIPTS.resolve("gpu-report"), dir.resolve("scripts/gpu-report"));
        program("scripts/trm", """
                case "${TRM_MAIN:-} $*" in
                  *CheckDevice*) echo "12 of 13 cases pass on $2; 400 more were not run for want of time"; exit 1 ;;
                  *--version*) echo "trm 0.1.0" ;;
                  *--help*) ;;
                  " devices") printf 'cpu  cpu  15,429 MiB\\ncuda:0  gpu  79,418 MiB\\n' ;;
                  " parity"*) echo "mlp-mixer: 153 quantities, largest error 2.19e-04, all within tolerance" ;;
                  *"--batch 136"*) echo "Needs 9000 MiB of memory"; exit 1 ;;
                  *bench*) cat <<'END'
                multiply-adds            51,500 GFLOP/s
                training step                       155 ms +-1.1%
                  samples/s                                   413
                  FLOPs counted, of peak              2,734 G, 45%
                  memory computed, heap used  3,882 MiB, 3,990 MiB
                evaluation step                      57 ms +-1.1%
                  samples/s                                  1123
                END
                  ;;
                  " train"*) echo "test after step 800: 500 puzzles: 99.8% exact, 99.9% of cells right" ;;
                esac
                """);
        program("bin/nvidia-smi", """
                case "$*" in
                  *-lms*) while :; do echo 4321; sleep 1; done ;;
                  *query*) echo "A card, 580.95" ;;
                esac
                """);
        program("bin/python3", """
                case "$*" in
                  *compiled*) echo "no compiler"; exit 1 ;;
                  *torch-step*) printf 'PyTorch 2.9 on A card\\nbf16, eager | 64 | 80.1 ms | 799 | 3,000 MiB\\n' ;;
                esac
                """);
    }

    private void program(String name, String body) throws IOException {
        Files.writeString(dir.resolve(name), "#!/bin/bash\n" + body);
        assertTrue(dir.resolve(name).toFile().setExecutable(true));
    }

    /** Runs it in an environment of nothing but a path; returns what it wrote. */
    private String report(String... options) throws Exception {
        var words = new ArrayList<>(List.of("bash", dir.resolve("scripts/gpu-report").toString()));
        words.addAll(List.of(options));
        words.add(dir.resolve("out").toString());
        var process = new ProcessBuilder(words).redirectErrorStream(true);
        process.environment().clear();
        process.environment().putAll(Map.of("PATH", dir.resolve("bin") + ":/usr/bin:/bin"));
        var started = process.start();
        started.getOutputStream().close();
        var said = new String(started.getInputStream().readAllBytes());
        assertEquals(0, started.waitFor(), said);
        return Files.readString(dir.resolve("out/report.md"));
    }

    @Test
    void partsThatFailLeaveTheOthers() throws Exception {
        var report = report();
        for (var line : List.of(
                "## A card, ",
                "| own kernels, float32 | 64 | 155 ms +-1.1% | 413 | 2,734 G, 45% | ",
                "3,882 MiB computed | 1123 |\n",
                "| cuBLAS, float32 | 64 |",
                "| the largest batch that fits | 128 |",
                "| PyTorch, bf16, eager | 64 | 80.1 ms | 799 | | 3,000 MiB | |",
                "51,500 GFLOP/s in multiply-adds",
                "- Parity on `cuda:0`: mlp-mixer: 153 quantities, largest error 2.19e-04, all within tolerance.",
                "- Contract on `cuda:0`: 12 of 13 cases pass on cuda:0;",
                "step 800: 500 puzzles: 99.8% exact",
                "| torch-compiled-bf16 | failed (status 1): no compiler |",
                "| largest-136 | failed (status 1): Needs 9000 MiB of memory |",
                "| contract-cuda:0 | failed (status 1): 12 of 13 cases pass",
                "| training | done |")) {
            assertTrue(report.contains(line), line + " in " + report);
        }
    }
}
