package trm4j.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Path;
import trm4j.model.config.Settings;
import trm4j.model.file.InputFile;
import trm4j.model.file.JsonProblem;

/** Reads and writes the small JSON files in a run's folder, each of which is a record. */
final class RunJson {

    /** Room for lines of metrics that could not be written; the rest takes a thousandth. */
    private static final int MOST_BYTES = 1 << 24;
    private static final ObjectReader JSON =
            Settings.MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private RunJson() {}

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or is something else
     */
    static <T extends Record> T read(Path file, Class<T> type) throws IOException {
        try {
            T read = JSON.forType(type).readValue(InputFile.bytes(file, MOST_BYTES));
            if (read != null) {
                return read;
            }
            throw new IOException(file + " is damaged: it is null");
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged: " + JsonProblem.of(e), e);
        }
    }

    /** Returns a record as text. */
    static String json(Record value) {
        try {
            return Settings.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
