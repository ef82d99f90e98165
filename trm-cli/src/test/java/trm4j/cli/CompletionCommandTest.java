package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash offers once it has read what {@code trm completion} prints. */
class CompletionCommandTest {

    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path dir;

    @Test
    void bashOffersCommandsOptionsAndTheirValues() throws Exception {
        assumeTrue(Files.isExecutable(BASH), "needs bash");
        var script = new StringWriter();
        assertEquals(0, Main.run(new PrintWriter(script), new PrintWriter(new StringWriter()), "completion"));
        Files.writeString(dir.resolve("completion"), script.toString());
        Files.writeString(dir.resolve("try"), """
                source ./completion
                compopt() { :; } # is for what a user types only
                function=$(complete -p trm | sed 's/.*-F \\([^ ]*\\).*/\\1/')
                offers() {
                  COMP_WORDS=("$@")
                  COMP_CWORD=$(($# - 1))
                  COMPREPLY=()
                  $function
                  echo "${COMPREPLY[*]}"
                }
                offers scripts/trm tra
                offers trm data ''
                offers trm train --resu
                offers trm data maze --aug
                offers trm eval --split ''
                """);
        var process = new ProcessBuilder(BASH.toString(), "try").directory(dir.toFile()).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            assertEquals(
                    List.of("train", "sudoku maze arc check", "--resume", "--augment", "train test"), output.lines().toList());
        }
    }
}
