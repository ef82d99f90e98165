package trm4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Does in one process what users do most, so that Java, which writes an archive of the classes that it has loaded by
 * the end ({@code -XX:ArchiveClassesAtExit}), has all that they wait for when they start {@code trm}.
 */
public final class Rehearsal {

    private static final String TINY = """
            run: {steps: 2, eval_interval: 1}
            arch: {hidden_size: 8, puzzle_emb_ndim: 8, puzzle_emb_len: 1, H_cycles: 1, L_cycles: 1, halt_max_steps: 2,
              expansion: 1}
            train: {batch_size: 4, lr_warmup_steps: 1}
            """;

    private static final List<String> COMMANDS = List.of(
            "--version", "--help", "models", "config DIR/tiny.yaml",
            "data sudoku --size 4 --train 8 --test 4 --out DIR/data",
            "train DIR/tiny.yaml --data DIR/data --out DIR/run", "train --resume DIR/run --steps 3",
            "eval DIR/run --data DIR/data --out DIR/evaluation", "solve DIR/run 1...2...3...4...");

    private Rehearsal() {}

    /** @param arguments a command, for what it has {@code scripts/trm} ask of Java, and an empty folder to work in */
    public static void main(String[] arguments) {
        var folder = Path.of(arguments[1]);
        try {
            Files.writeString(folder.resolve("tiny.yaml"), TINY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (var command : COMMANDS) {
            var said = new StringWriter();
            var writer = new PrintWriter(said, true);
            int status = Main.run(writer, writer, command.replace("DIR", folder.toString()).split(" "));
            if (status != 0) {
                System.err.println("trm " + command + " ended with status " + status + ": " + said);
                System.exit(status);
            }
        }
        System.exit(0);
    }
}
