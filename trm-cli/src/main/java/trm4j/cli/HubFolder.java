package trm4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import trm4j.model.Checkpoint;
import trm4j.model.config.Settings;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;
import trm4j.train.data.AsideFolder;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.table.RowNames;

/**
 * A model as hubs of models have them: {@code model.safetensors}, {@code config.json} and a card, {@code README.md}.
 *
 * @param names of the model's puzzle rows, if they are known
 */
record HubFolder(ModelCard card, Optional<RowNames> names) {

    private static final String MODEL = "model.safetensors";
    private static final String CARD = "README.md";
    /** In the configuration: what was measured of the model, the first of which is the one to quote. */
    static final String MEASURED = "measured";

    /**
     * Writes the folder, whole or not at all.
     *
     * @throws RunException if there is something already, or it cannot be written
     */
    void write(Path out) {
        requireFree(out);
        var place = out.toAbsolutePath().normalize();
        try {
            Files.createDirectories(place.getParent());
            try (var aside = new AsideFolder(place)) {
                fill(aside.path());
                requireFree(out);
                aside.moveToItsPlace();
            }
        } catch (IOException e) {
            throw new RunException(out + " cannot be written (" + e + "); check the disk's free space and that you may "
                    + "write there.", e);
        }
    }

    /** Refuses a place where there is something, before any work is done. */
    static void requireFree(Path out) {
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new RunException(out + " is there already, expected a new folder; name another.");
        }
    }

    private void fill(Path folder) throws IOException {
        card.model().save(folder.resolve(MODEL));
        names.ifPresent(each -> each.save(RowNames.fileBeside(folder.resolve(MODEL))));
        AtomicFile.write(folder.resolve(ModelPuzzles.HUB_CONFIG), config(card.model()));
        AtomicFile.write(folder.resolve(CARD), card.text().getBytes(StandardCharsets.UTF_8));
    }

    /** What the safetensors file has in its metadata too, for programs that look here. */
    private byte[] config(Checkpoint model) throws IOException {
        ObjectNode json = Settings.MAPPER.createObjectNode()
                .put("model_type", "tiny-recursive-model")
                .put("library_name", "trm4j")
                .put(ModelPuzzles.HUB_KIND, card.family().kind());
        json.setAll((ObjectNode) Settings.MAPPER.readTree(model.configuration()));
        card.figures().forEach(each -> json.withArray(MEASURED).add(each.json()));
        return Settings.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }
}
