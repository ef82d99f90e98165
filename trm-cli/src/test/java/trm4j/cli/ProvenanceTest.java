package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs and evaluations say of the puzzles that they are of. */
class ProvenanceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    private String trm(String line) {
        var out = new StringWriter();
        var err = new StringWriter();
        assertEquals(0, Commands.run(out, err, line.replace("DIR", dir.toString()).split(" ")), err.toString());
        return out.toString();
    }

    @Test
    void figuresOfOtherPuzzlesAreToldApart() throws IOException {
        trm("data sudoku --size 4 --train 4 --test 3 --seed 1 --out DIR/set");
        trm("data sudoku --size 4 --train 0 --test 3 --seed 2 --out DIR/other");
        Files.writeString(dir.resolve("tiny.yaml"), """
                run: {steps: 1, eval_batch: 3}
                arch: {hidden_size: 16, puzzle_emb_ndim: 0, puzzle_emb_len: 0, h_cycles: 1, l_cycles: 1, l_layers: 1,
                  halt_max_steps: 2}
                train: {batch_size: 2}
                """);
        trm("train DIR/tiny.yaml --data DIR/set --out DIR/run");
        var sources = JSON.readTree(dir.resolve("set/sources.json").toFile());
        assertEquals(sources, JSON.readTree(dir.resolve("run/data.json").toFile()).get("sources"));

        var remark = "These are other puzzles than those that " + dir + "/run was tested on while it trained.";
        assertFalse(trm("eval DIR/run --data DIR/set --out DIR/own").contains(remark));
        assertTrue(trm("eval DIR/run --data DIR/other --out DIR/others").contains(remark));
        assertEquals(sources, JSON.readTree(dir.resolve("own/settings.json").toFile()).get("sources"));

        var apart = "Not all were tested on the same puzzles, so that figures are not to be compared between ";
        assertFalse(trm("report DIR/run DIR/own --puzzles 0").contains(apart));
        assertTrue(trm("report DIR/run DIR/own DIR/others --puzzles 0 --out DIR/r.html")
                .contains(apart + "run, own / others."));
        assertTrue(Files.readString(dir.resolve("r.html")).contains(apart));
    }
}
