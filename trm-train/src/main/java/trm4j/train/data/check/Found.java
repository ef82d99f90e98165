package trm4j.train.data.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import trm4j.train.data.Leaks;

/**
 * Things that were found.
 *
 * @param count how many
 * @param first the names of the first of them
 */
public record Found(int count, List<String> first) {

    /** Returns the names, with a word if there are more; empty if nothing was found. */
    public Optional<String> names() {
        return count == 0
                ? Optional.empty()
                : Optional.of(String.join(", ", first) + (count > first.size() ? " and others" : ""));
    }

    /** Counts, and keeps the first names. */
    static final class Counter {

        private final List<String> first = new ArrayList<>();
        private int count;

        void add(Supplier<String> name) {
            count++;
            if (first.size() < Leaks.NAMED) {
                first.add(name.get());
            }
        }

        Found found() {
            return new Found(count, List.copyOf(first));
        }
    }
}
