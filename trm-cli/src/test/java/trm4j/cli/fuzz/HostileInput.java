package trm4j.cli.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.data.Warnings;

/** What tests of hostile input have in common: right files to start from, made once, and what watches the readers. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class HostileInput {

    @RegisterExtension
    static final Warnings WARNINGS = new Warnings();

    @TempDir
    private static Path made;

    private static Seeds all;

    @TempDir
    Path folder;

    Seeds seeds;
    Guard guard;

    @BeforeAll
    static void make() throws IOException {
        all = Seeds.make(made);
    }

    @BeforeEach
    void prepare() throws IOException {
        seeds = all.copy(folder.resolve("seeds"));
        guard = new Guard(folder.resolve("work"), seeds, ReadersTest.MEMORY_PER_BYTE, ReadersTest.MEMORY);
    }

    String refusal(Target target, String input) throws IOException {
        return guard.check(target, input.getBytes(StandardCharsets.UTF_8)).orElse("read");
    }
}
