package trm4j.train.ablation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.model.net.Parameters;
import trm4j.train.run.RunConfig;

/** Variants of the paper's model, against what its Table 1 says of them. */
class VariantTest {

    private static final RunConfig PAPER = RunConfig.of(JsonNodeFactory.instance.objectNode(), Path.of("paper.yaml"));

    @ParameterizedTest
    @CsvSource({
        "trm, 42, 1, 5", "act-continue, 42, 2, 5", "two-nets, 42, 1, 10", "no-ema, 42, 1, 5", "deeper-net, 48, 1, 10",
        "mixing, 42, 1, 7", "fewer-of-both, 12, 1, 5", "last-evaluation, 42, 1, 5", "hrm, 24, 2, 27"
    })
    void depthsPassesAndSizesAreThePapers(String key, int depth, int passes, int millions) {
        var arch = PAPER.with(variant(key).changes()).arch().forPuzzles(81, 11, 1);
        assertEquals(depth, AblationRow.depth(arch));
        assertEquals(passes, AblationRow.forwardPasses(arch));
        assertEquals(millions, Math.round(new Parameters(arch).trained() / 1e6));
    }

    /** The (2, 1), (4, 2), (6, 3) of CGAR's paper, of which the first number is n. */
    @Test
    void depthsAreThePapersOfTheMethod() {
        assertEquals(List.of("train.depth_schedule=1x2 to 0.3, 2x4 to 0.6"), variant("depth-schedule").changes());
        var cgar = PAPER.with(variant("cgar").changes()).train();
        assertEquals("1x2 to 0.3, 2x4 to 0.6", cgar.depthSchedule().toString());
        assertEquals(0.7, cgar.supervisionDecay());
    }

    private static Variant variant(String key) {
        return Variant.of(PAPER.arch()).stream().filter(v -> v.key().equals(key)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch.mlp_t=true", "arch.mlp_t=false", "arch.l_cycles=1"})
    void everyVariantIsAnotherConfiguration(String change) {
        var base = PAPER.with(List.of(change, "arch.h_cycles=2"));
        var variants = Variant.of(base.arch());
        assertEquals(variants.size(), variants.stream().map(Variant::key).collect(Collectors.toSet()).size());
        variants.stream().skip(1).filter(v -> !v.key().equals("fewer-updates") && v.trains()).forEach(
                v -> assertNotEquals(base, base.with(v.changes()), v.title()));
        assertEquals(base, base.with(variants.getFirst().changes()));
    }
}
