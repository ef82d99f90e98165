package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** An option of one name means the same in all commands: its value, and how many it takes. */
class OptionsTest {

    /** Names that have several meanings all the same. */
    private static final Set<String> EXCEPTIONS = Set.of(
            // A data set's folder; where puzzles are only solved, a CSV file will do.
            "--data",
            // What each command makes: a data set, a run, a folder of figures, a model, a page.
            "--out",
            // What goes on: a run, an evaluation.
            "--resume",
            // Puzzles that are made are counted, those of files are named.
            "--train");

    @Test
    void takeTheSameEverywhere() {
        var all = new TreeMap<String, Map<String, Set<String>>>();
        var trm = new CommandLine(new Main());
        Main.COMMANDS.forEach(trm::addSubcommand);
        commands(trm).forEach(command -> command.getCommandSpec().options().forEach(option ->
                all.computeIfAbsent(option.longestName(), _ -> new TreeMap<>())
                        .computeIfAbsent(option.paramLabel() + " " + option.arity(), _ -> new TreeSet<>())
                        .add(command.getCommandSpec().qualifiedName())));
        all.values().removeIf(meanings -> meanings.size() == 1);
        assertEquals(EXCEPTIONS, all.keySet(), all.toString());
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(OptionsTest::commands));
    }
}
