package trm4j.train.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.Optional;
import java.util.regex.Pattern;
import trm4j.train.DatasetException;

/**
 * What {@code dataset.json} says of a split's labels, where a puzzle may have several right answers.
 *
 * @param rule which of them the labels are: {@link #UNIQUE}, {@link #NO_RULE}, or the rule in words such as {@code
 *     breadth first from S, down-left-right-up}
 * @param images what the labels of turned and mirrored images are: {@link #SOLVED} or {@link #TURNED}; null where the
 *     split has no images
 */
public record LabelInfo(String rule, @JsonInclude(Include.NON_NULL) String images) {

    /** Each puzzle has one right answer. */
    public static final String UNIQUE = "unique";
    /** No rule that is looked for gives all labels. */
    public static final String NO_RULE = "no rule found";
    /** Images are solved again by the rule. */
    public static final String SOLVED = "solved again by the rule";
    /** Images have the labels of what they are images of, turned as these are. */
    public static final String TURNED = "turned with their puzzles";

    private static final String KEY = "labels";
    private static final Pattern WORDS = Pattern.compile("[\\p{Alnum} ,-]{1,100}");

    public LabelInfo {
        if (!areWords(rule) || images != null && !areWords(images)) {
            throw new DatasetException("labels: expected words of at most 100 letters, found others.");
        }
    }

    private static boolean areWords(String text) {
        return text != null && WORDS.matcher(text).matches();
    }

    /** Reads what a file says, if it says so. */
    static Optional<LabelInfo> read(JsonFile json) {
        return json.object(KEY).map(labels -> {
            var rule = labels.path("rule").textValue();
            var images = labels.path("images").textValue();
            if (!areWords(rule) || labels.has("images") && !areWords(images)) {
                throw json.wrong(KEY, "an object with a rule, and perhaps images, in words of at most 100 letters");
            }
            return new LabelInfo(rule, images);
        });
    }
}
