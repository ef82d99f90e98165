package trm4j.train.data.arc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import trm4j.train.DatasetException;
import trm4j.train.Plural;
import trm4j.train.data.Grid;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.Leaks;

/**
 * Which tasks to train on: of those that were given, not the ones that are evaluated, by their name or by their content,
 * and none twice.
 *
 * @param train those to train on
 * @param leaks those that are evaluated; empty if there are none
 * @param repeated how many were left out as they came before
 */
record ArcSelection(List<ArcTask> train, Optional<Leaks> leaks, int repeated) {

    /** Tasks by name and by content. */
    private static final class Known {

        private final Map<String, ArcTask> byName = new HashMap<>();
        private final Map<Set<Grid>, List<ArcTask>> byInputs = new HashMap<>();

        boolean add(ArcTask task) {
            byInputs.computeIfAbsent(ArcContent.of(task).inputs(), _ -> new ArrayList<>()).add(task);
            return byName.put(task.name(), task) == null;
        }

        /** The name of a task with the same content, the same if there is one of that. */
        Optional<String> same(ArcTask task) {
            var content = ArcContent.of(task);
            return byInputs.getOrDefault(content.inputs(), List.of()).stream()
                    .filter(other -> ArcContent.of(other).isSame(content))
                    .map(ArcTask::name)
                    .min((one, other) -> Boolean.compare(other.equals(task.name()), one.equals(task.name())));
        }
    }

    /**
     * Selects tasks.
     *
     * @throws DatasetException if a task is to be evaluated twice, if evaluated ones are refused, or if two tasks that are
     *     to be kept have one name
     */
    static ArcSelection of(List<ArcTask> train, List<ArcTask> evaluation, LeakPolicy policy) {
        var evaluated = new Known();
        for (var task : evaluation) {
            if (!evaluated.add(task)) {
                throw new DatasetException("Task " + task.name() + " comes twice, expected each once to evaluate; leave "
                        + "out one of the files that have it.");
            }
        }
        boolean drops = policy == LeakPolicy.DROP;
        var taken = new Known();
        var names = new HashSet<>(evaluated.byName.keySet());
        var kept = new ArrayList<ArcTask>();
        var first = new ArrayList<String>();
        int leaked = 0;
        int renamed = 0;
        int changed = 0;
        int repeated = 0;
        for (var task : train) {
            var same = evaluated.same(task);
            boolean isNamed = evaluated.byName.containsKey(task.name());
            if (same.isPresent() || isNamed) {
                leaked++;
                renamed += isNamed ? 0 : 1;
                changed += same.isPresent() ? 0 : 1;
                if (first.size() < Leaks.NAMED) {
                    first.add(isNamed ? task.name() : task.name() + " is " + same.get());
                }
                if (drops) {
                    continue;
                }
            }
            if (drops && (taken.byName.containsKey(task.name()) || taken.same(task).isPresent())) {
                repeated++;
                continue;
            }
            if (policy != LeakPolicy.REFUSE && !names.add(task.name())) {
                throw new DatasetException("Task " + task.name() + " comes twice, expected each once and none both to "
                        + "train on and to evaluate; leave out one of the files that have it, or take --leaks drop.");
            }
            taken.add(task);
            kept.add(task);
        }
        var what = "%s, %d of them under another name, %d in another version".formatted(
                Plural.count(leaked, "task") + (leaked == 1 ? " that is evaluated" : " that are evaluated"), renamed,
                changed);
        return new ArcSelection(
                kept, leaked == 0 ? Optional.empty() : Optional.of(new Leaks(leaked, what, first, policy)), repeated);
    }
}
