package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import trm4j.cli.web.PageParts;

/** Makes one HTML page with all that it needs in it: styles, scripts, data. The page asks no network for anything. */
public final class ReportPage {

    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final String PLAY = "/trm4j/cli/play/";

    /** In this order: each uses those before it. */
    private static final List<String> SCRIPTS = List.of(
            "page.js", "saving.js", "chart.js", PLAY + "board.js", PLAY + "player.js", "puzzles.js", "seeds.js",
            "thought.js", "contraction.js", "runs.js", "evaluations.js", "ablations.js", "benches.js", "report.js");

    private ReportPage() {}

    /** Returns a page that shows a report as it is. */
    public static String of(ObjectNode report) {
        return page(report, "");
    }

    /**
     * Returns a page that shows a report, and asks the server that it came from for a new one now and then.
     *
     * @param data the path of the new report on that server
     */
    public static String live(ObjectNode report, String data) {
        return page(report, data);
    }

    private static String page(ObjectNode report, String live) {
        var names = new ArrayList<String>();
        for (var kind : List.of("runs", "ablations", "evaluations", "benches")) {
            report.path(kind).forEach(each -> names.add(each.path("name").asText()));
        }
        return resource("report.html")
                .replace("{{head}}", PageParts.head(
                        String.join(" · ", names) + " · trm",
                        resource(CHARTS + "uPlot.min.css") + resource("report.css")))
                .replace("{{live}}", live)
                .replace("{{made}}", live.isEmpty() ? Instant.now().truncatedTo(ChronoUnit.SECONDS).toString() : "")
                .replace("{{charts}}", resource(CHARTS + "uPlot.iife.min.js"))
                .replace("{{scripts}}", SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.joining("\n")))
                // Last: what stands in it is no template.
                .replace("{{data}}", PageParts.script(report));
    }

    private static String resource(String name) {
        return PageParts.resource(ReportPage.class, name);
    }
}
