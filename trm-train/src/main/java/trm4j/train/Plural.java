package trm4j.train;

/** Nouns as they go with numbers. */
public final class Plural {

    private Plural() {}

    /** Returns a noun for so many: {@code step} for 1, else {@code steps}. */
    public static String of(long count, String noun) {
        return count == 1 ? noun : noun.endsWith("ty") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }

    /** Returns a number with its noun: {@code 1 step}, {@code 12000 steps}. */
    public static String count(long count, String noun) {
        return count + " " + of(count, noun);
    }
}
