package trm4j.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.train.data.check.DatasetCheck;

/** {@code trm data check}. */
@Command(
        name = "check",
        description =
                "Tells what is true of a data set, also one of the authors': test puzzles that are training puzzles or "
                + "symmetric to one, examples that repeat, answers that are missing or break the rules, copies. Changes "
                + "nothing.",
        sortOptions = false)
final class DataCheckCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The data set's folder.")
    private Path dir;

    @Option(
            names = "--test-data",
            paramLabel = "DIR",
            description = "Data set whose test puzzles are looked for among DIR's training puzzles (default: DIR).")
    private Path testData;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        DatasetCheck check;
        try (var show = new DataShow(spec.commandLine().getOut(), spec.commandLine().getErr())) {
            check = DatasetCheck.of(dir, testData == null ? dir : testData, show);
        }
        DatasetCheckTable.print(dir, check, spec.commandLine().getOut());
        json.print(DatasetCheckJson.of(dir, check));
        return 0;
    }
}
