#!/usr/bin/env bash
# Runs the tests, or the benchmarks, with a real PostgreSQL and a real browser.
#   tests/run.sh all | fast | bench | crash
# What is missing on the machine is installed when this may be done (root on Debian or Ubuntu); otherwise it stops
# and prints the exact line to type. Nothing is left out in silence. Servers started here are stopped by their own
# process id.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?all, fast, bench or crash}
BIN=${BIN:-.venv/bin}
export DJANGO_SETTINGS_MODULE=config.settings.test
# Some tests start whole processes, a hundred in all: what was compiled once is kept.
unset PYTHONDONTWRITEBYTECODE

scratch=$(mktemp -d "${TMPDIR:-/tmp}/vecu-run.XXXXXX")
chmod 711 "$scratch"
export TMPDIR=$scratch  # what the tests leave behind goes with it
postgres_pid=
finish() {
  status=$?
  if [ -n "$postgres_pid" ]; then
    kill -INT "$postgres_pid" 2>/dev/null || true
    wait "$postgres_pid" 2>/dev/null || true
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap finish EXIT

install() {  # install "what for" package…
  local why=$1; shift
  local line="apt-get install -y --no-install-recommends $*"
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing $why: $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$scratch/apt.log" 2>&1 && return
    cat "$scratch/apt.log"
  elif command -v brew >/dev/null; then
    line="brew install postgresql@15 chromium gettext pango"
  else
    line="sudo $line"
  fi
  echo "The tests need $why. Please type:  $line"
  exit 1
}

find_postgres() {
  for folder in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
    if [ -x "$folder/initdb" ]; then echo "$folder"; fi
  done | sort -V | tail -n 1
}

need_postgres() {
  [ -n "$(find_postgres)" ] || install "a PostgreSQL server" postgresql
  [ -n "$(find_postgres)" ] || { echo "No PostgreSQL server was found after installing it."; exit 1; }
}

# The same engine without windows comes first: it takes a quarter less time.
find_chromium() {
  for name in "${VECU_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    [ -n "$name" ] && command -v "$name" 2>/dev/null && return
  done
  return 1
}

need_chromium() {
  find_chromium >/dev/null || install "a Chromium browser" chromium-headless-shell
  VECU_CHROMIUM=$(find_chromium) || { echo "No Chromium was found after installing it."; exit 1; }
  export VECU_CHROMIUM
}

need_compiler() {
  command -v cc >/dev/null || install "a C compiler (for the optional matching kernel)" build-essential
}

has_pango() {
  "$BIN/python" -c 'import sys; from vecu.core import pdf; sys.exit(bool(pdf.missing_libraries()))'
}

need_pango() {
  has_pango || install "Pango (for PDF files)" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  has_pango || { echo "No Pango was found after installing it."; exit 1; }
}

start_postgres() {  # start_postgres [server options…]
  need_postgres
  local bin data="$scratch/pg" port as=()
  bin=$(find_postgres)
  port=$("$BIN/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mkdir "$data"
  if [ "$(id -u)" = 0 ]; then  # PostgreSQL refuses to run as root
    id vecu-tests >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin vecu-tests
    chown vecu-tests "$data"
    as=(setpriv --reuid=vecu-tests --regid="$(id -g vecu-tests)" --clear-groups)
  fi
  (cd "$data" && "${as[@]}" "$bin/initdb" -D "$data/db" -U vecu --auth=trust --encoding=UTF8 --locale=C >"$scratch/initdb.log" 2>&1) \
    || { cat "$scratch/initdb.log"; exit 1; }
  (cd "$data" && exec "${as[@]}" "$bin/postgres" -D "$data/db" -c listen_addresses=127.0.0.1 -c port="$port" \
    -c unix_socket_directories="$data" -c max_connections=200 "$@" >"$scratch/postgres.log" 2>&1) &
  postgres_pid=$!
  for _ in $(seq 100); do
    "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" -U vecu && break
    kill -0 "$postgres_pid" 2>/dev/null || { cat "$scratch/postgres.log"; exit 1; }
    sleep 0.1
  done
  export VECU_PG="127.0.0.1:$port" VECU_PG_BIN="$bin"
}

make_databases() {  # make_databases N: one for each of N workers; the migrations run once
  local line=(-h "${VECU_PG%:*}" -p "${VECU_PG#*:}" -U vecu)
  "$VECU_PG_BIN/createdb" "${line[@]}" vecu
  "$BIN/python" manage.py migrate --verbosity 0
  for number in $(seq 0 $(($1 - 1))); do "$VECU_PG_BIN/createdb" "${line[@]}" -T vecu "test_vecu_gw$number"; done
}

pytest() { "$BIN/python" -m pytest "$@"; }

# On a fresh clone each worker would compile every file for itself, at the same time as the others; meanwhile, what the
# machine lacks is installed.
compile_once() {
  [ -z "$(find tests vecu -name '*-pytest-*.pyc' -print -quit)" ] || return 0
  "$BIN/python" -m compileall -q -j 0 config vecu bench tests
  local half halves=()
  for half in tests vecu; do
    pytest --collect-only -qq -p no:cacheprovider "$half" & halves+=($!)
  done
  wait "${halves[@]}"
}

quick() {
  wait "$compiling" || true  # what is wrong with a file is said by the tests
  pytest -n 3 --dist worksteal -m "not browser and not crash and not postgres" --ignore=tests/e2e
}

case $what in
  fast)
    compile_once >/dev/null 2>&1 & compiling=$!
    need_compiler
    need_pango
    quick
    ;;
  all)
    compile_once >/dev/null 2>&1 & compiling=$!
    need_chromium
    need_compiler
    need_pango
    # Nobody pulls the plug here, and nothing lasts longer than the tests; `crash` and `bench` keep what a server has.
    start_postgres -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal \
      -c max_wal_senders=0 -c autovacuum=off -c jit=off -c shared_buffers=256MB
    echo "== SQLite"
    quick
    # The crashes wait for disks and servers most of the time: the others use it.
    echo "== PostgreSQL, and the crashes"
    export VECU_TEST_PG=$VECU_PG
    make_databases 3
    pytest -n 3 --dist worksteal --reuse-db -m "not browser" --ignore=tests/e2e
    unset VECU_TEST_PG
    echo "== Browser"
    pytest -n 2 --dist worksteal tests/e2e  # Chromium and the site are processes and threads of their own
    ;;
  bench)
    need_compiler
    start_postgres
    "$BIN/python" -m bench
    ;;
  crash)
    start_postgres
    "$BIN/python" -m tests.crash
    ;;
  *)
    echo "all, fast, bench or crash?"
    exit 2
    ;;
esac
