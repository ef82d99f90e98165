package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import trm4j.train.RunException;

/** A folder that the authors' script saved a run's weights to: {@code step_N}, beside {@code all_config.yaml}. */
public final class AuthorsFolder {

    private static final Pattern STEP = Pattern.compile("step_(\\d{1,18})(\\.\\w+)?");

    private AuthorsFolder() {}

    /** Returns after how many training steps weights were saved, if their file's name tells. */
    public static OptionalLong step(Path file) {
        var matcher = STEP.matcher(file.getFileName().toString());
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** Returns the weights of the most steps in a folder, if there are any. */
    static Optional<Path> newest(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> step(file).isPresent() && Files.isRegularFile(file))
                    .max(Comparator.comparingLong(file -> step(file).getAsLong()));
        } catch (IOException e) {
            throw new RunException(folder + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
