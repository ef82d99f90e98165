package trm4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import trm4j.train.RunException;
import trm4j.train.table.RowNames;

/** Checks the file that a command is to write; with {@code --force}, it may be there already. */
final class OutputFile {

    @Option(names = "--force", description = "Replaces a file that is there.")
    private boolean force;

    /**
     * Refuses a file that cannot be written, before any work is done.
     *
     * @param file where to write
     * @param source what the command reads
     * @throws RunException if the file is there already, or is what is read, or its folder is missing or may not be
     *     written to
     */
    void requireFree(Path file, Path source) {
        var folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new RunException(file + " cannot be written, expected a file in a folder that is there; name "
                    + "another.");
        }
        if (Files.exists(file) && isSame(file, source)) {
            throw new RunException(file + " is what is read, expected another file to write; name another.");
        }
        if (Files.exists(file) && !force) {
            throw new RunException(file + " is there already, expected a new file; name another, or replace it with "
                    + "--force.");
        }
    }

    /**
     * Writes the names of a model's rows beside it, unless they are there already, as where what is read lies there
     * too.
     *
     * @param names nothing if they are not known
     * @param model the model's file
     * @param source what the command reads
     * @return what to say of the model's files when it is written too
     * @throws RunException if there are others
     */
    String save(Optional<RowNames> names, Path model, Path source) {
        var file = RowNames.fileBeside(model);
        names.filter(each -> RowNames.beside(model, each.sha256()).isEmpty()).ifPresent(each -> {
            requireFree(file, source);
            each.save(file);
        });
        return "Written to " + model + names.map(_ -> ", the names of its puzzle rows to " + file).orElse("");
    }

    private static boolean isSame(Path file, Path source) {
        try {
            return Files.exists(source) && Files.isSameFile(file, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
