package trm4j.train.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds out how much memory Linux can still give this process before it kills one: what the machine has available, swap
 * included, or less where a control group (a container, a batch system's job) sets a limit.
 */
public final class FreeMemory {

    /** Files of a control group's memory controller, version 2 or 1. */
    private record Names(String limit, String used, List<String> reclaimable) {}

    private static final Names V2 =
            new Names("memory.max", "memory.current", List.of("inactive_file", "active_file"));
    private static final Names V1 = new Names(
            "memory.limit_in_bytes", "memory.usage_in_bytes", List.of("total_inactive_file", "total_active_file"));

    private final Path root;

    /** @param root of the file system, / but for tests */
    private FreeMemory(Path root) {
        this.root = root;
    }

    /** Returns the bytes, or nothing where the system does not tell. */
    public static OptionalLong bytes() {
        return bytes(Path.of("/"));
    }

    static OptionalLong bytes(Path root) {
        try {
            return OptionalLong.of(new FreeMemory(root).least());
        } catch (IOException | RuntimeException e) {
            // Another system, or files that are not as expected: then nothing is known.
            return OptionalLong.empty();
        }
    }

    private long least() throws IOException {
        var machine = root.resolve("proc/meminfo");
        long free = 1024 * (value(machine, "MemAvailable:") + value(machine, "SwapFree:"));
        for (var line : Files.readAllLines(root.resolve("proc/self/cgroup"))) {
            // hierarchy:controllers:path
            var parts = line.split(":", 3);
            if (parts[0].equals("0")) {
                free = Math.min(free, group(root.resolve("sys/fs/cgroup"), parts[2], V2));
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                free = Math.min(free, group(root.resolve("sys/fs/cgroup/memory"), parts[2], V1));
            }
        }
        return free;
    }

    /** Returns what a group and those that it lies in leave; a container may see its own group as the outermost one. */
    private static long group(Path mount, String path, Names names) throws IOException {
        long least = Long.MAX_VALUE;
        var inner = mount.resolve(path.substring(1));
        for (var folder = inner; folder.startsWith(mount); folder = folder.getParent()) {
            var limit = folder.resolve(names.limit);
            if (Files.exists(limit) && !Files.readString(limit).startsWith("max")) {
                long free = number(limit) - number(folder.resolve(names.used));
                for (var name : names.reclaimable) {
                    free += value(folder.resolve("memory.stat"), name);
                }
                least = Math.min(least, Math.max(0, free));
            }
        }
        return least;
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    /** Returns the number after a name; 0 where the name is not there. */
    private static long value(Path file, String name) throws IOException {
        for (var line : Files.readAllLines(file)) {
            var words = line.split("\\s+");
            if (words[0].equals(name)) {
                return Long.parseLong(words[1]);
            }
        }
        return 0;
    }
}
