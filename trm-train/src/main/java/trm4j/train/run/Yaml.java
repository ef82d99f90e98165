package trm4j.train.run;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import trm4j.model.config.ConfigException;
import trm4j.model.file.InputFile;
import trm4j.model.file.JsonProblem;

/** The YAML that settings are written in: keys and values, each key once, each value where it is used. */
public final class Yaml {

    private static final YAMLFactory FACTORY = YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();
    private static final ObjectMapper MAPPER =
            new YAMLMapper(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /** Far more than settings take. */
    private static final int MOST_BYTES = 1 << 20;

    private Yaml() {}

    /**
     * Reads a file as it stands; an empty one has no keys.
     *
     * @throws ConfigException if it cannot be read
     */
    public static JsonNode read(Path file) {
        try {
            var tree = parse(InputFile.text(file, MOST_BYTES), file.toString());
            return tree.isMissingNode() || tree.isNull() ? MAPPER.createObjectNode() : tree;
        } catch (NoSuchFileException e) {
            throw new ConfigException("There is no configuration " + file
                    + "; configs/ has some to start from, such as configs/sudoku-mini.yaml.", e);
        } catch (JsonProcessingException e) {
            throw new ConfigException(file + " is not YAML as settings have it: expected KEY: VALUE in each line, "
                    + "those of a section indented alike, found something else" + JsonProblem.place(e) + ".", e);
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " is not YAML: expected text in UTF-8, found other bytes; save it so.", e);
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /**
     * Reads a value, or keys and values.
     *
     * @param where it stands, for messages
     * @return {@link MissingNode} if there is nothing
     * @throws IOException if it is not YAML
     * @throws ConfigException if it has a key twice, or an alias
     */
    static JsonNode parse(String text, String where) throws IOException {
        // As each token is read: a second reading would take as much time and memory again.
        try (var parser = FACTORY.createParser(text); var tokens = new TokenBuffer(parser)) {
            var keys = new ArrayDeque<Set<String>>();
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    keys.push(new HashSet<>());
                } else if (token == JsonToken.END_OBJECT) {
                    keys.pop();
                } else if (token == JsonToken.FIELD_NAME && !keys.element().add(parser.currentName())) {
                    throw new ConfigException(where + ": expected each key once, found " + shown(parser.currentName())
                            + " again in line " + line(parser) + "; take one of them out.");
                }
                if (parser.isCurrentAlias()) {
                    throw new ConfigException(where + ": expected a value, found the alias *" + shown(parser.getText())
                            + " in line " + line(parser) + "; write the value itself there, aliases are not read.");
                }
                tokens.copyCurrentEvent(parser);
            }
            var tree = MAPPER.<JsonNode>readTree(tokens.asParser());
            return tree == null ? MissingNode.getInstance() : tree;
        }
    }

    private static int line(YAMLParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Returns settings as text. */
    static String write(JsonNode settings) {
        try {
            return MAPPER.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
