package trm4j.cli.play;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import trm4j.cli.report.Drawing;
import trm4j.cli.web.PageParts;
import trm4j.model.Checkpoint;
import trm4j.train.eval.Tries;
import trm4j.train.puzzle.Symmetries;
import trm4j.train.run.ModelPuzzles;

/** The page on which one watches a model think, with all that it needs in it. */
public final class PlayPage {

    private final String name;
    private final ObjectNode data;

    /**
     * Makes a page.
     *
     * @param name what the model is called
     */
    public PlayPage(String name, Checkpoint model, ModelPuzzles puzzles) {
        this.name = name;
        var config = model.config();
        var family = puzzles.family();
        data = JsonNodeFactory.instance.objectNode()
                .put("name", name).put("puzzles", family.plural())
                .put("length", config.seqLen()).put("steps", config.haltMaxSteps())
                .put("most_steps", SolveRequest.MOST_STEPS);
        var chains = data.put("most_rollouts", TriesRequest.MOST_ROLLOUTS).put("noise", Tries.NOISE).putArray("chains");
        chains(puzzles).forEach(chains::add);
        data.set("drawing", new Drawing(family, config.seqLen(), config.vocabSize()).json());
        var remarks = data.putArray("remarks");
        puzzles.remark().ifPresent(remarks::add);
        model.remark().ifPresent(remarks::add);
    }

    /**
     * Returns a page that asks the server that it comes from to solve puzzles.
     *
     * @param offer puzzles that the server has for those who have none
     */
    String live(Offer offer) {
        return page(data.deepCopy().put("examples", offer.puzzles().size()).put("example", offer.title()));
    }

    /**
     * Returns a page that shows how some puzzles were solved, and asks nobody for anything.
     *
     * @param thoughts at least one, each with its trace
     */
    public String still(ArrayNode thoughts) {
        var still = data.deepCopy().put("examples", 0);
        still.set("thoughts", thoughts);
        return page(still);
    }

    private String page(ObjectNode data) {
        return PageParts.resource(PlayPage.class, "play.html")
                .replace("{{head}}", PageParts.head(name + " · trm", PageParts.resource(Drawing.class, "report.css")
                        + PageParts.resource(PlayPage.class, "play.css")))
                .replace("{{scripts}}", scripts(Drawing.class, "page.js", "puzzles.js") + scripts(
                        PlayPage.class, "board.js", "player.js", "tries.js", "tasks.js", "play.js"))
                // Last: what stands in it is no template.
                .replace("{{data}}", PageParts.script(data));
    }

    private static String scripts(Class<?> beside, String... names) {
        return Arrays.stream(names)
                .map(name -> PageParts.resource(beside, name) + "\n")
                .collect(Collectors.joining());
    }

    /** The sorts of symmetries that the model's puzzles have. */
    private static List<String> chains(ModelPuzzles puzzles) {
        var config = puzzles.config();
        var random = new SplittableRandom(0);
        return Arrays.stream(Symmetries.values())
                .filter(sort ->
                        puzzles.family().symmetry(config.seqLen(), config.vocabSize(), sort, random).isPresent())
                .map(Symmetries::toString).toList();
    }
}
