package trm4j.cli.bench;

import java.util.Locale;

/** Measures as people read them. */
final class Measures {

    private static final String[] TIMES = {"ns", "us", "ms", "s"};
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;
    private static final double DAYS = 24 * HOUR;

    private Measures() {}

    /** Seconds in three digits, with a unit that suits. */
    static String seconds(double seconds) {
        int unit = TIMES.length - 1;
        double value = seconds;
        while (unit > 0 && value < 1) {
            value *= 1000;
            unit--;
        }
        return digits(value) + " " + TIMES[unit];
    }

    /** A long time in minutes, hours or days. */
    static String duration(double seconds) {
        return seconds < HOUR ? digits(seconds / MINUTE) + " minutes"
                : seconds < DAYS ? digits(seconds / HOUR) + " hours" : digits(seconds / DAYS) + " days";
    }

    /** An amount a second, of units of 10^9. */
    static String giga(double amount, String unit) {
        return digits(amount * 1e-9) + " G" + unit;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.1f%%" : "%.0f%%", 100 * share);
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }

    /** Three digits, more before the point if there are. */
    static String digits(double value) {
        var format = value >= 99.95 || value == 0 ? "%,.0f" : value >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
