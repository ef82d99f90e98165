package trm4j.train.data.maze;

import java.util.function.Supplier;
import trm4j.train.DatasetException;
import trm4j.train.Plural;
import trm4j.train.data.csv.CsvPuzzles;

/** Reads rows of CSV files as mazes. Space matters: it is what free cells look like. */
record MazeCsv(MazeRules rules) implements CsvPuzzles<MazePuzzle> {

    static final CsvPuzzles.Kind<MazePuzzle> KIND = new CsvPuzzles.Kind<>(
            "mazes", "as many characters as a square has cells, 25 or more",
            question -> MazeRules.ofCells(question.length()).map(MazeCsv::new));

    @Override
    public int size() {
        return rules.size();
    }

    @Override
    public Supplier<MazePuzzle> read(String question, String answer, int rating) {
        var maze = rules.parse(question);
        return answer.isEmpty()
                ? () -> puzzle(rules, maze, null, rating)
                : () -> puzzle(rules, maze, rules.parse(answer), rating);
    }

    /**
     * A maze, with its answer if that is known.
     *
     * @param answer null if it is not known
     * @param rating -1 if it is not known
     * @throws DatasetException if it is no maze or no answer
     */
    static MazePuzzle puzzle(MazeRules rules, byte[] question, byte[] answer, int rating) {
        int steps = rules.shortest(question);
        if (answer != null && !rules.isPath(question, answer)) {
            throw new DatasetException("The answer is not a path from S to G.");
        }
        if (answer != null && MazeRules.steps(answer) != steps) {
            throw new DatasetException("The answer is a path of "
                    + Plural.count(MazeRules.steps(answer), "step") + ", and the shortest has " + steps + ".");
        }
        return MazePuzzle.of(rules.size(), question, answer, rating < 0 ? steps : rating);
    }
}
