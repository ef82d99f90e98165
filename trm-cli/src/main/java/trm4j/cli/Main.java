package trm4j.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;
import trm4j.kernels.UserException;
import trm4j.model.ranks.Ranks;
import trm4j.train.TrmCommand;

/** The command line, {@code trm}. */
@Command(
        name = "trm",
        description = "Tiny Recursive Models: make puzzles, train on them, evaluate, solve.",
        versionProvider = Main.Version.class)
public final class Main implements Runnable {

    private static final int FAILED = 1;

    /** All commands, in the order of the help. */
    static final List<Class<?>> COMMANDS = List.of(
            DataCommand.class, ConfigCommand.class, TrainCommand.class, WatchCommand.class, ReportCommand.class,
            EvalCommand.class, SolveCommand.class, PlayCommand.class, AblateCommand.class, ModelsCommand.class,
            ImportCommand.class, ExportCommand.class, ParityCommand.class, BenchCommand.class, DevicesCommand.class,
            BundleCommand.class, CompletionCommand.class, HelpCommand.class);

    private static final Set<String> VERSION = Set.of("-V", "--version");

    /** Those that tell of all others. */
    private static final Set<Class<?>> OF_ALL = Set.of(CompletionCommand.class, HelpCommand.class);

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Shows this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Shows the version, and Java's.")
    private boolean version;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Shows where an error came from.")
    private boolean verbose;

    private final Processes processes;

    /** The command line in this process alone. */
    Main() {
        this(new Processes(Optional.empty()));
    }

    private Main(Processes processes) {
        this.processes = processes;
    }

    public static void main(String[] args) {
        var processes = new Processes(Ranks.invitation());
        var out = new PrintWriter(System.out, true);
        int status;
        try {
            status = run(processes, out, new PrintWriter(System.err, true), args);
        } catch (OutOfMemoryError e) {
            System.err.println(processes.teller(e) + "The Java heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB is full; take fewer puzzles at a time, or give it more with TRM_JAVA_OPTS=-Xmx...");
            status = FAILED;
        } catch (Error e) {
            // Left to Java, other ranks would wait meanwhile, and nobody say which it was.
            boolean shows = List.of(args).contains("--verbose");
            System.err.println(processes.teller(e) + "This should not have happened: " + e
                    + (shows ? "" : " (--verbose shows where)"));
            if (shows) {
                e.printStackTrace();
            }
            status = FAILED;
        }
        processes.leave(status, out);
        System.exit(status);
    }

    /** Runs a command in this process alone and returns its exit status: 0 done, 1 failed, 2 wrong usage. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(new Processes(Optional.empty()), out, err, args);
    }

    /** Runs a command in one of some processes, as the others do. */
    static int run(Processes processes, PrintWriter out, PrintWriter err, String... args) {
        var main = new Main(processes);
        var line = new CommandLine(main);
        commands(args).forEach(line::addSubcommand);
        return line.setCommandName(TrmCommand.name())
                .setColorScheme(Help.defaultColorScheme(ansi(System::getenv, isTerminal())))
                .setOut(processes.shown(out))
                .setErr(processes.shown(err))
                .setExecutionStrategy(main::execute)
                .setParameterExceptionHandler((e, _) -> misused(e))
                .setExecutionExceptionHandler((e, command, parsed) -> main.failed(e, command, err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
    }

    /**
     * Returns the commands that arguments may be about. Reading what all of them take is most of what a start takes, so
     * one that is named stands alone, and the version needs none.
     */
    private static List<Class<?>> commands(String... args) {
        if (args.length == 1 && VERSION.contains(args[0])) {
            return List.of();
        }
        return COMMANDS.stream()
                .filter(command -> args.length > 0 && name(command).equals(args[0]) && !OF_ALL.contains(command))
                .findFirst()
                .map(List::<Class<?>>of)
                .orElse(COMMANDS);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    /**
     * Says whether there are colours: where there is a terminal, it knows their codes, and NO_COLOR is not set, or empty
     * (no-color.org), for which picocli by itself would have none.
     */
    static Help.Ansi ansi(UnaryOperator<String> environment, boolean terminal) {
        var wish = environment.apply("NO_COLOR");
        if ("dumb".equals(environment.apply("TERM")) || wish != null && !wish.isEmpty()) {
            return Help.Ansi.OFF;
        }
        return wish == null ? Help.Ansi.AUTO : terminal ? Help.Ansi.ON : Help.Ansi.OFF;
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int misused(ParameterException e) {
        var command = e.getCommandLine();
        var err = command.getErr();
        err.println("trm: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println(command.getCommandSpec().qualifiedName() + " --help tells more.");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /**
     * Returns the processes that a command is done by; all of them ask at the same time.
     *
     * @throws trm4j.model.ranks.RanksException if they cannot be connected, or run different versions
     */
    static Ranks ranks(CommandSpec command) {
        return command.root().userObject() instanceof Main main
                ? main.processes.join(Version.text(), command.commandLine().getOut())
                : Ranks.ALONE;
    }

    /** Whether a command is to show where errors came from. */
    static boolean isVerbose(CommandSpec command) {
        return command.root().userObject() instanceof Main main && main.verbose;
    }

    /** Has a command done; by several processes only if it knows how. */
    private int execute(ParseResult parsed) {
        var help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        var command = parsed.asCommandLineList().getLast();
        if (processes.areSeveral() && !(command.getCommand() instanceof InRanks)) {
            throw new ParameterException(command, "Expected to be started without mpirun, which is for train and eval");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private int failed(Exception e, CommandLine command, PrintWriter err) {
        var teller = processes.teller(e);
        if (e instanceof UserException) {
            err.println(teller + e.getMessage());
        } else {
            err.println(teller + "This should not have happened: " + e + (verbose ? "" : " (--verbose shows where)"));
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        return FAILED;
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {

        /** Returns the version alone, without Java's. */
        static String text() {
            var version = Main.class.getPackage().getImplementationVersion();
            return "trm4j " + Optional.ofNullable(version).orElse("development");
        }

        @Override
        public String[] getVersion() {
            return new String[] {text(), "Java " + Runtime.version()};
        }
    }
}
