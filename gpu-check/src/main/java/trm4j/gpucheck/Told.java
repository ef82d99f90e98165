package trm4j.gpucheck;

import java.util.regex.Pattern;

/** What compilers tell of a kernel, as text. */
final class Told {

    private Told() {}

    /** Reads what {@code ptxas -v} says of the only kernel. */
    static Usage ptxas(String told) {
        return new Usage(
                number(told, "Used (\\d+) registers", "what ptxas -v says"),
                orZero(told, "(\\d+) bytes spill stores"),
                orZero(told, "(\\d+) bytes stack frame"),
                orZero(told, "(\\d+) bytes smem"));
    }

    /** Reads the metadata in AMD's assembler: VGPRs, AGPRs included where they are the same registers. */
    static Usage amd(String assembler) {
        int spilled = 4 * orZero(assembler, "\\.vgpr_spill_count:\\s*(\\d+)");
        int scratch = number(assembler, "\\.private_segment_fixed_size:\\s*(\\d+)", "clang's assembler for AMD");
        return new Usage(
                number(assembler, "\\.vgpr_count:\\s*(\\d+)", "clang's assembler for AMD"),
                spilled,
                Math.max(0, scratch - spilled),
                orZero(assembler, "\\.group_segment_fixed_size:\\s*(\\d+)"));
    }

    /**
     * Reads what Intel's ocloc says.
     *
     * @param log of the compilation, where spilled registers, of 32 bytes, are told
     * @param tokens of the binary, as {@code ocloc disasm} writes them: 15 is local memory, 18 scratch space, 23 tells
     *     how many threads go in step, 38 is private memory
     */
    static Usage intel(String log, String tokens) {
        if (!tokens.contains("PatchToken")) {
            throw new IllegalArgumentException("There are no patch tokens in what ocloc disasm wrote.");
        }
        int spilled = 32 * orZero(log, "spilled around (\\d+)");
        return new Usage(
                0, spilled > 0 ? spilled : token(tokens, 18, 1), token(tokens, 38, 3), token(tokens, 15, 1),
                token(tokens, 23, 3));
    }

    /** A word of a token's bytes, or 0 where there is no such token. */
    private static int token(String tokens, int token, int word) {
        var found = Pattern.compile("Token " + token + "\\s+\\d+ Size \\d+\\s+Hex ([0-9a-f ]+)").matcher(tokens);
        if (!found.find()) {
            return 0;
        }
        var bytes = found.group(1).strip().split(" +");
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | Integer.parseInt(bytes[4 * word + i], 16);
        }
        return value;
    }

    private static int number(String told, String pattern, String where) {
        var found = Pattern.compile(pattern).matcher(told);
        if (!found.find()) {
            throw new IllegalArgumentException("There is no " + pattern + " in " + where + ": " + told.strip());
        }
        return Integer.parseInt(found.group(1));
    }

    private static int orZero(String told, String pattern) {
        var found = Pattern.compile(pattern).matcher(told);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }
}
