package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import trm4j.model.config.TrmConfig;
import trm4j.train.ablation.AblationRow;
import trm4j.train.ablation.AblationRow.Point;
import trm4j.train.ablation.Variant;

class AblationTableTest {

    private static final List<AblationRow> ROWS = List.of(
            row("trm", 0, 0.5, 0.8, 2, 10, new Point(5, 0.4, 1e9), new Point(10, 0.5, 2e9)),
            row("no-ema", 0, 0.25, 0.75, 3, 11, new Point(10, 0.25, 3e9)),
            row("trm", 1, 0.7, 0.9, 4, 20, new Point(5, 0.6, 1.5e9), new Point(10, 0.7, 2e9)),
            row("damping", 0, 0.5, 0.8, 2, 10),
            row("noise", 0, 0.5, 0.8, 2, 10, new Point(5, 0.3, 1e9), new Point(10, 0.5, 2e9)),
            row("noise", 1, 0.4, 0.8, 2, 10, new Point(5, 0.3, 1e9), new Point(10, 0.4, 2e9)));

    private static AblationRow row(
            String variant, long seed, double exact, double cells, double steps, double seconds, Point... course) {
        return new AblationRow(variant, seed, exact, cells, steps, 42, 1, 5_000_000, seconds, 640, List.of(course));
    }

    private static List<String> line(int number, OptionalDouble reach) {
        var line = AblationTable.of(Variant.of(TrmConfig.PAPER), ROWS, reach).lines().toList().get(number);
        return List.of(line.split(" +"));
    }

    /** The standard deviation of 50 and 70 is the root of (10^2 + 10^2) / (2 - 1). */
    @Test
    void seedsOfAVariantShareALine() {
        var none = OptionalDouble.empty();
        assertEquals(5, AblationTable.of(Variant.of(TrmConfig.PAPER), ROWS, none).lines().count());
        assertEquals(List.of("TRM", "60.0%", "±", "14.1", "85.0%", "3.0", "42", "1", "5,000,000", "15", "s"),
                line(1, none));
        assertEquals(List.of("without", "EMA", "25.0%", "75.0%", "3.0", "42", "1", "5,000,000", "11", "s"),
                line(2, none));
    }

    /** By the first evaluation that has it, on average over the seeds that have it; rows of before have none. */
    @Test
    void tellsWhatItTookToReachAShare() {
        var half = OptionalDouble.of(0.5);
        assertEquals(List.of("s", "640", "2.00e9", "1.75e9"), line(1, half).subList(10, 14));
        assertEquals(List.of("s", "640", "3.00e9", "never"), line(2, half).subList(9, 13));
        assertEquals(List.of("s", "640", "never"), line(3, half).subList(8, 11));
        assertEquals(List.of("s", "640", "2.00e9", "2.00e9", "(1", "of", "2)"), line(4, half).subList(12, 19));
        assertEquals(List.of("samples/s", "FLOPs", "FLOPs", "to", "50%"), line(0, half).subList(8, 13));
    }
}
