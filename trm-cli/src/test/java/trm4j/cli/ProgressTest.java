package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link Progress} shows, by a clock of the test's. */
class ProgressTest {

    private static final Progress.Rate SAMPLES = new Progress.Rate("samples", 64);

    private final StringWriter shown = new StringWriter();
    private double now;

    private Progress progress(String task, long total, long before, Progress.Rate rate, int columns) {
        return new Progress(task, total, before, rate, new Screen(new PrintWriter(shown, true), () -> columns), () -> now);
    }

    /** What a terminal has in its lines at last. */
    private List<String> terminal() {
        return Arrays.stream(shown.toString().split("\n")).map(line -> {
            var cells = new StringBuilder();
            for (var part : line.split("\r")) {
                cells.replace(0, Math.min(part.length(), cells.length()), part);
            }
            return cells.toString().stripTrailing();
        }).toList();
    }

    @Test
    void aBarTakesWhatIsLeftOfTheLine() {
        try (var progress = progress("train", 800, 0, SAMPLES, 80)) {
            for (int step = 1; step <= 200; step++) {
                now += 0.25;
                progress.at(step, () -> "loss 0.67");
            }
        }
        assertEquals(
                List.of("train 200/800 loss 0.67, 256.0 samples/s, 0:02:30 left [=====                 ]"), terminal());
        assertEquals(79, terminal().getFirst().length());
    }

    /** The paper's 65,000 steps, at the speed of a GPU and of two cores. */
    @ParameterizedTest
    @CsvSource({"0.06, '12800.0/s, 0:32:30 left'", "96, '8.0/s, 866:40:00 left'"})
    void nothingIsCutAwayAt80Columns(double secondsOfAStep, String rest) {
        try (var progress = progress("train", 65_000, 32_498, new Progress.Rate("samples", 768), 80)) {
            for (int step = 32_499; step <= 32_500; step++) {
                now += 1;
                progress.at(step, step * secondsOfAStep, () -> "loss 10.6731 exact 100.0% steps 16.0");
            }
        }
        assertEquals(
                "train 32500/65000 loss 10.6731 exact 100.0% steps 16.0, " + rest, terminal().getFirst());
    }

    @Test
    void elsewhereALineComesNowAndThenAndAtTheEnd() {
        try (var progress = progress("train", 100, 40, SAMPLES, 0)) {
            for (int step = 41; step <= 100; step++) {
                now += 0.5;
                progress.at(step, () -> "loss 1");
            }
        }
        assertEquals(List.of(
                "train 48/100 loss 1, 128.0 samples/s, 0:00:26 left",
                "train 68/100 loss 1, 128.0 samples/s, 0:00:16 left",
                "train 88/100 loss 1, 128.0 samples/s, 0:00:06 left",
                "train 100/100 loss 1, 128.0 samples/s, 0:00:00 left"), shown.toString().lines().toList());
    }

    /** Time between steps, as evaluations take it, is no time of theirs. */
    @Test
    void theSpeedIsToldByTheTimeOfTheStepsThemselves() {
        try (var progress = progress("train", 40, 0, new Progress.Rate("samples", 1), 0)) {
            for (int step = 1; step <= 20; step++) {
                now += 60;
                progress.at(step, 2 * step, () -> "loss 1");
            }
        }
        assertTrue(shown.toString().strip().endsWith("train 20/40 loss 1, 0.5 samples/s, 0:00:40 left"), shown.toString());
    }

    @Test
    void whatTakesNoTimeIsNotTold() {
        try (var progress = progress("training puzzles", 10, 0, new Progress.Rate("", 1), 0)) {
            progress.at(10, () -> "");
        }
        assertEquals("", shown.toString());
    }

    @Test
    void whereTheTotalIsNotKnownThereIsNoTimeLeft() {
        try (var progress = progress("rows of train.csv", 0, 0, new Progress.Rate("", 1), 80)) {
            for (int row = 1024; row <= 4096; row += 1024) {
                now += 0.5;
                progress.at(row, () -> "");
            }
        }
        assertEquals(List.of("rows of train.csv 4096, 2048.0/s"), terminal());
    }

    @Test
    void linesStayAboveTheBarAndNeitherHasEscapeCodes() {
        var screen = new Screen(new PrintWriter(shown, true), () -> 80);
        screen.status("train 1/2, a long status that a short line must wipe out");
        screen.line("saved");
        screen.keep();
        assertEquals(List.of("saved", "train 1/2, a long status that a short line must wipe out"), terminal());
        assertTrue(shown.toString().indexOf('\u001b') < 0);
    }
}
