package trm4j.train.data.maze;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import trm4j.model.config.ConfigException;
import trm4j.train.DatasetException;

/**
 * The turned and mirrored images that each training maze's group has beside it.
 *
 * @param count how many, from 0 to {@link #MOST}
 * @param labels what their labels are; empty for those of a rule that gives all labels of the training mazes, where
 *     there is one, and else turned ones
 */
public record MazeImages(int count, Optional<Labels> labels) {

    /** The other images of a maze. */
    public static final int MOST = 7;

    /** No images. */
    public static final MazeImages NONE = new MazeImages(0, Optional.empty());

    /** What an image's label is. Where mazes have a single shortest path, it makes no difference. */
    public enum Labels {
        /** The image is solved again, by the rule that gives the labels of the training mazes. */
        RULE,
        /** The maze's label is turned and mirrored as the maze is. The authors' script does that. */
        IMAGE;

        @Override
        @JsonValue
        public String toString() {
            return ConfigException.word(this);
        }

        @JsonCreator
        static Labels of(String word) {
            return ConfigException.choice("puzzles.labels", values(), word);
        }
    }

    public MazeImages {
        if (count < 0 || count > MOST) {
            throw new DatasetException("Expected 0 to " + MOST + " turned and mirrored images of a maze, found " + count
                    + "; ask for fewer.");
        }
    }

    /**
     * The rule to solve images again by; none if labels are turned.
     *
     * @param found the rule that gives the labels of the training mazes
     * @throws DatasetException if images are to be solved by a rule, and there is none
     */
    Optional<PathRule> rule(Optional<PathRule> found) {
        if (labels.equals(Optional.of(Labels.RULE)) && found.isEmpty()) {
            throw new DatasetException("Expected a rule to solve images again by, found none that gives the labels of "
                    + "all training mazes; turn labels with --labels image, or take no images.");
        }
        return labels.equals(Optional.of(Labels.IMAGE)) ? Optional.empty() : found;
    }
}
