package trm4j.train.data.check;

/**
 * Some numbers.
 *
 * @param least the least of them
 * @param mean their mean
 * @param most the greatest
 */
public record Span(int least, double mean, int most) {

    /** Adds numbers up, of which there is at least one in the end. */
    static final class Sum {

        private int least = Integer.MAX_VALUE;
        private int most = Integer.MIN_VALUE;
        private long sum;
        private long count;

        void add(int number) {
            least = Math.min(least, number);
            most = Math.max(most, number);
            sum += number;
            count++;
        }

        Span span() {
            return new Span(least, (double) sum / count, most);
        }
    }
}
