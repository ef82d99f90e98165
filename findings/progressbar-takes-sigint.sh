#!/usr/bin/env bash
# A progress bar takes away the handler of Ctrl-C that a program registered before it drew the bar.
#
# Expected: a library that draws a line on standard error leaves the process's signal handlers alone, at least those
#   that the program has set itself: the handler below hears SIGINT, with a bar as without one.
# What happens: progressbar's ConsoleProgressBarConsumer asks JLine for a terminal, to know its width. When the first
#   line is drawn on a real terminal, JLine's terminal sets SIGINT (and others) to their defaults. From then on Ctrl-C
#   ends the program at once with status 130; a handler that would save its work never runs. Through a pipe there is no
#   terminal and the handler stays, so tests without a pseudo-terminal do not see it.
# Versions: me.tongfei:progressbar 0.10.2, org.jline:jline-terminal 3.29.0 (Maven Central), OpenJDK 17, Linux.
# Source: TerminalUtils.getTerminal in progressbar; PosixSysTerminal, Signals.registerDefault in JLine.
# Seen: handler heard SIGINT, status 0 / status 130 / handler heard SIGINT, status 0
# What helps: build the bar, and let it draw once, before the handler is registered; or give it a consumer that asks for
#   no terminal (DelegatingProgressBarConsumer).
set -euo pipefail

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
cd "$temporary"
for artifact in me.tongfei:progressbar:0.10.2 org.jline:jline-terminal:3.29.0 org.jline:jline-native:3.29.0; do
  mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -Dartifact="$artifact" -DoutputDirectory=lib
done

cat >Bar.java <<'JAVA'
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;

public class Bar {
    public static void main(String[] args) throws Exception {
        sun.misc.Signal.handle(new sun.misc.Signal("INT"), signal -> {
            System.out.println("handler heard SIGINT");
            System.exit(0);
        });
        if (args[0].equals("bar")) {
            var bar = new ProgressBarBuilder()
                    .setInitialMax(10)
                    .setUpdateIntervalMillis(50)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err))
                    .build();
            bar.stepTo(3);
        }
        Thread.sleep(1500);
        new ProcessBuilder("kill", "-INT", String.valueOf(ProcessHandle.current().pid())).start().waitFor();
        Thread.sleep(5000);
        System.exit(3);
    }
}
JAVA
javac -cp 'lib/*' Bar.java 2>/dev/null

# Runs the program on a pseudo-terminal; prints whether its handler ran, and its status.
on_terminal() {
  local status=0
  script -qec "stty cols 100; exec java -cp 'lib/*:.' Bar $1" /dev/null </dev/null >output 2>&1 || status=$?
  grep -o 'handler heard SIGINT' output | tr '\n' ',' || true
  echo " status $status"
}

without=$(on_terminal none)
with=$(on_terminal bar)
piped_status=0
piped=$(java -cp 'lib/*:.' Bar bar 2>/dev/null </dev/null) || piped_status=$?
piped="$piped, status $piped_status"
echo "on a terminal without a bar: $without"
echo "on a terminal with a bar:    $with"
echo "with a bar, but no terminal: $piped"
[ "$without" = "handler heard SIGINT, status 0" ] && [ "$with" = " status 130" ] &&
  [ "$piped" = "handler heard SIGINT, status 0" ]
