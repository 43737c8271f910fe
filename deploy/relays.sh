#!/bin/sh
# Relays on a machine without systemd, each by its port: what ai-api-relay@.service is where there is one.
# Nobody starts a relay again that ends by itself: a supervisor or the hour's cron is to say `start`.
#
#   relays.sh start PORT…     starts those that do not run, and waits until each is ready
#   relays.sh stop PORT…      ends them in good order: what is under way ends by itself, in 40 s and
#                             DRAIN_SECONDS at most
#   relays.sh roll PORT…      one after the other, each ready before the next goes: no call is lost
#   relays.sh reload PORT…    has the processes of RELAY_PROCESSES replaced one by one; not for one alone
#   relays.sh status PORT…    whether each runs, and what its /readyz says
#
# Run it as root: the relays themselves run as the user ai-api-relay, who cannot read the settings.
set -eu

here=${RELAY_DIR:-/opt/ai-api-relay/current}
settings=${RELAY_ENV:-/etc/ai-api-relay/env}
logs=${RELAY_LOGS:-/var/log/ai-api-relay}
pids=${RELAY_RUN:-/run/ai-api-relay}
user=${RELAY_USER:-ai-api-relay}

fail() { echo "relays.sh: $*" >&2; exit 1; }
pid_of() { cat "$pids/$1.pid" 2>/dev/null || true; }
# A number alone may be another process's by now.
runs() { grep -qs build/server.mjs "/proc/$(pid_of "$1")/cmdline"; }
ready() { curl -sS -o /dev/null --fail --max-time 5 "http://127.0.0.1:$1/readyz" 2>/dev/null; }

# The one that the unit runs; Debian 12 has an older one than package.json asks for.
right_node() {
  # shellcheck disable=SC2016 # Those are of JavaScript.
  cd "$here" && node --eval '
    const [major, minor] = process.versions.node.split(".").map(Number)
    const { engines } = JSON.parse(require("node:fs").readFileSync("package.json", "utf8"))
    const fits = engines.node.split("||").some((range) => {
      const [least, from] = range.trim().slice(1).split(".").map(Number)
      return major === least && minor >= from
    })
    if (!fits) console.log(`${process.version} is not ${engines.node}`)
    process.exitCode = fits ? 0 : 1' 2>&1
}

start() {
  if runs "$1"; then echo "$1 runs already, process $(pid_of "$1")"; return; fi
  said=$(right_node) || fail "the relay needs another Node: $said"
  mkdir -p "$logs" "$pids"
  (
    set -a
    # shellcheck source=/dev/null
    . "$settings"
    set +a
    cd "$here"
    # shellcheck disable=SC3045 # dash and bash both know it.
    ulimit -c 0
    PORT=$1 NODE_ENV=production exec setsid setpriv --reuid "$user" --regid "$user" --clear-groups \
      node --enable-source-maps build/server.mjs >> "$logs/$1.log" 2>&1 < /dev/null
  ) &
  echo $! > "$pids/$1.pid"
  for _ in $(seq 120); do
    if ready "$1"; then echo "$1 is ready, process $(pid_of "$1")"; return; fi
    runs "$1" || sleep 1
    runs "$1" || { tail -n 5 "$logs/$1.log" >&2; fail "the relay on port $1 has not come up"; }
    sleep 0.5
  done
  fail "the relay on port $1 is not ready after a minute: $logs/$1.log"
}

# The longest drain, and some more: 45 s and DRAIN_SECONDS as they are set, which are 5 without.
seconds_to_end() {
  # shellcheck source=/dev/null
  (. "$settings"; echo $((60 + ${DRAIN_SECONDS:-5})))
}

stop() {
  runs "$1" || { echo "$1 does not run"; return; }
  kill -TERM "$(pid_of "$1")"
  seconds=$(seconds_to_end)
  for _ in $(seq $((seconds * 4))); do
    runs "$1" || { rm -f "$pids/$1.pid"; echo "$1 has ended"; return; }
    sleep 0.25
  done
  echo "relays.sh: the relay on port $1 has not ended after $seconds s: its log says why" >&2
  return 1
}

# A relay that has been told to end is down or will be: it is started again whatever came of that.
again() {
  if ! stop "$1"; then
    kill -KILL "$(pid_of "$1")"
    while runs "$1"; do sleep 0.25; done
  fi
  start "$1"
}

# One process alone would end, and nobody would start it again.
reload() {
  runs "$1" || fail "$1 does not run"
  pid=$(pid_of "$1")
  [ -n "$(cat "/proc/$pid/task/$pid/children")" ] || fail "$1 is one process: roll"
  kill -HUP "$pid"
  echo "$1 replaces its processes: its log says when it has (reloaded)"
}

status() {
  runs "$1" || { echo "$1 does not run"; return; }
  echo "$1 runs, process $(pid_of "$1"): $(curl -s --max-time 5 "http://127.0.0.1:$1/readyz")"
}

verb=${1:-}
[ $# -ge 2 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2; }
shift
case $verb in
  start | stop | reload | status) for port in "$@"; do "$verb" "$port"; done ;;
  # The balancer is given the time to see that it is back.
  roll) for port in "$@"; do again "$port"; sleep 3; done ;;
  *) fail "there is no $verb: start, stop, roll, reload or status" ;;
esac
