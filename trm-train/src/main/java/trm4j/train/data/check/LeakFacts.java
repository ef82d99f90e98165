package trm4j.train.data.check;

/**
 * Test puzzles that a model has seen in training.
 *
 * @param tests test examples that are looked for
 * @param leaked those that are a training example, or symmetric to one
 * @param verbatim how many of these have the very question of a training example
 * @param sameAnswer others, whose answer is that of a training example up to symmetry, though the question is not;
 *     looked for where answers contain their questions, as those of Sudokus do
 */
public record LeakFacts(int tests, Found leaked, int verbatim, Found sameAnswer) {}
