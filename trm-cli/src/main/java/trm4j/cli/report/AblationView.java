package trm4j.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trm4j.model.config.Settings;
import trm4j.train.ablation.AblationRecord;
import trm4j.train.ablation.AblationRow;

/** An ablation: a row for each run that is done, and the runs themselves. */
final class AblationView implements Source {

    private final Path folder;
    private final Map<Path, RunView> runs = new LinkedHashMap<>();
    private List<JsonNode> parts;
    private List<AblationRow> rows;
    private ObjectNode view;

    /** An ablation in a folder, of which nothing is read yet. */
    AblationView(Path folder) {
        this.folder = folder;
    }

    @Override
    public ObjectNode read() {
        var record = AblationRecord.of(folder);
        boolean seeds = record.runs().stream().map(AblationRecord.Run::seed).distinct().count() > 1;
        var now = record.runs().stream()
                .<JsonNode>map(run -> runs
                        .computeIfAbsent(run.path(), path -> new RunView(
                                path, run.variant().title() + (seeds ? ", seed " + run.seed() : "")))
                        .read())
                .toList();
        if (view == null || !isSame(now) || !record.rows().equals(rows)) {
            parts = now;
            rows = record.rows();
            view = view(record);
        }
        return view;
    }

    private boolean isSame(List<JsonNode> now) {
        if (now.size() != parts.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i) != parts.get(i)) {
                return false;
            }
        }
        return true;
    }

    private ObjectNode view(AblationRecord record) {
        var node = JsonNodeFactory.instance.objectNode().put("name", record.name());
        var titles = node.putArray("variants");
        record.variants().forEach(variant ->
                titles.addObject().put("key", variant.key()).put("title", variant.title()));
        node.putArray("rows").addAll(record.rows().stream().<JsonNode>map(Settings.MAPPER::valueToTree).toList());
        var list = node.putArray("runs");
        for (int i = 0; i < parts.size(); i++) {
            list.addObject().put("variant", record.runs().get(i).variant().key()).setAll((ObjectNode) parts.get(i));
        }
        return node;
    }
}
