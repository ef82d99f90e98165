package trm4j.train.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Linux's files as they are on machines, in containers and in batch systems. */
class FreeMemoryTest {

    private static final long GIB = 1L << 30;

    @TempDir
    private Path root;

    @Test
    void isWhatTheMachineHasAvailable() throws IOException {
        machine("0::/user.slice");
        assertEquals(OptionalLong.of(9 * GIB), FreeMemory.bytes(root));
    }

    @Test
    void isWhatTheGroupLeavesAndCachedFilesCountAsFree() throws IOException {
        machine("0::/job");
        group("sys/fs/cgroup/job", "memory.max", 4 * GIB, "memory.current", 3 * GIB);
        write("sys/fs/cgroup/job/memory.stat", "anon 5\ninactive_file " + GIB + "\nactive_file 7\n");
        assertEquals(OptionalLong.of(2 * GIB + 7), FreeMemory.bytes(root));
    }

    @Test
    void anOuterGroupsLimitCountsToo() throws IOException {
        machine("0::/outer/inner");
        write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
        group("sys/fs/cgroup/outer", "memory.max", GIB, "memory.current", 2 * GIB);
        write("sys/fs/cgroup/outer/memory.stat", "");
        assertEquals(OptionalLong.of(0), FreeMemory.bytes(root));
    }

    @Test
    void aContainerSeesItsGroupAsTheOutermost() throws IOException {
        machine("0::/", "4:cpu,memory:/docker/0123");
        group("sys/fs/cgroup/memory", "memory.limit_in_bytes", 3 * GIB, "memory.usage_in_bytes", GIB);
        write("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 10\n");
        assertEquals(OptionalLong.of(2 * GIB + 10), FreeMemory.bytes(root));
    }

    @Test
    void nothingIsKnownOfOtherSystems() throws IOException {
        assertEquals(OptionalLong.empty(), FreeMemory.bytes(root));
        machine("garbage");
        assertEquals(OptionalLong.empty(), FreeMemory.bytes(root));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thisMachineTells() {
        assertTrue(FreeMemory.bytes().orElseThrow() > 0);
    }

    private void machine(String... groups) throws IOException {
        write("proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable:    8388608 kB\nSwapFree: 1048576 kB\n");
        write("proc/self/cgroup", String.join("\n", groups) + "\n");
    }

    private void group(String folder, String limit, long bytes, String used, long inUse) throws IOException {
        write(folder + "/" + limit, bytes + "\n");
        write(folder + "/" + used, inUse + "\n");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }
}
