package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.data.Folders;
import trm4j.train.run.LockedFolder;
import trm4j.train.run.TinyRuns;

/** A run or an ablation that was stopped before it began: the same command begins again, and comes to the same end. */
class BeginningAgainTest {

    /** What a run's folder comes to hold, one after the other, until the run begins. */
    private static final List<String> BEGINNING = List.of(
            "lock", ".puzzles.yaml.writing", "puzzles.yaml", ".data.new-1.lock", ".data.new-1", "data",
            ".version.txt.writing", "version.txt", ".data.json.writing", "data.json", ".config.yaml.writing");

    @TempDir
    private Path dir;

    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(dir.resolve("tiny.yaml"), """
                puzzles: {size: 4, train: 30, test: 12, min_clues: 6, max_clues: 10}
                run: {steps: 3, eval_batch: 12}
                arch: {hidden_size: 16, num_heads: 2, puzzle_emb_ndim: 16, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 2,
                  halt_max_steps: 2}
                train: {batch_size: 8}
                """);
    }

    @Test
    void aRunThatWasKilledAtAnyPointOfItsBeginning() throws IOException {
        assertEquals(0, run("train DIR/tiny.yaml --out DIR/straight"), err.toString());
        var straight = dir.resolve("straight");
        for (int last = 0; last < BEGINNING.size(); last++) {
            var killed = dir.resolve("killed" + last);
            leave(straight, killed, BEGINNING.subList(0, last + 1));
            assertEquals(1, run("train --resume " + killed));
            assertEquals(
                    "trm: The run in " + killed + " was stopped before it began; the command that was to begin "
                            + "it, trm train CONFIG --out " + killed + ", begins it again.\n",
                    err.toString());
            var puzzles = killed.resolve("data/train/all__inputs.npy");
            var made = Files.exists(puzzles) ? key(puzzles) : null;
            assertEquals(0, run("train DIR/tiny.yaml --out " + killed), BEGINNING.get(last) + ": " + err);
            TinyRuns.assertSame(straight, killed, 3);
            if (made != null) {
                assertEquals(made, key(puzzles), "made twice");
            }
            assertEquals(
                    names(straight).filter(name -> !name.startsWith("events")).toList(),
                    names(killed).filter(name -> !name.startsWith("events")).toList());
        }
    }

    /** Leaves what a process did that was killed after the last of some names came to be in its folder. */
    private static void leave(Path whole, Path killed, List<String> names) throws IOException {
        Files.createDirectory(killed);
        for (var name : names) {
            var left = killed.resolve(name);
            if (name.equals(".data.new-1")) {
                Files.createDirectories(left.resolve("train"));
            } else if (name.equals("data")) {
                Folders.delete(killed.resolve(".data.new-1"));
                copy(whole.resolve(name), left);
            } else if (name.startsWith(".")) {
                // Cut off.
                Files.writeString(left, "arch");
            } else {
                Files.copy(whole.resolve(name), left);
                Files.deleteIfExists(killed.resolve("." + name + ".writing"));
            }
        }
    }

    @Test
    void whatIsAnothersStaysAsItIs() throws IOException {
        assertEquals(0, run("train DIR/tiny.yaml --out DIR/straight"), err.toString());
        var mine = dir.resolve("mine");
        // Files of such names, but no lock: nobody began here.
        Files.createDirectory(mine);
        Files.writeString(mine.resolve("version.txt"), "mine");
        refused("train DIR/tiny.yaml --out DIR/mine", "Folder DIR/mine is not empty, expected a new one for this run");
        refused(
                "ablate DIR/tiny.yaml --out DIR/mine",
                "Folder DIR/mine is not empty, expected a new one, or that of an ablation to go on with");
        Files.writeString(mine.resolve("lock"), "");
        Files.writeString(mine.resolve("notes.txt"), "mine");
        refused("train DIR/tiny.yaml --out DIR/mine", "Folder DIR/mine is not empty, expected a new one for this run");
        Folders.delete(mine);

        copy(dir.resolve("straight/data"), mine.resolve("data"));
        var refusal = "There is a data set in DIR/mine/data, expected a place for new puzzles; train on it with "
                + "--data DIR/mine/data, or choose another folder with --out.";
        refused("train DIR/tiny.yaml --out DIR/mine", refusal);
        refused("ablate DIR/tiny.yaml --out DIR/mine", refusal);
        Files.copy(dir.resolve("straight/puzzles.yaml"), mine.resolve("puzzles.yaml"));
        Files.createFile(mine.resolve("lock"));
        refused(
                "train DIR/tiny.yaml --out DIR/mine --seed 7",
                "DIR/mine/data has puzzles of other settings, which DIR/mine/puzzles.yaml tells, expected those of "
                        + "this configuration; choose another folder with --out.");
        assertEquals(0, run("train DIR/tiny.yaml --out DIR/mine --data DIR/mine/data"), err.toString());
    }

    @Test
    void anAblationThatWasKilledBeforeItBeganOrAsARunBegan() throws IOException {
        assertEquals(0, run("ablate DIR/tiny.yaml --variant trm --out DIR/straight"), err.toString());
        var killed = dir.resolve("killed");
        leave(dir.resolve("straight"), killed, List.of("lock", "puzzles.yaml", ".data.new-1.lock", ".data.new-1"));
        var run = killed.resolve("trm-seed0");
        // A refusal in between takes nothing away that the next command needs to know it by.
        assertEquals(1, run("ablate DIR/tiny.yaml --variant trm --out DIR/killed --data DIR/none"));
        assertEquals(0, run("ablate DIR/tiny.yaml --variant trm --out DIR/killed"), err.toString());
        TinyRuns.assertSame(dir.resolve("straight/trm-seed0"), run, 3);

        Files.delete(killed.resolve("ablation.jsonl"));
        Folders.delete(run);
        leave(dir.resolve("straight/trm-seed0"), run, List.of("lock", "version.txt", ".data.json.writing"));
        // As versions wrote it that knew no choice of labels.
        var made = killed.resolve("puzzles.yaml");
        Files.writeString(made, Files.readString(made).replaceAll(" +(paths|labels): .*\n", ""));
        assertEquals(0, run("ablate DIR/tiny.yaml --variant trm --out DIR/killed"), err.toString());
        TinyRuns.assertSame(dir.resolve("straight/trm-seed0"), run, 3);
        assertEquals(1, Files.readAllLines(killed.resolve("ablation.jsonl")).size());
    }

    @Test
    void twoInAFolder() throws IOException {
        var taken = dir.resolve("taken");
        try (var _ = new LockedFolder(taken)) {
            Files.createDirectory(taken.resolve(".data.new-1"));
            for (var command : List.of("train DIR/tiny.yaml --out DIR/taken", "ablate DIR/tiny.yaml --out DIR/taken",
                    "train --resume DIR/taken")) {
                refused(command, "Another run is training in DIR/taken (process " + ProcessHandle.current().pid()
                        + "); wait for its end or stop it, or choose another folder.");
            }
            assertEquals(List.of(".data.new-1", "lock"), names(taken).toList());
        }
    }

    private void refused(String command, String message) {
        assertEquals(1, run(command));
        assertTrue(err.toString().startsWith("trm: " + message.replace("DIR", dir.toString())), err.toString());
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                var target = to.resolve(from.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
    }

    private static Stream<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    private int run(String command) {
        err.getBuffer().setLength(0);
        return Main.run(
                new PrintWriter(new StringWriter()), new PrintWriter(err),
                command.replace("DIR", dir.toString()).split(" "));
    }
}
