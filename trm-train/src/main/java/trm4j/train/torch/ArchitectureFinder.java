package trm4j.train.torch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import trm4j.model.config.PaperTask;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.net.WeightShapes;
import trm4j.train.data.DatasetInfo;

/**
 * Finds the architecture that weights are for: first what their shapes say, then a configuration, then a data set; what
 * is still open is guessed from the authors' settings.
 */
final class ArchitectureFinder {

    private static final String SHAPES = "Read from the weights' shapes";

    private final Path file;
    private final WeightShapes shapes;
    private final Optional<Path> data;
    private final Optional<PaperTask> task;
    private final String guess;
    private final SourcedSettings sheet;

    ArchitectureFinder(Path file, WeightShapes shapes, Optional<Path> data) {
        this.file = file;
        this.shapes = shapes;
        this.data = data;
        task = PaperTask.ofVocabulary(shapes.vocabSize());
        guess = "Guessed from the paper's settings for " + task.orElse(PaperTask.SUDOKU_EXTREME).title() + " ("
                + (task.isPresent() ? "it too has a vocabulary of " + shapes.vocabSize() : "its vocabulary is another")
                + "); correct them with --config";
        sheet = new SourcedSettings(file.toString());
    }

    /**
     * Returns all settings.
     *
     * @throws CheckpointException if the sources contradict each other, or do not say how long the puzzles are
     */
    SourcedSettings find(Optional<GivenConfig> given) {
        var info = data.map(DatasetInfo::of);
        read();
        given.ifPresent(config -> {
            var arch = config.arch();
            if (info.isPresent()) {
                arch.remove("num_puzzle_identifiers");
            }
            sheet.put(arch, config.source());
        });
        info.ifPresent(this::takeSizes);
        expansion();
        if (shapes.positions() > 0) {
            sharePositions();
        }
        guess();
        return sheet;
    }

    /** Returns the keys of the settings that nothing said, once they were found. */
    List<String> guessed() {
        return sheet.keysFrom(guess);
    }

    private void read() {
        sheet.put("vocab_size", shapes.vocabSize(), SHAPES);
        sheet.put("hidden_size", shapes.hiddenSize(), SHAPES);
        sheet.put("l_layers", shapes.lLayers(), SHAPES);
        sheet.put("mlp_t", shapes.mlpT(), SHAPES);
        if (shapes.separateNets()) {
            sheet.put("separate_nets", true, SHAPES);
        }
        sheet.put("puzzle_emb_ndim", shapes.puzzleWidth(), SHAPES);
        if (shapes.learnedPositions()) {
            sheet.put("pos_encodings", TrmConfig.Positions.LEARNED, SHAPES);
        }
        if (shapes.puzzleRows() > 0 && data.isEmpty()) {
            sheet.put("num_puzzle_identifiers", shapes.puzzleRows(), SHAPES);
        }
    }

    private void takeSizes(DatasetInfo info) {
        var source = "From the data set " + data.orElseThrow();
        sheet.put("vocab_size", info.vocabSize(), source);
        sheet.put("seq_len", info.seqLen(), source);
        sheet.put("num_puzzle_identifiers", info.numPuzzleIdentifiers(), source);
    }

    private void expansion() {
        var given = sheet.number("expansion");
        var fitting = given.isPresent() ? given.filter(shapes::isExpansion) : shapes.expansion();
        if (fitting.isEmpty()) {
            throw new CheckpointException(file + ": expected an expansion that gives SwiGLU layers of width "
                    + shapes.mlpWidth() + (shapes.mlpT() ? " and, over positions, " + shapes.mixWidth() : "")
                    + ", found " + (given.isPresent() ? given.get() + " in the configuration" : "that none does")
                    + "; the weights do not fit the architecture.");
        }
        sheet.putIfOpen("expansion", fitting.get(), SHAPES);
    }

    /** Shares the known number of positions between the puzzle and the tokens. */
    private void sharePositions() {
        int all = shapes.positions();
        var tokens = sheet.integer("seq_len");
        var puzzle = sheet.integer("puzzle_emb_len").map(length -> length > 0 ? length : leastPuzzlePositions());
        if (tokens.isEmpty() && puzzle.isEmpty()) {
            int guessed = guessedPuzzlePositions();
            sheet.put("puzzle_emb_len", guessed, guess);
            sheet.put("seq_len", all - guessed, guess);
        } else if (puzzle.isEmpty()) {
            sheet.put("puzzle_emb_len", all - tokens.get(), SHAPES);
        } else {
            sheet.put("seq_len", all - puzzle.get(), SHAPES);
        }
        int shared = sheet.integer("seq_len").orElse(0);
        if (shared < 1 || all - shared < leastPuzzlePositions()) {
            throw new CheckpointException(file + ": expected " + all + " positions, as the weights' shapes have it, "
                    + "for at least 1 token and " + leastPuzzlePositions() + " of a puzzle's row, found arch.seq_len "
                    + shared + "; name the configuration and the data that these weights are for.");
        }
    }

    /** Returns the positions that a row of the puzzle table fills. */
    private int leastPuzzlePositions() {
        return Math.ceilDiv(shapes.puzzleWidth(), shapes.hiddenSize());
    }

    /** Returns what the task's tokens leave, or those of a Sudoku, or the paper's number; else what a row fills. */
    private int guessedPuzzlePositions() {
        int all = shapes.positions();
        int least = leastPuzzlePositions();
        int paper = TrmConfig.PAPER.puzzleEmbLen();
        int digits = Math.clamp(shapes.vocabSize() - 2, 0, all);
        return LongStream.of(all - task.map(PaperTask::seqLen).orElse(all), all - (long) digits * digits, paper)
                .filter(length -> length > 0 && length >= least && length <= Math.max(paper, least) && length < all)
                .mapToInt(Math::toIntExact)
                .findFirst()
                .orElse(least);
    }

    private void guess() {
        var paper = task.orElse(PaperTask.SUDOKU_EXTREME);
        if (sheet.integer("seq_len").isEmpty() && task.isEmpty()) {
            throw new CheckpointException(file + " does not say how long its puzzles are, expected seq_len in a "
                    + "configuration or a data set, found neither and an unknown vocabulary of " + shapes.vocabSize()
                    + "; give --config FILE or --data DIR.");
        }
        sheet.putIfOpen("seq_len", paper.seqLen(), guess);
        sheet.putIfOpen("puzzle_emb_len", Math.max(TrmConfig.PAPER.puzzleEmbLen(), leastPuzzlePositions()), guess);
        sheet.putIfOpen("num_puzzle_identifiers", 1, guess);
        sheet.putIfOpen("h_cycles", TrmConfig.PAPER.hCycles(), guess);
        sheet.putIfOpen("l_cycles", paper.arch().lCycles(), guess);
        sheet.putIfOpen("halt_max_steps", TrmConfig.PAPER.haltMaxSteps(), guess);
        sheet.putIfOpen("num_heads", heads(), guess);
        sheet.putIfOpen(
                "pos_encodings", shapes.mlpT() ? TrmConfig.Positions.NONE : TrmConfig.Positions.ROPE, guess);
    }

    /** Returns the paper's 8, or the most below that divide the hidden size into heads of even size. */
    private int heads() {
        return IntStream.iterate(TrmConfig.PAPER.numHeads(), heads -> heads > 1, heads -> heads - 1)
                .filter(heads -> shapes.hiddenSize() % (2 * heads) == 0)
                .findFirst()
                .orElse(1);
    }
}
