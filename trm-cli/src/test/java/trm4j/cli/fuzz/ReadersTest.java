package trm4j.cli.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trm4j.train.data.Warnings;

/** Readers on files that someone has damaged at random; {@code scripts/fuzz} does the same for longer. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadersTest {

    /** A list or a dictionary of two characters takes some 80 bytes, a pickled tuple of one byte as much. */
    static final int MEMORY_PER_BYTE = 512;
    static final long MEMORY = 32 << 20;

    private static final int INPUTS = 150;
    /** A run that goes on, or an ablation, takes long to begin. */
    private static final Set<Target> GO_ON = EnumSet.range(Target.CHECKPOINT, Target.ABLATION);
    private static final int INPUTS_TO_GO_ON = 30;

    @RegisterExtension
    private static final Warnings WARNINGS = new Warnings();

    @TempDir
    private static Path folder;

    private static Seeds seeds;

    @BeforeAll
    static void makeSeeds() throws IOException {
        seeds = Seeds.make(Files.createDirectory(folder.resolve("seeds")));
    }

    @ParameterizedTest
    @EnumSource
    void keepTheirPromisesWhateverTheyRead(Target target) throws IOException {
        var guard = new Guard(folder.resolve("work"), seeds, MEMORY_PER_BYTE, MEMORY);
        for (var seed : target.seeds(seeds)) {
            assertEquals(Optional.empty(), guard.check(target, seed));
        }
        var mutations = new Mutations(target.seeds(seeds), 1);
        int refused = 0;
        int inputs = GO_ON.contains(target) ? INPUTS_TO_GO_ON : INPUTS;
        for (int i = 0; i < inputs; i++) {
            var input = mutations.next();
            try {
                refused += guard.check(target, input).isPresent() ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("Input " + i + ", " + HexFormat.of().formatHex(input), e);
            }
        }
        assertTrue(refused > inputs / 10, refused + " refused");
    }
}
