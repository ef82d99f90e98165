package trm4j.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import trm4j.model.config.Settings;
import trm4j.train.data.check.DatasetCheck;
import trm4j.train.data.check.SplitFacts;

/** What is true of a data set, as programs read it. */
final class DatasetCheckJson {

    private DatasetCheckJson() {}

    static ObjectNode of(Path dir, DatasetCheck check) {
        var node = JsonNodeFactory.instance.objectNode()
                .put("folder", dir.toString()).put("kind", check.family().kind())
                .put("cells", check.info().seqLen()).put("tokens", check.info().vocabSize());
        check.remark().ifPresent(remark -> node.put("remark", remark));
        var splits = node.putObject("splits");
        check.splits().forEach((name, facts) -> splits.set(name.toString(), of(facts, check.arc().isEmpty())));
        check.leaks().ifPresent(leaks -> node.set("leaks", Settings.MAPPER.valueToTree(leaks)));
        check.arc().ifPresent(arc -> node.set("tasks", Settings.MAPPER.valueToTree(arc)));
        return node;
    }

    /** @param looksAtCopies whether each example was compared with the others */
    private static ObjectNode of(SplitFacts facts, boolean looksAtCopies) {
        var node = JsonNodeFactory.instance.objectNode()
                .put("groups", facts.groups()).put("puzzles", facts.puzzles()).put("examples", facts.examples())
                .put("unlabelled", facts.unlabelled());
        node.set("puzzles_of_group", Settings.MAPPER.valueToTree(facts.puzzlesOfGroup()));
        node.set("examples_of_puzzle", Settings.MAPPER.valueToTree(facts.examplesOfPuzzle()));
        facts.ratings().ifPresent(ratings -> node.set("ratings", Settings.MAPPER.valueToTree(ratings)));
        node.set("rules", Settings.MAPPER.valueToTree(facts.rules()));
        node.set("labels", Settings.MAPPER.valueToTree(facts.labels()));
        node.set("unchanged", Settings.MAPPER.valueToTree(facts.unchanged()));
        if (looksAtCopies) {
            node.set("repeated", Settings.MAPPER.valueToTree(facts.repeated()));
            node.set("contradicted", Settings.MAPPER.valueToTree(facts.contradicted()));
            node.set("symmetric", Settings.MAPPER.valueToTree(facts.symmetric()));
        }
        return node;
    }
}
