package trm4j.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;
import trm4j.model.Rollouts;
import trm4j.model.Selection;
import trm4j.train.eval.Tries;
import trm4j.train.puzzle.Symmetries;

/** How each puzzle is tried: options of the commands that solve. */
final class TriesOptions {

    @Option(
            names = "--rollouts",
            paramLabel = "K",
            description = "Tries each puzzle K times, with noise of its own each time, and takes one of the answers "
                    + "(default: 1).")
    private Integer rollouts;

    @Option(
            names = "--noise",
            paramLabel = "S",
            description = "Standard deviation of the noise that z_L gets before each supervision step (default: 0.3 with "
                    + "several rollouts, else 0).")
    private Double noise;

    @Option(
            names = "--chains",
            paramLabel = "SORT:N",
            converter = ChainsConverter.class,
            description = "Tries each puzzle as it is and in N - 1 disguises at once, symmetric images whose answers are "
                    + "turned back: other digits (digits), the board turned and mirrored (dihedral), or all symmetries of "
                    + "such puzzles (all).")
    private Chains chains;

    @Option(
            names = "--select",
            paramLabel = "WAY",
            converter = SelectionConverter.class,
            description = "Which answer is taken: that of the largest halt logit (q), the one given most often (mode), "
                    + "that whose logits changed least over its last three steps (converged), the first that the "
                    + "puzzle's rules accept (rules), or the first at which the model halts (first, as with --halt) "
                    + "(default: q, of chains mode). Tries that can no longer matter are left.")
    private Selection selection;

    @Option(
            names = "--sure",
            paramLabel = "P",
            description = "Leaves a puzzle's further tries once one has a halt probability above P (default: 1, never).")
    private Double sure;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of all that is random (default: 0).")
    private Long seed;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Symmetries that disguise a puzzle, and how many tries there are. */
    record Chains(Symmetries sort, int count) {}

    /** Whether none of them is given. */
    boolean areAbsent() {
        return rollouts == null && noise == null && chains == null && selection == null && sure == null && seed == null;
    }

    /** What they say, once they are known to make sense. */
    Tries tries() {
        if (rollouts != null && rollouts < 1) {
            throw refusal("Expected --rollouts of at least 1, found " + rollouts);
        }
        if (noise != null && !(noise >= 0 && noise <= Float.MAX_VALUE)) {
            throw refusal("Expected --noise of at least 0, found " + noise);
        }
        if (sure != null && !(sure > 0 && sure <= 1)) {
            throw refusal("Expected --sure above 0 and at most 1, found " + sure);
        }
        if (rollouts != null && chains != null) {
            throw refusal("Expected --rollouts or --chains, found both; --chains SORT:N says how many tries there are");
        }
        int count = chains != null ? chains.count : rollouts != null ? rollouts : 1;
        double deviation = noise != null ? noise : rollouts != null && rollouts > 1 ? Tries.NOISE : 0;
        var way = selection != null ? selection : chains != null ? Selection.MODE : Selection.Q;
        return new Tries(
                new Rollouts(count, deviation, seed == null ? 0 : seed, way, sure == null ? 1 : sure),
                Optional.ofNullable(chains).map(Chains::sort));
    }

    private ParameterException refusal(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private static String words(List<?> words) {
        return words.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /** Reads a way to select. */
    private static final class SelectionConverter implements ITypeConverter<Selection> {

        @Override
        public Selection convert(String text) {
            return Arrays.stream(Selection.values())
                    .filter(each -> Tries.word(each).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("expected one of "
                            + words(Arrays.stream(Selection.values()).map(Tries::word).toList()) + ", found " + text));
        }
    }

    /** Reads chains, such as all:8. */
    private static final class ChainsConverter implements ITypeConverter<Chains> {

        @Override
        public Chains convert(String text) {
            var parts = text.split(":", -1);
            var sort = Arrays.stream(Symmetries.values()).filter(each -> each.toString().equals(parts[0])).findFirst();
            if (parts.length != 2 || sort.isEmpty() || !parts[1].matches("[1-9][0-9]{0,5}")) {
                throw new TypeConversionException("expected one of " + words(List.of(Symmetries.values()))
                        + ", a colon and how many, such as all:8, found " + text);
            }
            return new Chains(sort.get(), Integer.parseInt(parts[1]));
        }
    }
}
