package trm4j.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Names the folder into which a command writes where the user names none. */
final class DatedFolder {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private DatedFolder() {}

    /** Returns {@code KIND/NAME-DATE-TIME}, such as {@code runs/sudoku-mini-20260101-120000}, with the time of now. */
    static Path now(String kind, String name) {
        return Path.of(kind, name + "-" + LocalDateTime.now().format(TIME));
    }
}
