# Sourced by start-cluster.sh, stop-cluster.sh and test.sh, from the root of the checkout: what has to be there before any
# TypeScript can run. Each long step says so in one line; a failed one shows the end of its log and what to do.
# shellcheck shell=bash

WARREN_DIR="${WARREN_DIR:-.warren}"
export WARREN_DIR

say() { printf '%s\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# run_step LABEL LOG ADVICE COMMAND… runs the command with its output in the log.
run_step() {
  local label=$1 log=$2 advice=$3 begin=$SECONDS
  shift 3
  mkdir -p "$(dirname "$log")"
  printf '  %s …\n' "$label"
  if "$@" >"$log" 2>&1; then
    printf '  %-58s %5d s\n' "$label" $((SECONDS - begin))
    return
  fi
  printf '\n%s failed. The end of %s:\n' "$label" "$log" >&2
  tail -n 15 "$log" | sed 's/^/  | /' >&2
  die "What to do: $advice"
}

check_node() {
  command -v node >/dev/null || die 'Node.js 20.19 or newer is needed, and there is no node. See https://nodejs.org/en/download.'
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js 20.19 or newer is needed; this is $(node --version)."
  command -v npm >/dev/null || die 'npm is needed; it usually comes with Node.js.'
}

ensure_dependencies() {
  if [ -e node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; then return; fi
  run_step 'install the npm packages (npm ci)' "$WARREN_DIR/logs/npm-ci.log" \
    'check the network; where a binary has to be compiled: apt-get install python3 make g++' npm ci --no-audit --no-fund
  touch node_modules/.package-lock.json
}

# Folders count too: a file that was deleted leaves its folder newer than the build.
is_build_stale() {
  [ ! -e dist/.built ] || [ ! -e web/dist/index.html ] ||
    [ -n "$(find shared server api worker client scripts web/src web/public web/index.html package.json tsconfig.json tsconfig.build.json \
      -newer dist/.built -print -quit 2>/dev/null)" ]
}

ensure_build() {
  is_build_stale || return 0
  mkdir -p dist
  touch dist/.building
  run_step 'build (npm run build)' "$WARREN_DIR/logs/build.log" 'the log names the file; a clean checkout of a release builds' npm run build
  mv dist/.building dist/.built
}
