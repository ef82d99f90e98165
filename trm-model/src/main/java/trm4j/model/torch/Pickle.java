package trm4j.model.torch;

import static trm4j.kernels.UserException.shown;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Python's pickle format, protocols 2 to 5, as far as it describes data: None, True, whole numbers, floats, text,
 * tuples, lists and dictionaries. Names and calls go to {@link Objects}, which decides what they may mean; nothing is
 * looked up or executed. Containers may hold themselves, so nothing here walks through them.
 *
 * <p>None is null, True and False are {@link Boolean}, whole numbers {@link Long} or {@link BigInteger}, floats
 * {@link Double}, text {@link String}, a tuple {@link Tuple}, a list {@link ArrayList}, a dictionary
 * {@link LinkedHashMap}.
 */
final class Pickle {

    /** What names, calls and references to what is outside of the pickle are. */
    interface Objects {

        /** Returns what a module's member stands for. */
        Object global(String module, String name);

        /** Returns the result of a call. */
        Object call(Object callable, List<Object> arguments);

        /** Returns what an id stands for. */
        Object persistent(Object id);
    }

    /** A list that cannot be changed. */
    record Tuple(List<Object> elements) {}

    /** Bytes of a whole number; random generators' states are far below. */
    private static final int MOST_DIGITS = 256;

    private static final Set<Class<?>> KEYS =
            Set.of(String.class, Long.class, BigInteger.class, Double.class, Boolean.class);

    /** Where a run of elements begins on the stack. */
    private static final Object MARK = new Object();

    private final ByteBuffer bytes;
    private final Objects objects;
    private final TorchFileErrors errors;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private Pickle(byte[] bytes, Objects objects, TorchFileErrors errors) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.objects = objects;
        this.errors = errors;
    }

    /**
     * Returns the object that a pickle describes.
     *
     * @throws trm4j.model.file.CheckpointException if it is not whole, or has what is neither data nor known to the
     *     objects
     */
    static Object read(byte[] pickle, Objects objects, TorchFileErrors errors) {
        return new Pickle(pickle, objects, errors).run();
    }

    private Object run() {
        for (int code = unsigned(1); code != '.'; code = unsigned(1)) {
            step(code);
        }
        return pop();
    }

    /** One instruction, as {@code pickletools} lists them. */
    private void step(int code) {
        switch (code) {
            case 0x80 -> errors.require(unsigned(1) <= 5, "a pickle of protocol 2 to 5", "a later one");
            case 0x95 -> signed(8); // a frame's length: only to read ahead
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push(signed(4));
            case 'K' -> push((long) unsigned(1));
            case 'M' -> push((long) unsigned(2));
            case 0x8a -> push(integer(unsigned(1)));
            case 0x8b -> push(integer(signed(4)));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(signed(8))));
            case 'X' -> push(text(signed(4) & 0xFFFF_FFFFL));
            case 0x8c -> push(text(unsigned(1)));
            case 0x8d -> push(text(signed(8)));
            case '(' -> push(MARK);
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(peek());
            case ')' -> push(new Tuple(List.of()));
            case 0x85, 0x86, 0x87 -> push(tuple(popLast(code - 0x84)));
            case 't' -> push(tuple(popToMark()));
            case ']' -> push(new ArrayList<>());
            case 'a' -> append(popLast(1));
            case 'e' -> append(popToMark());
            case '}' -> push(new LinkedHashMap<>());
            case 's' -> put(popLast(2));
            case 'u' -> put(popToMark());
            case 'q' -> memo.put((long) unsigned(1), peek());
            case 'r' -> memo.put(signed(4) & 0xFFFF_FFFFL, peek());
            case 0x94 -> memo.put((long) memo.size(), peek());
            case 'h' -> push(recall(unsigned(1)));
            case 'j' -> push(recall(signed(4) & 0xFFFF_FFFFL));
            case 'c' -> push(objects.global(line(), line()));
            case 0x93 -> {
                var name = popLast(2);
                push(objects.global(as(String.class, name.get(0)), as(String.class, name.get(1))));
            }
            case 'R' -> {
                var call = popLast(2);
                push(objects.call(call.get(0), as(Tuple.class, call.get(1)).elements()));
            }
            case 'Q' -> push(objects.persistent(pop()));
            case 'b' -> {
                // Attributes of a dictionary, such as a state dict's _metadata.
                pop();
                as(LinkedHashMap.class, peek());
            }
            default -> throw errors.refused("that needs pickle's instruction " + String.format("0x%02x", code));
        }
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object peek() {
        if (stack.isEmpty() || stack.getLast() == MARK) {
            throw errors.expected("an object on the pickle's stack", "none");
        }
        return stack.getLast();
    }

    private Object pop() {
        var top = peek();
        stack.removeLast();
        return top;
    }

    private List<Object> popLast(int count) {
        var popped = new Object[count];
        for (int i = count - 1; i >= 0; i--) {
            popped[i] = pop();
        }
        return Arrays.asList(popped);
    }

    private List<Object> popToMark() {
        int mark = stack.lastIndexOf(MARK);
        errors.require(mark >= 0, "a mark on the pickle's stack", "none");
        var above = stack.subList(mark + 1, stack.size());
        var popped = new ArrayList<>(above);
        above.clear();
        stack.removeLast();
        return popped;
    }

    private static Tuple tuple(List<Object> elements) {
        return new Tuple(Collections.unmodifiableList(elements));
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> elements) {
        ((ArrayList<Object>) as(ArrayList.class, peek())).addAll(elements);
    }

    @SuppressWarnings("unchecked")
    private void put(List<Object> keysAndValues) {
        var map = (LinkedHashMap<Object, Object>) as(LinkedHashMap.class, peek());
        errors.require(keysAndValues.size() % 2 == 0, "a value for each key", keysAndValues.size() + " objects");
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            var key = keysAndValues.get(i);
            errors.require(
                    key == null || KEYS.contains(key.getClass()), "text or numbers as keys", "another object");
            if (map.containsKey(key)) {
                throw errors.expected("different keys", "two that are " + shown(key));
            }
            map.put(key, keysAndValues.get(i + 1));
        }
    }

    private Object recall(long index) {
        if (!memo.containsKey(index)) {
            throw errors.expected("an object that was remembered", "number " + index);
        }
        return memo.get(index);
    }

    private <T> T as(Class<T> type, Object object) {
        if (!type.isInstance(object)) {
            throw errors.expected("a " + type.getSimpleName() + " in the pickle", "another object");
        }
        return type.cast(object);
    }

    private int unsigned(int count) {
        return (int) signed(count) & (1 << 8 * count) - 1;
    }

    private long signed(int count) {
        need(count);
        return switch (count) {
            case 1 -> bytes.get();
            case 2 -> bytes.getShort();
            case 4 -> bytes.getInt();
            default -> bytes.getLong();
        };
    }

    private void need(long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw errors.expected("the pickle to go on for " + count + " bytes", bytes.remaining());
        }
    }

    private byte[] take(long count) {
        need(count);
        var taken = new byte[(int) count];
        bytes.get(taken);
        return taken;
    }

    private Object integer(long count) {
        errors.require(count < MOST_DIGITS, "whole numbers below " + MOST_DIGITS + " bytes", count);
        var digits = take(count);
        for (int i = 0, j = digits.length - 1; i < j; i++, j--) {
            byte swapped = digits[i];
            digits[i] = digits[j];
            digits[j] = swapped;
        }
        var value = digits.length == 0 ? BigInteger.ZERO : new BigInteger(digits);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private String text(long count) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(take(count))).toString();
        } catch (CharacterCodingException e) {
            throw errors.expected("text in UTF-8", "other bytes");
        }
    }

    private String line() {
        int end = bytes.position();
        while (end < bytes.limit() && bytes.get(end) != '\n') {
            end++;
        }
        var line = text(end - bytes.position());
        need(1);
        bytes.get();
        return line;
    }
}
