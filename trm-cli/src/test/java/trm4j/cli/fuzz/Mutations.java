package trm4j.cli.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** Changes inputs at random, the same for the same seed. */
final class Mutations {

    /** What readers of numbers, JSON, YAML, CSV, pickles and zip archives may stumble over. */
    static final List<String> TOKENS = List.of(
            "2147483647", "2147483648", "-1", "9223372036854775807", "9223372036854775808", "1e999", "-0", "NaN", "0.5",
            "99999999999999999999999999", "null", "true", "\"\"", "{}", "[]", "[[", "{\"a\":", "\"\\u0000\"", "\\ud800",
            "../", "/etc/passwd", "\n", "\r\n", "\0", "\u00ff", "\u00ef\u00bb\u00bf", "\"", "'", ",", ":", "- ", "&a ",
            "*a", "!!binary ", "|||", "t9", "<<", "%", "\t", "#", "(", ")", ".", "q\0", "h\0", "\u0085", "R", "b", "}",
            "]", "u", "e",
            "PK\3\4", "PK\1\2", "PK\5\6", "\u00ff\u00ff\u00ff\u00ff", "\u007f\u00ff\u00ff\u00ff", "\0\0\0\u0080");

    private static final Pattern NUMBER = Pattern.compile("-?\\d+");
    private static final Pattern VALUE = Pattern.compile("\"[^\"]*\"|\\[[^\\[\\]]*]|\\{[^{}]*}");
    private static final List<String> VALUES = List.of(
            "null", "-1", "1e999", "\"x\"", "[]", "{}", "[1]", "[null]", "{\"a\":1,\"b\":2,\"c\":3}", "[[[1]]]");

    private final SplittableRandom random;
    private final List<byte[]> seeds;

    Mutations(List<byte[]> seeds, long seed) {
        this.seeds = seeds;
        random = new SplittableRandom(seed);
    }

    /** A seed with one to four changes. */
    byte[] next() {
        var input = any(seeds);
        for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
            input = change(input);
        }
        return input;
    }

    private byte[] change(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(Math.min(input.length - from, 32) + 1);
        return switch (random.nextInt(9)) {
            case 0 -> flip(input);
            case 1 -> splice(input, from, to, new byte[0]);
            case 2 -> splice(input, from, from, bytes(any(TOKENS)));
            case 3 -> splice(input, from, to, bytes(any(TOKENS)));
            case 4 -> splice(input, from, from, Arrays.copyOfRange(input, from, to));
            case 5 -> splice(input, from, from, bytes(any(TOKENS).repeat(random.nextInt(2000))));
            case 6 -> replace(input, NUMBER, TOKENS.subList(0, 10));
            case 7 -> replace(input, VALUE, VALUES);
            default -> random.nextInt(4) == 0 ? Arrays.copyOf(input, from) : flip(input);
        };
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] bytes(String token) {
        return token.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] flip(byte[] input) {
        var changed = input.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    /** Puts something else in the place of a number or a value that is written out. */
    private byte[] replace(byte[] input, Pattern pattern, List<String> by) {
        var found = pattern.matcher(new String(input, StandardCharsets.ISO_8859_1)).results().toList();
        if (found.isEmpty()) {
            return input;
        }
        var place = any(found);
        return splice(input, place.start(), place.end(), bytes(any(by)));
    }

    private static byte[] splice(byte[] input, int from, int to, byte[] between) {
        var spliced = Arrays.copyOf(input, from + between.length + input.length - to);
        System.arraycopy(between, 0, spliced, from, between.length);
        System.arraycopy(input, to, spliced, from + between.length, input.length - to);
        return spliced;
    }
}
