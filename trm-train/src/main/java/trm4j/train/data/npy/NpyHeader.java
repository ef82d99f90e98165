package trm4j.train.data.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import trm4j.train.DatasetException;

/** The header of a {@code .npy} file: which elements, and how many along each dimension. */
record NpyHeader(NpyType type, List<Long> shape) {

    /** What every file starts with, before the version. */
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** The header that is written. Its length holds for any shape, so it can be put in place afterwards. */
    static final int BYTES = 128;

    private static final int PREFIX = MAGIC.length + 4;
    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]*)['\"]");
    private static final Pattern FORTRAN = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)\\b");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([\\d\\s,]*)\\)");

    /** Reads the Python dictionary that a header is. */
    static NpyHeader parse(Path file, String text) {
        var descr = find(file, text, DESCR, "'descr' with one plain type");
        var type = NpyType.of(descr).orElseThrow(() -> new DatasetException(file + " holds elements of type '" + descr
                + "', expected one of " + NpyType.all() + "; convert the array with astype and save it again."));
        if (find(file, text, FORTRAN, "'fortran_order'").equals("True")) {
            throw new DatasetException(file + " is in Fortran order, expected C order;"
                    + " convert it with numpy.ascontiguousarray and save it again.");
        }
        return new NpyHeader(type, shape(file, find(file, text, SHAPE, "'shape'")));
    }

    private static String find(Path file, String text, Pattern pattern, String what) {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new DatasetException(
                    file + " has no " + what + " in its .npy header; save it again with numpy.save.");
        }
        return matcher.group(1);
    }

    private static List<Long> shape(Path file, String dimensions) {
        var shape = new ArrayList<Long>();
        try {
            for (var dimension : dimensions.split(",")) {
                if (!dimension.isBlank()) {
                    shape.add(Long.parseLong(dimension.strip()));
                }
            }
        } catch (NumberFormatException e) {
            throw new DatasetException(file + " has the shape (" + dimensions
                    + ") in its header, expected whole numbers; save it again with numpy.save.", e);
        }
        return List.copyOf(shape);
    }

    /**
     * The bytes of all elements.
     *
     * @throws ArithmeticException if no file could hold them
     */
    long dataBytes() {
        return shape.stream().reduce((long) type.bytes, Math::multiplyExact);
    }

    /** The header as numpy writes it, format 1.0. */
    ByteBuffer encode() {
        var dimensions = shape.stream().map(Object::toString).collect(Collectors.joining(", "));
        var dictionary = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
                .formatted(type.descr, shape.size() == 1 ? dimensions + "," : dimensions);
        var padding = " ".repeat(BYTES - PREFIX - 1 - dictionary.length());
        return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC).put((byte) 1).put((byte) 0)
                .putShort((short) (BYTES - PREFIX))
                .put((dictionary + padding + "\n").getBytes(StandardCharsets.US_ASCII))
                .flip();
    }
}
