package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import trm4j.model.config.ConfigException;

/** {@code docs/configuration.md} has each key once, as the code has it, with the values that the code takes. */
class ConfigurationReferenceTest {

    private static final Path REFERENCE = Path.of("../docs/configuration.md");
    private static final Pattern RANGE =
            Pattern.compile("(?<above>above )?(?<least>[0-9]+)( to (?<below>below )?(?<most>[0-9]+)| or more)?");
    /** Nothing here keeps another setting from being as large or as small as it may be. */
    private static final List<String> ROOM = List.of(
            "run.steps=1", "run.epochs=1", "arch.h_cycles=1", "arch.l_cycles=1", "arch.l_layers=1", "arch.num_heads=1",
            "arch.puzzle_emb_ndim=0", "arch.puzzle_emb_len=0");

    @Test
    void theReferenceIsWhatTheCodeSays() throws IOException {
        var page = Files.readString(REFERENCE);
        var expected = page.substring(0, page.indexOf("## `run`")) + new ConfigurationReference().markdown() + "\n"
                + page.substring(page.indexOf("## The authors' configurations"));
        var written = Files.writeString(Path.of("target", "configuration.md"), expected);
        assertTrue(
                expected.equals(page),
                "docs/configuration.md is not what the code says; copy trm-train/" + written + " to it");
    }

    @Test
    void eachKeyIsThereOnce() {
        var keys = new ArrayList<>(ConfigurationReference.defaults(RunConfig.PAPER).keySet());
        assertEquals(keys, ConfigKey.ALL.stream().map(ConfigKey::key).toList());
    }

    /** The ranges are refused beyond, and taken up to, their ends. */
    @Test
    void valuesAreWhatIsTaken() {
        for (var key : ConfigKey.ALL) {
            var range = RANGE.matcher(key.range());
            boolean whole = ConfigurationReference.defaults(RunConfig.PAPER).get(key.key()).isIntegralNumber();
            if (key.range().equals("a path")) {
                taken(key, "runs/a", "''");
            } else if (key.range().equals("stages")) {
                taken(key, "1x2 to 0.3, 2x4 to 0.6", "''");
                refused(key, "1x2");
            } else if (key.range().equals("any whole number")) {
                taken(key, "-1", "0", "1");
            } else if (!range.matches()) {
                taken(key, key.range().split(", "));
                refused(key, whole ? "7" : "sine");
            } else {
                int least = Integer.parseInt(range.group("least"));
                double step = whole ? 1 : 1e-6;
                taken(key, number(range.group("above") == null ? least : least + step, whole));
                refused(key, number(range.group("above") == null ? least - step : least, whole));
                if (range.group("most") != null) {
                    int most = Integer.parseInt(range.group("most"));
                    taken(key, number(range.group("below") == null ? most : most - step, whole));
                    refused(key, number(range.group("below") == null ? most + step : most, whole));
                } else {
                    taken(key, "1000000");
                }
            }
        }
    }

    private static String number(double value, boolean whole) {
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    private static void taken(ConfigKey key, String... values) {
        for (var value : values) {
            assertDoesNotThrow(() -> changed(key, value), key + " " + value);
        }
    }

    private static void refused(ConfigKey key, String value) {
        var refusal = assertThrows(ConfigException.class, () -> changed(key, value), key + " " + value).getMessage();
        assertTrue(refusal.contains(key.key() + ": expected"), refusal);
    }

    private static void changed(ConfigKey key, String value) {
        var changes = new ArrayList<>(ROOM);
        // A batch is cut into equal parts.
        if (key.key().equals("train.micro_batch")) {
            changes.add("train.batch_size=1000000");
        }
        changes.add(key.key() + "=" + value);
        RunConfig.PAPER.with(changes);
    }

    /** Where two keys say the same thing, the authors' is one of them only. */
    @Test
    void theAuthorsKeysMeanOneThing() {
        var authors = ConfigKey.ALL.stream().map(ConfigKey::authors).filter(name -> !name.isEmpty()).toList();
        assertEquals(authors.stream().distinct().toList(), authors);
    }
}
