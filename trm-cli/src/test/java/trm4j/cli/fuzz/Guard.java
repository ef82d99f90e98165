package trm4j.cli.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import trm4j.kernels.UserException;
import trm4j.train.data.Folders;

/**
 * Watches over a reader: whatever the input, it is read or refused with a {@link UserException} of one short sentence,
 * takes memory in proportion to the input, and touches nothing outside of its folder.
 *
 * @param memoryPerByte that may be allocated for each byte of input, garbage included
 * @param memory that may be allocated for any input
 */
record Guard(Path folder, Seeds seeds, int memoryPerByte, long memory) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LONGEST_MESSAGE = 2000;
    /** What the libraries that read JSON and YAML say, which means nothing to a user. */
    private static final Pattern OF_LIBRARIES = Pattern.compile("(?i)fasterxml|jackson|snakeyaml|deserializ|coerc"
            + "|unrecognized|unexpected char|end-of-input|duplicate field|while parsing|not allowed here|\\btoken \\(");

    /**
     * Has an input read.
     *
     * @return why it was refused, or nothing
     * @throws AssertionError if something was not as promised
     */
    Optional<String> check(Target target, byte[] input) throws IOException {
        if (Files.exists(folder)) {
            Folders.delete(folder);
        }
        var inside = Files.createDirectories(folder.resolve("inside"));
        long before = THREADS.getTotalThreadAllocatedBytes();
        var refusal = refusal(target, inside, input);
        long allocated = THREADS.getTotalThreadAllocatedBytes() - before;
        require(
                allocated <= memory + (long) memoryPerByte * input.length,
                "allocates " + allocated + " bytes for " + input.length);
        try (var entries = Files.list(folder)) {
            require(entries.count() == 1, "leaves something outside of its folder");
        }
        refusal.ifPresent(Guard::requireSentence);
        return refusal;
    }

    private Optional<String> refusal(Target target, Path inside, byte[] input) throws IOException {
        try {
            target.read(inside, input, seeds);
            return Optional.empty();
        } catch (UserException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static void requireSentence(String message) {
        require(
                message.length() <= LONGEST_MESSAGE && message.endsWith(".")
                        && message.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029),
                "refuses with the message " + message);
        require(!OF_LIBRARIES.matcher(message).find(), "refuses in the words of a library: " + message);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
