/**
 * Square mazes with a start and a goal: their rules and tokens, a generator of mazes with a single shortest path, and
 * data sets of them. {@link trm4j.train.data.maze.MazeDataset} makes these, of a {@link
 * trm4j.train.data.maze.MazeSource}.
 */
package trm4j.train.data.maze;
