package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shells offer once they have read what {@code trm completion} prints. */
class CompletionCommandTest {

    @TempDir
    private Path dir;

    @Test
    void bashOffersCommandsOptionsAndTheirValues() throws Exception {
        writeCompletion();
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
        assertEquals(
                List.of("train", "sudoku maze arc check", "--resume", "--augment", "train test"),
                run("bash", "try").toList());
    }

    /** As somebody types, in a terminal. */
    @Test
    void zshCompletesWhatIsTyped() throws Exception {
        writeCompletion();
        Files.writeString(dir.resolve("try"), """
                zmodload zsh/zpty
                zpty typed zsh -f -i
                zpty -w typed 'autoload -U compinit && compinit -u -D; source ./completion; trm() { echo "<$*>" }'
                for line in 'tra' 'train --resu' 'data maze --aug' 'eval --spl'; do
                  zpty -w -n typed "trm $line"$'\\t\\n'
                done
                zpty -w typed exit
                while zpty -r typed line; do print -r -- $line; done
                """);
        assertEquals(
                List.of("<train>", "<train --resume>", "<data maze --augment>", "<eval --split>"),
                run("zsh", "-f", "try").map(String::strip).filter(line -> line.matches("<.*>")).toList());
    }

    private void writeCompletion() throws IOException {
        var script = new StringWriter();
        assertEquals(0, Main.run(new PrintWriter(script), new PrintWriter(new StringWriter()), "completion"));
        Files.writeString(dir.resolve("completion"), script.toString());
    }

    /** What a shell prints, where it is installed. */
    private Stream<String> run(String shell, String... arguments) throws IOException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, shell))),
                "needs " + shell);
        var command = Stream.concat(Stream.of(shell), Stream.of(arguments)).toList();
        var builder = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
        builder.environment().put("TERM", "dumb");
        try (var output = builder.start().inputReader()) {
            return output.lines().toList().stream();
        }
    }
}
