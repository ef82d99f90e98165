package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.model.config.TrmConfig;
import trm4j.train.ablation.AblationRow;
import trm4j.train.ablation.Variant;

class AblationTableTest {

    @Test
    void seedsOfAVariantShareALine() {
        var table = AblationTable.of(Variant.of(TrmConfig.PAPER), List.of(
                new AblationRow("trm", 0, 0.5, 0.8, 2, 42, 1, 5_000_000, 10),
                new AblationRow("no-ema", 0, 0.25, 0.75, 3, 42, 1, 5_000_000, 11),
                new AblationRow("trm", 1, 0.7, 0.9, 4, 42, 1, 5_000_000, 20)));
        var lines = table.lines().toList();
        assertEquals(3, lines.size(), table);
        assertEquals(List.of("TRM", "60.0%", "50-70", "85.0%", "3.0", "42", "1", "5,000,000", "15", "s"),
                List.of(lines.get(1).split(" +")));
        assertEquals(List.of("without", "EMA", "25.0%", "75.0%", "3.0", "42", "1", "5,000,000", "11", "s"),
                List.of(lines.get(2).split(" +")));
    }
}
