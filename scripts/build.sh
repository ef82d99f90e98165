# Finds a JDK 25, and builds what is older than its sources; for scripts that have a function fail and the checkout in
# home.

is_jdk_25() {
  [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25[."]' "$1/release"
}

find_jdk() {
  local on_path candidate
  on_path=$(command -v javac || true)
  [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk_25 "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  fail "expected a JDK 25, found none; install one (sdk install java 25-tem, or https://adoptium.net) or set JAVA_HOME to it."
}

# Whether a file is missing, or older than the sources of some modules, or of those in some folders.
is_stale() {
  local built=$1 folders=("${@:2}")
  [ ! -f "$built" ] ||
    [ -n "$(find "$home/pom.xml" "${folders[@]/#/$home/}" \( -name target -o -path '*/src/test' \) -prune -o \
      \( -name pom.xml -o -path '*/src/main*' \) -newer "$built" -print -quit)" ]
}

# Packages modules as Maven's arguments say, with Maven under the JDK that was found where there is no other.
build() {
  command -v mvn >/dev/null || fail "expected Maven to build with, found no mvn; install Maven 3.8 or later (apt install maven, sdk install maven)."
  echo "${0##*/}: building ..." >&2
  command -v java >/dev/null || export JAVA_HOME=$jdk
  # Maven resets colours that it was told not to use.
  (cd "$home" && mvn -B -q -DskipTests "$@" -am package 2>&1 | sed $'s/\033\\[[0-9;]*m//g' >&2) || fail "the build failed; what Maven said stands above."
}
