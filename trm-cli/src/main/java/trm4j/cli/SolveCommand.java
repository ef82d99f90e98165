package trm4j.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.cli.play.PlayPage;
import trm4j.cli.play.Thinking;
import trm4j.kernels.DeviceException;
import trm4j.model.Checkpoint;
import trm4j.model.Rollouts;
import trm4j.model.Solver;
import trm4j.model.SolvingPlan;
import trm4j.model.file.InputFile;
import trm4j.train.EvaluationException;
import trm4j.train.RunException;
import trm4j.train.memory.MemoryNeed;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.ModelPuzzles.Question;
import trm4j.train.run.Training;
import trm4j.train.torch.ModelFile;

/** {@code trm solve}. */
@Command(
        name = "solve",
        description = {
            "Solves puzzles and shows the answer after each supervision step, changed cells in brackets where there is "
                + "room for them.",
            "Sudokus have a digit per cell, '.' or '0' for a blank; mazes '#' for a wall, ' ' for a free cell, 'S' and "
                + "'G' for start and goal; both row by row. Grids of ARC are JSON, as are ARC tasks, whose tests are "
                + "solved. Other puzzles are numbers, with spaces or commas between them."
        },
        sortOptions = false)
final class SolveCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";
    private static final int MOST_BYTES = 1 << 26;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = ModelsCommand.MODEL)
    private Path checkpoint;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PUZZLE",
            description = "What to solve, a puzzle each; '-' for those of standard input.")
    private List<String> puzzles = List.of();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Solves the puzzles of a file, one a line, or its ARC tasks, with X_solutions.json beside "
                    + "X_challenges.json; a file of one task has its name. '-' is standard input.")
    private String file;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Supervision steps (default: as many as in training).")
    private Integer steps;

    @Option(
            names = "--html",
            paramLabel = "PAGE",
            description = "Writes a page on which the steps are watched, one file for any browser.")
    private Path page;

    @Mixin
    private TriesOptions tries;

    @Mixin
    private DeviceOption device;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (steps != null && steps < 1) {
            throw new ParameterException(spec.commandLine(), "Expected --steps of at least 1, found " + steps);
        }
        if (puzzles.isEmpty() == (file == null)) {
            throw new ParameterException(spec.commandLine(), "Expected either PUZZLE, what to solve, or --file");
        }
        var tried = tries.tries();
        var found = Training.checkpoint(checkpoint, Loaded::of);
        var model = found.model();
        var config = model.config();
        var asked = ModelPuzzles.of(checkpoint, found.file(), model);
        var questions = questions(asked);
        var out = spec.commandLine().getOut();
        asked.remark().ifPresent(out::println);
        model.remark().ifPresent(out::println);
        int most = steps == null ? config.haltMaxSteps() : steps;
        try (var solver = solver(model, tried.rollouts())) {
            if (page != null || json.isAsked()) {
                think(found, asked, questions, solver, most);
            } else {
                show(model, asked, questions, solver, most);
            }
        }
        return 0;
    }

    private void show(Checkpoint model, ModelPuzzles asked, List<Question> questions, Solver solver, int most) {
        var out = spec.commandLine().getOut();
        var tried = tries.tries();
        var plain = new PuzzleShow(asked.family(), solver, most, Colours.of(spec.commandLine()), out);
        var rollouts = new RolloutShow(
                asked.family(), tried, solver, most, model.config().seqLen(), model.config().vocabSize(), out);
        for (int i = 0; i < questions.size(); i++) {
            tell(questions, i);
            if (tried.isPlain()) {
                plain.run(questions.get(i).puzzle());
            } else {
                rollouts.run(i, questions.get(i).puzzle());
            }
        }
    }

    /** Solves puzzles for a page and for programs, and tells people of the answers only. */
    private void think(Loaded found, ModelPuzzles asked, List<Question> questions, Solver solver, int most) {
        var out = spec.commandLine().getOut();
        var model = found.model();
        var family = asked.family();
        var thoughts = JsonNodeFactory.instance.arrayNode();
        var node = JsonNodeFactory.instance.objectNode();
        var solved = node.putArray("puzzles");
        for (int i = 0; i < questions.size(); i++) {
            tell(questions, i);
            var puzzle = questions.get(i).puzzle();
            var thinking = Thinking.of(
                    family, i, puzzle, solver, model.train().loss().kind(), tries.tries(), model.config().vocabSize(),
                    most, false);
            solved.add(thinking.json(questions.get(i), asked, false));
            thoughts.add(thinking.json(questions.get(i), asked, true));
            var answer = thinking.outcome().solution().tokens();
            family.picture(puzzle.inputs(), answer, puzzle.inputs()).forEach(out::println);
            out.println(PuzzleShow.verdict(family, puzzle, answer));
        }
        if (page != null) {
            var name = checkpoint.toAbsolutePath().normalize().getFileName().toString();
            PageFile.write(page, new PlayPage(name, model, asked).still(thoughts));
            out.println("Watch it on " + page);
        }
        out.flush();
        json.print(node);
    }

    /** Tells which of the puzzles comes next. */
    private void tell(List<Question> questions, int number) {
        var out = spec.commandLine().getOut();
        var question = questions.get(number);
        if (number > 0) {
            out.println();
        }
        question.remark().ifPresent(out::println);
        if (questions.size() > 1) {
            out.println(question.title().isEmpty() ? (number + 1) + " of " + questions.size() : question.title());
        }
    }

    /** A solver with a slot for each rollout of a puzzle, or a refusal of more than there is memory for. */
    private Solver solver(Checkpoint model, Rollouts rollouts) {
        var opened = device.open();
        try {
            var plan = new SolvingPlan(
                    opened, model.config(), model.train().loss(), rollouts.count(), rollouts.noise() > 0);
            var shortage = MemoryNeed.of(opened, model.config(), plan.bytes()).shortage();
            if (shortage.isPresent() && rollouts.count() > 1) {
                throw tooMany(rollouts, shortage.get());
            }
            return plan.open(model.tensors());
        } catch (DeviceException e) {
            if (rollouts.count() == 1) {
                throw e;
            }
            throw tooMany(rollouts, MemoryNeed.unheld(e));
        }
    }

    private static EvaluationException tooMany(Rollouts rollouts, String shortage) {
        return new EvaluationException(rollouts.count() + " rollouts at a time " + shortage + "; ask for fewer.");
    }

    /** A model, and where it was read from. */
    private record Loaded(Path file, Checkpoint model) {

        static Loaded of(Path file) {
            return new Loaded(file, ModelFile.load(file));
        }
    }

    private List<Question> questions(ModelPuzzles asked) {
        if (file != null) {
            return file.equals(STANDARD_INPUT) ? ofStandardInput(asked) : ofFile(asked, Path.of(file));
        }
        var questions = new ArrayList<Question>();
        for (int i = 0; i < puzzles.size(); i++) {
            var where = puzzles.size() == 1 ? "PUZZLE" : "PUZZLE " + (i + 1);
            questions.addAll(puzzles.get(i).equals(STANDARD_INPUT)
                    ? ofStandardInput(asked) : asked.read(where, "of the command line", puzzles.get(i)));
        }
        return questions;
    }

    private static List<Question> ofFile(ModelPuzzles asked, Path file) {
        try {
            return asked.readFile(file, InputFile.text(file, MOST_BYTES));
        } catch (NoSuchFileException e) {
            throw new RunException("There is no file " + file + ", expected one of puzzles, one a line.", e);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    private static List<Question> ofStandardInput(ModelPuzzles asked) {
        var where = "Standard input";
        try {
            var bytes = System.in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new RunException(where + " has more than " + (MOST_BYTES >> 20) + " MiB, expected puzzles, one a "
                        + "line; give fewer at a time.");
            }
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return asked.readAll(where, "of standard input", text);
        } catch (IOException e) {
            throw unreadable(where, e);
        }
    }

    private static RunException unreadable(String where, IOException e) {
        return new RunException(where + (e instanceof CharacterCodingException
                ? " is no text in UTF-8; save it so." : " cannot be read: " + e.getMessage() + "."), e);
    }
}
