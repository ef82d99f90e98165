package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import trm4j.cli.bench.BenchFolder;

/** A bench: its figures as they stand in its folder. */
final class BenchView implements Source {

    private final Path folder;
    private List<Stamp> stamps;
    private ObjectNode view;

    /** A bench in a folder, which is not read yet. */
    BenchView(Path folder) {
        this.folder = folder;
    }

    @Override
    public ObjectNode read() {
        var now = Stamp.of(BenchFolder.figures(folder));
        if (!now.equals(stamps)) {
            view = BenchFolder.read(folder);
            stamps = now;
        }
        return view;
    }
}
