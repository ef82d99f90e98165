package trm4j.train.data.maze;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.train.DatasetException;

/**
 * Which of a maze's shortest paths is its answer: the one that begins at one end and takes at each cell the first
 * direction of an order that gets nearer to the other end.
 *
 * <p>A breadth-first search from that end finds the same path, if it looks at the cells beside one in that order and
 * remembers for each cell the one that it was first seen from: cells come into its queue in the order of their first
 * paths.
 *
 * @param fromStart whether the end is S, and not G
 * @param order all four directions
 */
record PathRule(boolean fromStart, List<Direction> order) {

    /** The rule that gives all labels of Maze-Hard. */
    static final PathRule MAZE_HARD = new PathRule(true, List.of(Direction.values()));

    /** All rules, that of Maze-Hard first. */
    static final List<PathRule> ALL = Stream.of(true, false)
            .flatMap(fromStart -> orders(List.of(Direction.values())).map(order -> new PathRule(fromStart, order)))
            .toList();

    PathRule {
        order = List.copyOf(order);
        if (!order.containsAll(Arrays.asList(Direction.values())) || order.size() != Direction.values().length) {
            throw new DatasetException("Expected each of the directions once, found " + order + ".");
        }
    }

    /** All orders of some directions; as they are given comes first. */
    private static Stream<List<Direction>> orders(List<Direction> directions) {
        return directions.isEmpty() ? Stream.of(List.of()) : directions.stream().flatMap(first -> {
            var rest = new ArrayList<>(directions);
            rest.remove(first);
            return orders(rest).map(order -> Stream.concat(Stream.of(first), order.stream()).toList());
        });
    }

    /** In words, such as {@code breadth first from S, down-left-right-up}. */
    @Override
    public String toString() {
        return "breadth first from " + (fromStart ? "S, " : "G, ")
                + order.stream().map(Direction::toString).collect(Collectors.joining("-"));
    }
}
