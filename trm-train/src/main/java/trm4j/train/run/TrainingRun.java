package trm4j.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import trm4j.kernels.UserException;
import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.DivergedException;
import trm4j.model.Solver;
import trm4j.model.Trainer;
import trm4j.model.config.ConfigException;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.ranks.Ranks;
import trm4j.train.Plural;
import trm4j.train.RunException;
import trm4j.train.eval.Evaluation;
import trm4j.train.eval.Evaluator;
import trm4j.train.metrics.MetricsLine;
import trm4j.train.metrics.RecentMeans;
import trm4j.train.metrics.StepProgress;
import trm4j.train.puzzle.PuzzleFamilies;

/**
 * Takes the steps of a run, saves and evaluates, until it is done or told to stop. Where processes train together, each
 * does that, and all come to the same decisions; rank 0 alone writes and tells.
 */
final class TrainingRun implements AutoCloseable {

    private final Training.Task task;
    private final RunConfig config;
    private final Device device;
    private final RunFolder folder;
    private final Checkpoints checkpoints;
    private final String version;
    private final Training.Listener listener;
    private final BooleanSupplier stop;
    /** Made before anything is trained, since all that it reads may be damaged. */
    private final Optional<Evaluator> evaluator;
    private final Trainer trainer;
    private final Ranks ranks;
    /** None but on rank 0. */
    private final Optional<RunLog> log;

    private Solver solver;
    private double seconds;
    private RecentMeans recent = RecentMeans.NONE;
    private RunState.Best best;
    private RunState.Origin origin;
    /** The step that is being taken, or was taken last. */
    private long current;
    private long savedStep;
    private long savedAt = System.nanoTime();
    private long evaluatedStep;
    /** Whether any rank was told to stop. */
    private boolean stopping;

    /**
     * Begins a run, or goes on from its newest checkpoint that is whole.
     *
     * @param stop asked after each step
     * @throws UserException if it cannot begin or go on
     */
    TrainingRun(
            Training.Task task, Device device, RunFolder folder, Disk disk, String version,
            Training.Listener listener, BooleanSupplier stop) {
        this.task = task;
        config = task.config();
        this.device = device;
        this.folder = folder;
        this.version = version;
        ranks = task.ranks();
        this.listener = ranks.isFirst() ? listener : new Training.Listener() { };
        this.stop = stop;
        checkpoints = folder.checkpoints(disk);
        evaluator = task.testSet().map(test -> new Evaluator(test, config.arch().haltMaxSteps(), false));
        long start = System.nanoTime();
        var from = ranks.isFirst() ? checkpoints.newestWhole(listener::notice) : Optional.<CheckpointFolder>empty();
        if (from.isEmpty() && folder.isResumed()) {
            this.listener.notice("Nothing was saved yet in " + folder.path() + "; the run begins anew.");
        }
        from = ofFirst(from);
        trainer = task.plans().training().open(
                task.totalSteps(), from.map(this::weights).orElseGet(this::first), config.run().seed());
        try {
            if (ranks.isFirst()) {
                folder.begin(config, task.data(), version);
            }
            log = ranks.isFirst() ? Optional.of(new RunLog(folder, listener)) : Optional.empty();
        } catch (RuntimeException | Error e) {
            trainer.close();
            throw e;
        }
        try {
            from.ifPresentOrElse(this::restore, () -> log.ifPresent(RunLog::clear));
            evaluatedStep = ofFirst(evaluatedStep);
            if (trainer.steps() == task.totalSteps() && isEvaluationDone()) {
                throw new RunException("The run in " + folder.path() + " has taken all of its "
                        + Plural.count(trainer.steps(), "step") + "; train on with --steps and a larger number.");
            }
            this.listener.started(trainer.steps(), (System.nanoTime() - start) * 1e-9);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Together: returns the checkpoint that rank 0 goes on from, which all read. */
    private Optional<CheckpointFolder> ofFirst(Optional<CheckpointFolder> own) {
        if (!ranks.areSeveral()) {
            return own;
        }
        var path = own.map(checkpoint -> checkpoint.path().toAbsolutePath().toString()).orElse("");
        var first = new String(ranks.broadcast(path.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        return first.isEmpty() ? Optional.empty() : Optional.of(new CheckpointFolder(Path.of(first)));
    }

    /** Together: returns rank 0's number. */
    private long ofFirst(long own) {
        return ByteBuffer.wrap(ranks.broadcast(ByteBuffer.allocate(Long.BYTES).putLong(0, own).array())).getLong();
    }

    private Map<String, HostTensor> first() {
        if (config.run().start().isEmpty()) {
            return new Parameters(config.arch()).initialize(config.run().seed());
        }
        var model = startingModel(config.run().start().get());
        origin = model.origin(config.arch());
        return model.weights(config.arch(), task.rowNames(), listener::notice);
    }

    private StartingModel startingModel(Path path) {
        try {
            return StartingModel.at(path);
        } catch (UserException e) {
            throw new RunException("The run begins with the weights of " + path + " (run.init), as nothing was saved in "
                    + folder.path() + " yet: " + e.getMessage() + " Put the model back, or begin a new run.", e);
        }
    }

    private Map<String, HostTensor> weights(CheckpointFolder checkpoint) {
        var model = Checkpoint.load(checkpoint.model());
        var begun = folder.config().run().init();
        if (!begun.equals(config.run().init())) {
            throw new ConfigException("run.init: expected \"" + begun + "\", with which the run began, found \""
                    + config.run().init() + "\"; put it back, or begin a new run.");
        }
        new ResumeCheck(folder.configFile(), model, checkpoint.state()).require(config);
        return model.tensors();
    }

    private void restore(CheckpointFolder checkpoint) {
        checkpoint.restore(trainer);
        var state = checkpoint.state();
        task.batches().seek(state.batches());
        seconds = state.seconds();
        recent = state.recent();
        best = state.best();
        origin = state.origin();
        savedStep = trainer.steps();
        log.flatMap(each -> each.goOn(state, savedStep)).ifPresent(line -> {
            evaluatedStep = savedStep;
            best = RunState.Best.of(best, savedStep, line.path("test"));
        });
        if (!state.device().equals(device.computes())) {
            listener.notice("Up to step " + savedStep + ", device " + state.device() + " computed; on "
                    + device.computes() + ", what follows may be rounded otherwise.");
        }
    }

    /**
     * Goes on.
     *
     * @return whether it came to the end; it is saved in any case
     * @throws RunException if something keeps it from going on; what was saved stays
     */
    boolean go() {
        task.testSet().flatMap(PuzzleFamilies::remark).ifPresent(listener::notice);
        evaluator.flatMap(each -> each.remark(config.run().evalPuzzles())).ifPresent(listener::notice);
        try {
            if (isEvaluationDue() && !isEvaluationDone()) {
                evaluate(Checkpoint.load(checkpoints.model(trainer.steps())));
            }
            if (trainer.steps() == 0 && config.run().start().isPresent()) {
                // What training comes to is told beside what was there; no checkpoint has it, to be the best.
                solve(trainer.checkpoint());
            }
            stopping |= ranks.any(stop.getAsBoolean());
            while (trainer.steps() < task.totalSteps() && !stopping) {
                boolean saves = step();
                if (isEvaluationDue()) {
                    evaluate(save());
                } else if (saves || stopping) {
                    save();
                }
            }
            boolean done = trainer.steps() == task.totalSteps() && isEvaluationDone();
            if (done && best != null && best.step() < trainer.steps()) {
                var kept = checkpoints.model(best.step()).getParent();
                listener.notice("The best checkpoint (" + best.line() + ") is " + kept + ".");
            }
            return done;
        } catch (DivergedException e) {
            throw new RunException(e.getMessage() + (savedStep == 0 ? "" : " Step " + savedStep + " is saved in "
                    + folder.path() + "."), e);
        } catch (UserException e) {
            throw new RunException(e.getMessage() + " " + advice(), e);
        } catch (InternalError e) {
            // What the JVM makes of a mapped file that has become shorter.
            throw new RunException("The data set " + task.data() + " was cut off while it was read; put it back as it "
                    + "was. " + advice(), e);
        } catch (RuntimeException e) {
            throw new RunException("Step " + current + " failed on device " + device.name() + ": "
                    + (e.getCause() == null ? e : e.getCause()) + ". " + advice(), e);
        }
    }

    private String advice() {
        return savedStep == 0
                ? "Nothing was saved yet; " + folder.resumeCommand() + " begins again."
                : "Step " + savedStep + " is saved; " + folder.resumeCommand() + " goes on from there.";
    }

    /** Tells whether an evaluation is due after the last step. */
    private boolean isEvaluationDue() {
        long step = trainer.steps();
        long interval = task.evalInterval();
        return step == task.totalSteps() || step > 0 && interval > 0 && step % interval == 0
                && step / interval > config.run().minEvalInterval();
    }

    /** Tells whether the last step was evaluated, or there is nothing to evaluate it on. */
    private boolean isEvaluationDone() {
        return task.testSet().isEmpty() || evaluatedStep == trainer.steps();
    }

    /** Tells whether a checkpoint is due after the last step, besides those that are evaluated. */
    private boolean isSaveDue() {
        long interval = config.run().checkpointInterval();
        double minutes = (System.nanoTime() - savedAt) / (double) TimeUnit.MINUTES.toNanos(1);
        return interval > 0 && trainer.steps() % interval == 0
                || config.run().checkpointMinutes() > 0 && minutes >= config.run().checkpointMinutes();
    }

    /** Takes a step; tells whether a checkpoint is due after it. */
    private boolean step() {
        current = trainer.steps() + 1;
        long start = System.nanoTime();
        var sums = trainer.step(task.batches().next());
        seconds += (System.nanoTime() - start) * 1e-9;
        recent = recent.after(sums);
        var failure = tell(new StepProgress(
                trainer.steps(), task.totalSteps(), config.train().batchSize(), sums, recent, trainer.learningRate(),
                seconds));
        var after = AfterStep.of(ranks, stop.getAsBoolean(), isSaveDue(), failure.isPresent());
        if (after.failed()) {
            // The step itself is sound.
            saveAfter(failure);
        }
        stopping |= after.stops();
        return after.saves();
    }

    /** Tells of a step; returns what kept it from that. */
    private Optional<RuntimeException> tell(StepProgress progress) {
        try {
            var line = MetricsLine.of(progress).put("device_memory_mib", task.plans().need().buffers() >> 20);
            if (!config.train().depthSchedule().isEmpty()) {
                line.put("depth", trainer.depth().evaluations() * config.arch().lLayers());
            }
            record(line);
            listener.step(progress);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    private void record(ObjectNode line) {
        log.ifPresent(each -> each.add(line, savedStep));
    }

    /**
     * Saves, though something failed.
     *
     * @param failure nothing where another rank has it, which ends all
     */
    private void saveAfter(Optional<RuntimeException> failure) {
        try {
            save();
        } catch (RuntimeException later) {
            if (failure.isEmpty()) {
                throw later;
            }
            failure.get().addSuppressed(later);
        }
        failure.ifPresent(e -> {
            throw e;
        });
    }

    private Checkpoint save() {
        var model = ranks.isFirst() ? write() : handOver();
        savedStep = trainer.steps();
        savedAt = System.nanoTime();
        if (ranks.isFirst()) {
            listener.saved(checkpoints.model(savedStep));
            keepSome();
        }
        return model;
    }

    private Checkpoint write() {
        var metrics = log.orElseThrow();
        var state = new RunState(
                config.run().seed(), task.batches().position(), metrics.sync(), metrics.unwritten(), seconds, recent,
                best, device.computes(), origin);
        return checkpoints.save(trainer, task.rowNames(), state, version);
    }

    /** Gives rank 0 what it writes beside what all have. */
    private Checkpoint handOver() {
        var model = trainer.checkpoint();
        trainer.handOver();
        return model;
    }

    private void keepSome() {
        try {
            checkpoints.keep(config.run().keepCheckpoints(), best == null ? 0 : best.step());
        } catch (IOException e) {
            listener.notice("An old checkpoint cannot be deleted: " + e.getMessage());
        }
    }

    /** Has the test puzzles solved with the weights that were saved last. */
    private void evaluate(Checkpoint model) {
        var evaluation = solve(model);
        evaluation.ifPresent(each -> {
            evaluatedStep = savedStep;
            best = RunState.Best.of(best, savedStep, each.json());
            keepSome();
        });
        evaluatedStep = ofFirst(evaluatedStep);
        stopping |= ranks.any(stop.getAsBoolean());
    }

    private Optional<Evaluation> solve(Checkpoint model) {
        if (evaluator.isEmpty()) {
            return Optional.empty();
        }
        int puzzles = evaluator.get().puzzles(config.run().evalPuzzles());
        listener.evaluating(0, puzzles);
        if (solver == null) {
            solver = task.plans().evaluation().orElseThrow().open(model.tensors());
        } else {
            solver.load(model.tensors());
        }
        var evaluated = evaluator.get().sample(
                solver, config.run().evalPuzzles(), done -> listener.evaluating(done, puzzles), stop, ranks);
        evaluated.ifPresent(evaluation -> {
            record(MetricsLine.of(model.step(), evaluation));
            listener.evaluated(model.step(), evaluation);
        });
        return evaluated;
    }

    @Override
    public void close() {
        if (solver != null) {
            solver.close();
        }
        trainer.close();
        log.ifPresent(RunLog::close);
    }
}
