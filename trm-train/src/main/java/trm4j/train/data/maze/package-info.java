/**
 * Square mazes with a start and a goal: their rules and tokens, a generator, the rules by which one of several shortest
 * paths is the label, and data sets of them. {@link trm4j.train.data.maze.MazeDataset} makes these, of a
 * {@link trm4j.train.data.maze.MazeSource}.
 */
package trm4j.train.data.maze;
