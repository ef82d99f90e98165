package trm4j.train.data.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.model.Batch;
import trm4j.train.data.DataProgress;
import trm4j.train.data.Grid;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.arc.ArcAugmentation;
import trm4j.train.data.arc.ArcContent;
import trm4j.train.data.arc.ArcPairForm;
import trm4j.train.data.arc.ArcTask;
import trm4j.train.data.arc.ArcTokens;

/** Looks at the tasks of ARC data sets, each without its copies, which are the same task. */
final class ArcCheck {

    private final PuzzleDataset train;
    private final PuzzleDataset test;
    /** By name; the pairs of the training split are their demonstrations. */
    private final Map<String, ArcTask> tasks = new LinkedHashMap<>();

    /** Takes the splits that there are; null for none. */
    ArcCheck(PuzzleDataset train, PuzzleDataset test) {
        this.train = train;
        this.test = test;
    }

    /** Reads all tasks. */
    Map<Split, SplitFacts> splits(DataProgress progress) {
        var splits = new EnumMap<Split, SplitFacts>(Split.class);
        for (var dataset : Stream.of(train, test).filter(each -> each != null).toList()) {
            splits.put(dataset.split(), read(dataset, progress));
        }
        return splits;
    }

    private SplitFacts read(PuzzleDataset dataset, DataProgress progress) {
        int unlabelled = 0;
        var unchanged = new Found.Counter();
        for (int group = 0; group < dataset.groups(); group++) {
            int puzzle = original(dataset, group);
            var name = dataset.name(dataset.identifier(puzzle)).map(ArcAugmentation::task)
                    .orElse(dataset.split() + " group " + group);
            var pairs = new ArrayList<ArcTask.Pair>();
            for (int i = dataset.firstExample(puzzle); i < dataset.firstExample(puzzle + 1); i++) {
                var pair = pair(dataset, i);
                pairs.add(pair);
                unlabelled += pair.output() == null ? 1 : 0;
                if (pair.input().equals(pair.output())) {
                    unchanged.add(() -> name);
                }
            }
            tasks.merge(name, dataset.split() == Split.TRAIN
                    ? new ArcTask(name, pairs, List.of())
                    : new ArcTask(name, List.of(), pairs), ArcCheck::joined);
            progress.at(dataset.split() == Split.TRAIN ? "tasks" : "tests", group + 1, dataset.groups());
        }
        var none = new Found(0, List.of());
        return new SplitFacts(
                dataset.split(), dataset.groups(), dataset.puzzles(), dataset.examples(),
                SplitCheck.puzzlesOfGroup(dataset), SplitCheck.examplesOfPuzzle(dataset), unlabelled, unchanged.found(),
                none, none, none, Map.of(), SplitCheck.ratings(dataset), List.of());
    }

    private static ArcTask joined(ArcTask one, ArcTask other) {
        return new ArcTask(
                one.name(), joined(one.demonstrations(), other.demonstrations()), joined(one.tests(), other.tests()));
    }

    private static List<ArcTask.Pair> joined(List<ArcTask.Pair> some, List<ArcTask.Pair> more) {
        return Stream.of(some, more).flatMap(List::stream).toList();
    }

    /** The puzzle of a group that is no copy, by its name, or else the first. */
    private static int original(PuzzleDataset dataset, int group) {
        int first = dataset.firstPuzzle(group);
        return IntStream.range(first, dataset.firstPuzzle(group + 1))
                .filter(puzzle -> dataset.name(dataset.identifier(puzzle))
                        .filter(name -> name.equals(ArcAugmentation.task(name))).isPresent())
                .findFirst().orElse(first);
    }

    private static ArcTask.Pair pair(PuzzleDataset dataset, int number) {
        var example = dataset.example(number);
        int origin = ArcTokens.origin(example.inputs());
        var labels = Arrays.stream(example.labels()).map(label -> label == Batch.NO_LABEL ? 0 : label).toArray();
        var output = ArcTokens.crop(labels, origin);
        return new ArcTask.Pair(
                ArcTokens.crop(example.inputs(), origin), output.cells().length == 0 ? null : output);
    }

    /** Compares all tasks that were read. */
    ArcFacts facts() {
        var tested = tasks.values().stream().filter(task -> !task.tests().isEmpty()).toList();
        var whole = tasks.values().stream().filter(task -> task.tests().isEmpty()).toList();
        var trained = new Contents();
        var repeated = new Found.Counter();
        whole.forEach(task -> trained.add(task, repeated));
        var evaluated = new Contents();
        var leaked = new Found.Counter();
        for (var task : tested) {
            evaluated.add(task, repeated);
            trained.find(task).ifPresent(same -> leaked.add(() -> task.name() + " (" + same + ")"));
        }
        var seen = new Found.Counter();
        var own = new Found.Counter();
        lookForTests(tested, seen, own);
        var shared = new Found.Counter();
        lookForDemonstrations(tested, shared);
        var newColours = new Found.Counter();
        int newOfInput = lookForColours(tested, newColours);
        return new ArcFacts(
                (int) tasks.values().stream().filter(task -> !task.demonstrations().isEmpty()).count(), tested.size(),
                tested.stream().mapToInt(task -> task.tests().size()).sum(), leaked.found(), repeated.found(),
                seen.found(), own.found(), shared.found(), newColours.found(), newOfInput);
    }

    /** Tasks by their content. */
    private static final class Contents {

        private final Map<Set<Grid>, List<ArcTask>> byInputs = new HashMap<>();

        void add(ArcTask task, Found.Counter repeated) {
            find(task).ifPresent(earlier -> repeated.add(() -> task.name() + " (" + earlier + ")"));
            byInputs.computeIfAbsent(ArcContent.of(task).inputs(), _ -> new ArrayList<>()).add(task);
        }

        Optional<String> find(ArcTask task) {
            var content = ArcContent.of(task);
            return byInputs.getOrDefault(content.inputs(), List.of()).stream()
                    .filter(other -> ArcContent.of(other).isSame(content))
                    .map(ArcTask::name)
                    .findFirst();
        }
    }

    private void lookForTests(List<ArcTask> tested, Found.Counter seen, Found.Counter own) {
        var byForm = new HashMap<String, List<String>>();
        for (var task : tasks.values()) {
            task.demonstrations().stream().filter(pair -> pair.output() != null).map(ArcPairForm::of).distinct()
                    .forEach(form -> byForm.computeIfAbsent(form, _ -> new ArrayList<>()).add(task.name()));
        }
        for (var task : tested) {
            for (int i = 0; i < task.tests().size(); i++) {
                var name = task.name() + " test " + (i + 1);
                if (task.tests().get(i).output() == null) {
                    continue;
                }
                var like = byForm.getOrDefault(ArcPairForm.of(task.tests().get(i)), List.of());
                if (like.contains(task.name())) {
                    own.add(() -> name);
                }
                like.stream().filter(other -> !other.equals(task.name())).findFirst()
                        .ifPresent(other -> seen.add(() -> name + " (" + other + ")"));
            }
        }
    }

    private void lookForDemonstrations(List<ArcTask> tested, Found.Counter shared) {
        var byPair = new HashMap<ArcTask.Pair, Set<String>>();
        for (var task : tasks.values()) {
            joined(task.demonstrations(), task.tests())
                    .forEach(pair -> byPair.computeIfAbsent(pair, _ -> new TreeSet<>()).add(task.name()));
        }
        for (var task : tested) {
            var others = new HashSet<>(tasks.keySet());
            others.remove(task.name());
            task.demonstrations().forEach(pair -> others.retainAll(byPair.get(pair)));
            var content = ArcContent.of(task);
            others.removeIf(other -> ArcContent.of(tasks.get(other)).isSame(content));
            if (!task.demonstrations().isEmpty() && !others.isEmpty()) {
                shared.add(() -> task.name() + " (" + new TreeSet<>(others).first() + ")");
            }
        }
    }

    private static int lookForColours(List<ArcTask> tested, Found.Counter newColours) {
        int newOfInput = 0;
        for (var task : tested) {
            int shown = 0;
            for (var pair : task.demonstrations()) {
                shown |= colours(pair.input()) | colours(pair.output());
            }
            boolean isNew = false;
            boolean ofInput = true;
            for (var pair : task.tests()) {
                int asked = colours(pair.output()) & ~shown;
                isNew |= asked != 0;
                ofInput &= (asked & ~colours(pair.input())) == 0;
            }
            if (isNew) {
                newColours.add(task::name);
                newOfInput += ofInput ? 1 : 0;
            }
        }
        return newOfInput;
    }

    /** The colours of a grid, a bit each. */
    private static int colours(Grid grid) {
        int colours = 0;
        for (byte cell : grid == null ? new byte[0] : grid.cells()) {
            colours |= 1 << cell;
        }
        return colours;
    }
}
