#!/bin/sh
# Backups of the relay's database: a whole dump, the binary log since then, and the way back, to the
# end or to a moment, into an empty database. docs/operate.md goes through all of it.
#
#   backup.sh dump                       a new dump in $BACKUPS, with its place in the binary log
#   backup.sh dump --new-server          the same after a restore on another server, whose log is another
#   backup.sh binlog                     what has happened since the newest dump
#   backup.sh restore [--until "TIME"]   the newest dump, with TIME the newest before it, and the log after
#                                        it into an empty database; TIME is in UTC, as "2026-11-26 12:00:00"
#   backup.sh restore --dump-only        the newest dump alone, where its log is lost
#   backup.sh prune DAYS                 drops dumps older than so many days, but never the newest
#
# BACKUPS   the folder of the backups (/var/backups/ai-api-relay); best on another machine's disk
# BACKUP_CNF  how to reach the server: a file of MariaDB's clients, [client] with host, user, password
# DATABASE  the database's name; without, the one in DATABASE_URL, here or in RELAY_ENV
# BACKUP_WAIT  how many seconds to wait for another run's end (dump and prune 600, binlog 0)
# RELAY_ENV the relay's settings (/etc/ai-api-relay/env)
# RELAY_DIR the relay's folder; restore runs its `verify` in the end, on DATABASE_URL
set -eu
umask 077

backups=${BACKUPS:-/var/backups/ai-api-relay}
cnf=${BACKUP_CNF:-/etc/ai-api-relay/backup.cnf}
settings=${RELAY_ENV:-/etc/ai-api-relay/env}
# What is left when this ends is complete, or gone.
unfinished=
trap '[ -z "$unfinished" ] || rm -rf "$unfinished"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { echo "backup.sh: $*" >&2; exit 1; }
# Both makers' programs do; each calls its own by its own name.
either() { command -v "$1" || command -v "$2" || fail "needs $1 or $2: apt-get install mariadb-client"; }
sql() {
  "$(either mariadb mysql)" --defaults-extra-file="$cnf" --batch --skip-column-names "$@"
}

# The relays' own database, also after a restore has given it another name.
name_database() {
  database=${DATABASE:-}
  [ -n "$database" ] || database=$(
    # shellcheck source=/dev/null
    [ -n "${DATABASE_URL:-}" ] || [ ! -r "$settings" ] || . "$settings"
    # A path of a socket may come after the name.
    name=${DATABASE_URL:-/relay}
    name=${name%%\?*}
    echo "${name##*/}"
  )
  case $database in '' | *[!0-9A-Za-z_]*) fail "\"$database\" is no name of a database: set DATABASE" ;; esac
}

# Two that overlap would write into each other's folders. What is done once a day waits for so many seconds:
# cron begins it in the same minute as what comes again five minutes later.
lock() {
  mkdir -p "$backups"
  exec 9> "$backups/.lock"
  flock -w "${BACKUP_WAIT:-$1}" 9 || fail "another backup.sh is at work in $backups"
}

# The newest dump whose name is not after a moment ("20261126T120000Z"), or of all.
newest() {
  last=
  for each in "$backups"/dump-*Z; do
    [ -d "$each" ] || continue
    [ -z "${1:-}" ] || [ "$(printf '%s\n' "$1" "${each##*/dump-}" | sort | tail -n 1)" = "$1" ] || continue
    last=$each
  done
  echo "$last"
}

dump() {
  case ${1:-} in '' | --new-server) ;; *) fail "dump does not know $1" ;; esac
  lock 600
  # What a run that was killed has left: a copy of everything, and uncompressed in older versions.
  rm -rf "$backups"/dump-*.unfinished
  before=$(newest)
  unfinished=$backups/dump-new.unfinished
  mkdir "$unfinished"
  program=$(either mariadb-dump mysqldump)
  # What is under way goes on: the dump is of one moment, which --master-data writes down.
  place=--master-data=2
  # Not by a pipe to grep -q, which leaves the program writing to nobody.
  case $("$program" --help 2>/dev/null) in *--source-data*) place=--source-data=2 ;; esac
  # A pipe has the exit code of its end alone: that of its beginning goes by a file.
  {
    "$program" --defaults-extra-file="$cnf" --single-transaction --quick --hex-blob \
      --default-character-set=utf8mb4 "$place" "$database" || echo "$?" > "$unfinished/failed"
  } | gzip > "$unfinished/dump.sql.gz"
  [ ! -e "$unfinished/failed" ] || fail "$program has failed: $(cat "$unfinished/failed")"
  gunzip -c "$unfinished/dump.sql.gz" | tail -n 1 | grep -q '^-- Dump completed' ||
    fail "the dump has no end"
  gunzip -c "$unfinished/dump.sql.gz" 2>/dev/null | head -n 60 |
    sed -n "s/^-- CHANGE [A-Z ]* TO [A-Z]*_LOG_FILE='\([^']*\)', [A-Z]*_LOG_POS=\([0-9]*\);.*/\1 \2 $database/p" \
    > "$unfinished/place"
  [ -s "$unfinished/place" ] || fail "the server writes no binary log: set log_bin"
  (cd "$unfinished" && sha256sum dump.sql.gz place > SHA256SUMS)
  # The log of the dump before, for a last time: up to here its moments are to be had from it.
  [ -z "$before" ] || fetch "$before" || case $? in
    "$another")
      # A dump of what a new server has so far would be the newest: the one that a restore takes.
      [ "${1:-}" = --new-server ] || fail "this server's binary log is not the one of $before:" \
        "restore that first, then dump --new-server" ;;
    *) echo "backup.sh: $before has no log up to this dump" >&2 ;;
  esac
  # Whatever bears the final name is complete. The name is of the end, which is after the dump's own moment: a
  # restore to a moment before the name begins with the dump before.
  sync
  made=$backups/dump-$(date -u +%Y%m%dT%H%M%SZ)
  [ ! -e "$made" ] || fail "$made is there already"
  mv "$unfinished" "$made"
  unfinished=
  # So that there is no moment without a log.
  fetch "$made"
  echo "$made: $(du -h "$made/dump.sql.gz" | cut -f1), from $(cat "$made/place")"
}

# When a file of the log was begun, by its own first bytes.
begun() { od -An -tu4 -j4 -N4 "$1" 2>/dev/null | tr -d ' '; }

# Every server counts its files from 1: that of a dump is the same at every look, and older than the dump.
belongs() {
  if [ -e "$1/binlog/$first" ]; then
    [ "$(begun "$1/binlog/$first")" = "$(begun "$1/binlog.new/$first")" ]
  elif [ "$1" != "${made:-}" ]; then
    since=$(date -u -d "@$(begun "$1/binlog.new/$first")" +%Y%m%dT%H%M%SZ)
    [ "$(printf '%s\n' "$since" "${1##*/dump-}" | sort | tail -n 1)" = "${1##*/dump-}" ]
  fi
}

# The binary log from a dump's place on, all anew, in the place of what was there of it. Another server's is
# not taken: what is there may be all that is left of a lost one.
another=9
fetch() {
  read -r first _ < "$1/place"
  rm -rf "$1/binlog.new"
  # A run that ended between its two moves has left the log under the other name.
  [ -d "$1/binlog" ] || [ ! -d "$1/binlog.old" ] || mv "$1/binlog.old" "$1/binlog"
  mkdir "$1/binlog.new"
  "$(either mariadb-binlog mysqlbinlog)" --defaults-extra-file="$cnf" --read-from-remote-server \
    --raw --to-last-log --result-file="$1/binlog.new/" "$first" || { rm -rf "$1/binlog.new"; return 1; }
  belongs "$1" || { rm -rf "$1/binlog.new"; return "$another"; }
  sync
  rm -rf "$1/binlog.old"
  [ ! -d "$1/binlog" ] || mv "$1/binlog" "$1/binlog.old" || return 1
  mv "$1/binlog.new" "$1/binlog" || return 1
  rm -rf "$1/binlog.old"
}

binlog() {
  lock 0
  from=$(newest)
  [ -n "$from" ] || fail "there is no dump in $backups yet: backup.sh dump"
  fetch "$from" || case $? in
    "$another") fail "this server's $first is not the one of $from: restore that first, then dump --new-server" ;;
    *) fail "the binary log could not be read" ;;
  esac
  echo "$from/binlog: $(find "$from/binlog" -type f | wc -l) files, $(du -sh "$from/binlog" | cut -f1)"
}

restore() {
  until='' dump_only='' by=''
  while [ $# -gt 0 ]; do
    case $1 in
      --dump-only) dump_only=1 ;;
      --until)
        until=${2:-}
        [ $# -lt 2 ] || shift
        # Other forms mean other moments to the programs here, or none at all.
        case $until in
          [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' '[0-9][0-9]:[0-9][0-9]:[0-9][0-9])
            by=$(date -u -d "$until" +%Y%m%dT%H%M%SZ 2>/dev/null || true) ;;
        esac
        [ -n "$by" ] || fail "--until needs a moment in UTC, as \"2026-11-26 12:00:00\""
        ;;
      *) fail "restore does not know $1" ;;
    esac
    shift
  done
  [ -z "$until" ] || [ -z "$dump_only" ] || fail "a dump alone cannot go on to $until"
  from=$(newest "$by")
  [ -n "$from" ] || fail "there is no dump in $backups${until:+ from before $until}"
  (cd "$from" && sha256sum --quiet -c SHA256SUMS) || fail "$from is damaged"
  log=$from/binlog
  [ -d "$log" ] || log=$from/binlog.old
  read -r first position source < "$from/place"
  [ -n "$dump_only" ] || [ -e "$log/$first" ] ||
    fail "$from has no binary log: what came after the dump would be lost (--dump-only restores it so)"
  sql -e "create database if not exists \`$database\` character set utf8mb4"
  tables=$(sql -e "select count(*) from information_schema.tables where table_schema = '$database'")
  [ "$tables" = 0 ] || fail "the database $database has $tables tables: restore into an empty one"
  gunzip -c "$from/dump.sql.gz" | sql --default-character-set=utf8mb4 "$database"
  [ -n "$dump_only" ] || replay
  echo "restored $from${until:+ until $until}${dump_only:+, and nothing after it}"
  if [ -n "${RELAY_DIR:-}" ]; then (cd "$RELAY_DIR" && node build/relay.mjs verify); fi
}

# The first file from the dump's place on, the others whole; all as one, for what spans two. Of the server's
# other databases nothing is done again, and ours under the name that it has here.
replay() {
  program=$(either mariadb-binlog mysqlbinlog)
  set -- --start-position="$position" --rewrite-db="$source->$database"
  # MariaDB's looks for the old name and MySQL's for the new one.
  case $program in
    *mariadb*) set -- "$@" --database="$source" ;;
    *) set -- "$@" --database="$database" ;;
  esac
  [ -z "$until" ] || set -- "$@" --stop-datetime="$until"
  unfinished=$(mktemp "${TMPDIR:-/tmp}/relay-replay-XXXXXX")
  TZ=UTC "$program" "$@" "$log"/* > "$unfinished"
  echo "the log has $(grep -ac '^START TRANSACTION\|^BEGIN' "$unfinished") transactions after the dump"
  sql < "$unfinished"
  rm "$unfinished"
  unfinished=
}

prune() {
  days=${1:-}
  case $days in '' | *[!0-9]*) fail "prune needs a number of days" ;; esac
  lock 600
  rm -rf "$backups"/dump-*.unfinished
  keep=$(newest)
  for old in "$backups"/dump-*Z; do
    [ -d "$old" ] || continue
    if [ "$old" = "$keep" ] || [ -z "$(find "$old" -maxdepth 0 -mtime "+$days")" ]; then continue; fi
    rm -rf "$old"
    echo "dropped $old"
  done
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  dump | binlog | restore)
    [ -r "$cnf" ] || fail "cannot read $cnf, which says how to reach the server"
    name_database
    "$verb" "$@"
    ;;
  prune) prune "$@" ;;
  *) sed -n '2,21s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
