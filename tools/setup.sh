#!/bin/sh
# Installs what package-lock.json names, when it is not what is installed. Says nothing when there is nothing to do.
set -eu
cd "$(dirname "$0")/.."

LOCK=.setup-lock
WAIT_SECONDS=600

is_installed() {
  [ -f node_modules/.package-lock.json ] && ! [ package-lock.json -nt node_modules/.package-lock.json ]
}

fail() {
  echo "setup: $*" >&2
  exit 1
}

# Two scripts started at once must not both run `npm ci`: it begins by deleting node_modules.
# A lock whose owner is gone is taken over, by the one process that makes the inner folder.
take_lock() {
  waited=0
  until mkdir "$LOCK" 2>/dev/null; do
    owner=$(cat "$LOCK/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null && mkdir "$LOCK/takeover" 2>/dev/null; then
      if [ "$(cat "$LOCK/pid" 2>/dev/null || true)" = "$owner" ]; then
        echo $$ >"$LOCK/pid"
        rmdir "$LOCK/takeover"
        break
      fi
      rmdir "$LOCK/takeover" 2>/dev/null || true
    fi
    [ "$waited" -lt "$WAIT_SECONDS" ] ||
      fail "another set-up (process ${owner:-unknown}) has been at work for $WAIT_SECONDS s. If none is, delete $LOCK and try again."
    sleep 1
    waited=$((waited + 1))
  done
  echo $$ >"$LOCK/pid"
  trap 'rm -rf "$LOCK"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

install() {
  echo 'setup: installing packages (npm ci)…' >&2
  # --loglevel=error: on an older Node each package that asks for Node 24 would warn, and Node 24 is among what is installed.
  npm ci --no-audit --no-fund --loglevel=error >&2 ||
    fail 'npm ci failed: the reason stands above. Mend it and run the same command again.'
  # Where the packaged Node cannot run (musl, for one), the machine's own is used.
  node_modules/.bin/node --version >/dev/null 2>&1 || rm -f node_modules/.bin/node
}

if ! is_installed; then
  command -v npm >/dev/null || fail 'npm is not installed. Install Node 20 or newer, which brings npm, and try again.'
  take_lock
  is_installed || install
fi

PATH="$PWD/node_modules/.bin:$PATH"
version=$(node --version 2>/dev/null || echo none)
major=${version#v}
case ${major%%.*} in
  '' | *[!0-9]* | ? | 1? | 2[0-3])
    fail "Node 24 or newer is needed and $version was found: the install script of the package 'node' did not run. Run 'npm rebuild node --ignore-scripts=false', or install Node 24."
    ;;
esac
