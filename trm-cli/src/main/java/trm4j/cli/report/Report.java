package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import trm4j.cli.bench.BenchFolder;
import trm4j.kernels.UserException;
import trm4j.train.RunException;
import trm4j.train.ablation.AblationRecord;
import trm4j.train.eval.EvaluationRecord;
import trm4j.train.run.RunFolder;
import trm4j.train.run.RunRecord;

/**
 * Reads what a page shows of runs, ablations, evaluations and benches, as JSON, again and again while they go on. It is
 * read by one thread at a time; another may solve puzzles meanwhile.
 */
public final class Report {

    private final List<Source> sources;
    private final Showcase showcase;
    private final Replay replay;
    /** By the run's folder. */
    private final Map<Path, Solved> solved = new ConcurrentHashMap<>();
    /** By the evaluation. */
    private final Map<EvaluationView, Solved> solvedAgain = new ConcurrentHashMap<>();
    private List<Object> parts = List.of();
    private List<String> problems = List.of();
    private ObjectNode report;

    /**
     * Puzzles as a model solved them; nothing where there are none to solve.
     *
     * @param of the run's model, or what is shown of the evaluation
     */
    private record Solved(Object of, Optional<ObjectNode> puzzles) {

        static final Solved NONE = new Solved(null, Optional.empty());
    }

    /**
     * Makes a report that has read nothing yet.
     *
     * @param folders at least one
     * @param showcase what solves puzzles of runs; on its device, those of evaluations are solved again
     * @param predictions how many puzzles of an evaluation are shown
     * @throws RunException if there is nothing to show in a folder
     */
    public Report(List<Path> folders, Showcase showcase, int predictions) {
        this.showcase = showcase;
        replay = showcase.replay();
        sources = folders.stream().map(folder -> source(folder, predictions)).toList();
    }

    private static Source source(Path folder, int predictions) {
        if (AblationRecord.isAblation(folder)) {
            return new AblationView(folder);
        }
        if (RunFolder.isRun(folder)) {
            return new RunView(folder, null);
        }
        if (EvaluationRecord.isEvaluation(folder)) {
            return new EvaluationView(folder, predictions);
        }
        if (BenchFolder.isBench(folder)) {
            return new BenchView(folder);
        }
        throw new RunException("There is nothing to show in " + folder + ", expected the folder of a run, an ablation, "
                + "an evaluation or a bench, as trm train, ablate, eval and bench make them.");
    }

    /**
     * Returns all of it as it is now, with the puzzles that are solved; the same object as before where nothing has
     * changed. A folder that went or was damaged since it was read is as it was then, with a sentence on that.
     *
     * @throws UserException if a folder is not what it was taken for, the first time that it is read
     */
    public ObjectNode read() {
        var now = new ArrayList<Object>();
        var lost = new ArrayList<String>();
        for (var source : sources) {
            try {
                now.add(source.read());
            } catch (UserException e) {
                if (report == null) {
                    throw e;
                }
                now.add(parts.get(now.size()));
                lost.add(e.getMessage());
            }
        }
        runs().forEach(run -> now.add(solved.getOrDefault(run.path(), Solved.NONE)));
        evaluations().forEach(evaluation -> now.add(solvedAgain.getOrDefault(evaluation, Solved.NONE)));
        if (report == null || !isSame(now) || !lost.equals(problems)) {
            parts = now;
            problems = lost;
            report = report();
        }
        return report;
    }

    /** Tells whether all parts are the very same. */
    private boolean isSame(List<Object> now) {
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i) != parts.get(i) && !(now.get(i) instanceof Solved one && one.equals(parts.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private List<RunRecord> runs() {
        return sources.stream()
                .filter(RunView.class::isInstance)
                .map(source -> ((RunView) source).run())
                .toList();
    }

    private List<EvaluationView> evaluations() {
        return sources.stream().filter(EvaluationView.class::isInstance).map(EvaluationView.class::cast).toList();
    }

    private ObjectNode report() {
        var node = JsonNodeFactory.instance.objectNode();
        var runs = node.putArray("runs");
        var ablations = node.putArray("ablations");
        var evaluations = node.putArray("evaluations");
        var benches = node.putArray("benches");
        var showcases = node.putArray("showcases");
        var runSeeds = new SeedGroups();
        var evaluationSeeds = new SeedGroups();
        for (int i = 0; i < sources.size(); i++) {
            var part = (ObjectNode) parts.get(i);
            switch (sources.get(i)) {
                case RunView view -> {
                    var puzzles = solved.get(view.run().path());
                    if (puzzles != null && puzzles.puzzles.isPresent()) {
                        showcases.addObject().put("run", runs.size()).setAll(puzzles.puzzles.get());
                    }
                    runSeeds.add(runs.size(), view.run());
                    runs.add(part);
                }
                case AblationView _ -> ablations.add(part);
                case EvaluationView view -> {
                    evaluationSeeds.add(evaluations.size(), part.path("settings"));
                    var again = solvedAgain.getOrDefault(view, Solved.NONE);
                    evaluations.add(again.puzzles.isPresent() && again.of == part.get(EvaluationView.SHOWCASE)
                            ? part.deepCopy().set(EvaluationView.SHOWCASE, again.puzzles.get())
                            : part);
                }
                case BenchView _ -> benches.add(part);
            }
        }
        node.putObject("seeds").<ObjectNode>set("runs", runSeeds.json()).set("evaluations", evaluationSeeds.json());
        var told = node.putArray("problems");
        problems.forEach(told::add);
        var remarks = node.putArray("remarks");
        comparability().forEach(remarks::add);
        var settings = node.putArray("differences");
        RunRecord.differences(runs()).forEach((key, values) -> {
            var row = settings.addObject().put("key", key).putArray("values");
            values.forEach(row::add);
        });
        return node;
    }

    /** Returns a sentence where runs and evaluations were not tested on the same puzzles. */
    public List<String> comparability() {
        var names = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < sources.size(); i++) {
            var part = (ObjectNode) parts.get(i);
            var puzzles = switch (sources.get(i)) {
                case RunView view -> RunFolder.testFingerprint(view.run().path());
                case EvaluationView _ -> EvaluationRecord.fingerprint(part.path("settings"));
                case AblationView _, BenchView _ -> Optional.<String>empty();
            };
            puzzles.ifPresent(each -> names.computeIfAbsent(each, _ -> new ArrayList<>())
                    .add(part.path("name").asText()));
        }
        return names.size() < 2 ? List.of() : List.of("Not all were tested on the same puzzles, so that figures are "
                + "not to be compared between " + names.values().stream().map(same -> String.join(", ", same))
                        .collect(Collectors.joining(" / ")) + ".");
    }

    /**
     * Has puzzles solved of each run that was read and has another model than the one that solved them before, and those
     * of evaluations solved again that are shown.
     *
     * @param begins hears of each such run
     * @throws UserException if a model or a data set cannot be read, or there is too little memory
     */
    public void solve(Consumer<RunRecord> begins) {
        for (var run : runs()) {
            var model = run.model();
            var before = solved.get(run.path());
            if (model.isPresent() && (before == null || !before.of.equals(model.get()))) {
                // Where that fails, it is not tried again with the same model.
                solved.put(run.path(), new Solved(model.get(), Optional.empty()));
                solved.put(run.path(), new Solved(model.get(), showcase.of(run, begins)));
            }
        }
        for (var evaluation : evaluations()) {
            evaluation.shown().filter(shown -> solvedAgain.getOrDefault(evaluation, Solved.NONE).of != shown)
                    .ifPresent(shown -> solvedAgain.put(
                            evaluation, new Solved(shown, replay.of(evaluation.record(), shown))));
        }
    }
}
