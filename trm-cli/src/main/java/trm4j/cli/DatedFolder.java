package trm4j.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Where a command puts what it makes, unless told otherwise. */
final class DatedFolder {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private DatedFolder() {}

    /** {@code KIND/NAME-DATE-TIME}, now. */
    static Path now(String kind, String name) {
        return Path.of(kind, name + "-" + LocalDateTime.now().format(TIME));
    }
}
