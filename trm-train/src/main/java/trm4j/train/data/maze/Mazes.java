package trm4j.train.data.maze;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import trm4j.model.Disguise;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.data.Dihedral;
import trm4j.train.data.Grid;
import trm4j.train.data.SplitWriter;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.puzzle.Symmetries;
import trm4j.train.puzzle.Symmetry;

/** Square mazes, as strings of one character per cell. */
public final class Mazes implements PuzzleFamily {

    private static final String[] COLOURS = {null, "#57606a", null, "#2da44e", "#cf222e", "#0969da"};

    @Override
    public String kind() {
        return MazeRules.KIND;
    }

    @Override
    public boolean has(int seqLen, int vocabSize) {
        return MazeRules.of(seqLen, vocabSize).isPresent();
    }

    private static MazeRules rules(int seqLen) {
        return MazeRules.ofCells(seqLen).orElseThrow(() -> new DatasetException(
                "Expected mazes of as many cells as a square has, 25 or more, found one of " + seqLen + "."));
    }

    @Override
    public String plural() {
        return "mazes";
    }

    @Override
    public String cell(int token) {
        return MazeRules.format(new byte[] {(byte) token});
    }

    @Override
    public String colour(int token) {
        return COLOURS[token];
    }

    @Override
    public JsonNode json(int[] question, int[] tokens, String identifier) {
        return JsonNodeFactory.instance.textNode(MazeRules.format(MazeRules.maze(tokens)));
    }

    /** Each row may have a line; other space is free cells. */
    @Override
    public int[] parse(String text, int seqLen, int vocabSize) {
        var rules = rules(seqLen);
        var maze = rules.parse(text.replaceAll("[\r\n]", ""));
        rules.shortest(maze);
        return MazeRules.tokens(maze);
    }

    /** {@code path}: one line from start to goal is marked; {@code shortest}: and there is no shorter one. */
    @Override
    public Map<String, Boolean> rules(int[] question, int[] answer) {
        var rules = rules(question.length);
        var maze = MazeRules.maze(question);
        var marked = MazeRules.maze(answer);
        try {
            int shortest = rules.shortest(maze);
            boolean path = rules.isPath(maze, marked);
            return Map.of("path", path, "shortest", path && MazeRules.steps(marked) == shortest);
        } catch (DatasetException e) {
            // A question that is no maze: there is nothing to tell.
            return Map.of();
        }
    }

    @Override
    public Optional<Boolean> hasSeveralAnswers(int[] question) {
        try {
            return Optional.of(new ShortestPaths(rules(question.length), MazeRules.maze(question)).areSeveral());
        } catch (DatasetException e) {
            return Optional.empty();
        }
    }

    /**
     * {@inheritDoc} Where the puzzle's label is the shortest path that Maze-Hard's rule chooses, so is the image's; any
     * other is turned as it is, whichever path its rule would choose of the image's.
     */
    @Override
    public Optional<Example> image(Example puzzle, SplittableRandom random) {
        var symmetry = Dihedral.values()[random.nextInt(Dihedral.values().length)];
        var question = image(puzzle.inputs(), symmetry);
        var label = byRule(puzzle.inputs()).filter(path -> Arrays.equals(path, puzzle.labels())).isPresent()
                ? byRule(question).orElseThrow()
                : image(puzzle.labels(), symmetry);
        return Optional.of(new Example(question, label, puzzle.puzzleIdentifier()));
    }

    /** The shortest path that Maze-Hard's rule chooses; nothing for what is no maze. */
    private static Optional<int[]> byRule(int[] question) {
        try {
            var paths = new ShortestPaths(rules(question.length), MazeRules.maze(question));
            return Optional.of(MazeRules.tokens(paths.marked(PathRule.MAZE_HARD)));
        } catch (DatasetException e) {
            return Optional.empty();
        }
    }

    /** With one shortest path, of as many steps as a row has cells at least. */
    @Override
    public Optional<Example> newPuzzle(int seqLen, int vocabSize, SplittableRandom random) {
        var rules = rules(seqLen);
        var generator = new MazeGenerator(rules, rules.size(), 2 * rules.size(), MazeSource.Paths.UNIQUE);
        return Stream.generate(() -> generator.attempt(random))
                .flatMap(Optional::stream)
                .map(made -> new Example(
                        MazeRules.tokens(made.question().cells()), MazeRules.tokens(made.answer().cells()), 0))
                .findFirst();
    }

    /** What has no label is negative, which a byte holds too. */
    private static int[] image(int[] tokens, Dihedral symmetry) {
        int size = rules(tokens.length).size();
        return MazeRules.tokens(symmetry.apply(new Grid(size, size, MazeRules.maze(tokens))).cells());
    }

    /** The least of a maze's eight images. */
    @Override
    public String form(Example puzzle) {
        int size = rules(puzzle.inputs().length).size();
        var maze = MazeRules.maze(puzzle.inputs());
        return MazePuzzle.of(size, maze, maze, SplitWriter.UNRATED).form();
    }

    @Override
    public long invariant(int[] question) {
        int size = rules(question.length).size();
        var maze = MazeRules.maze(question);
        return Arrays.stream(Dihedral.values())
                .mapToLong(symmetry -> Arrays.hashCode(symmetry.apply(new Grid(size, size, maze)).cells()))
                .sum();
    }

    /** Squares turned and mirrored. */
    @Override
    public Optional<Disguise> symmetry(int seqLen, int vocabSize, Symmetries sort, SplittableRandom random) {
        int size = rules(seqLen).size();
        var symmetry = Dihedral.values()[random.nextInt(Dihedral.values().length)];
        return sort == Symmetries.DIGITS
                ? Optional.empty() : Optional.of(Symmetry.moving(symmetry.from(size, size), vocabSize));
    }

    @Override
    public void importCsv(Path file, Path dir) {
        MazeDataset.write(new MazeSource.Csv(CsvFiles.test(file), MazeImages.NONE, 0), dir, false);
    }
}
