#!/bin/sh
# Backups of the relay's database: a whole dump, the binary log since then, and the way back, to the
# end or to a moment, into an empty database. docs/operate.md goes through all of it.
#
#   backup.sh dump                       a new dump in $BACKUPS, with its place in the binary log
#   backup.sh binlog                     what has happened since the newest dump
#   backup.sh restore [--until "TIME"]   the newest dump and the log after it into an empty database;
#                                        TIME is in UTC, as "2026-11-26 12:00:00"
#   backup.sh prune DAYS                 drops dumps older than so many days, but never the newest
#
# BACKUPS   the folder of the backups (/var/backups/ai-api-relay); best on another machine's disk
# BACKUP_CNF  how to reach the server: a file of MariaDB's clients, [client] with host, user, password
# DATABASE  the database's name (relay)
# RELAY_DIR the relay's folder; restore runs its `verify` in the end, on DATABASE_URL
set -eu
umask 077

backups=${BACKUPS:-/var/backups/ai-api-relay}
cnf=${BACKUP_CNF:-/etc/ai-api-relay/backup.cnf}
database=${DATABASE:-relay}

fail() { echo "backup.sh: $*" >&2; exit 1; }
# Both makers' programs do; each calls its own by its own name.
either() { command -v "$1" || command -v "$2" || fail "needs $1 or $2: apt-get install mariadb-client"; }
sql() {
  "$(either mariadb mysql)" --defaults-extra-file="$cnf" --batch --skip-column-names "$@"
}
newest() { ls -d "$backups"/dump-*Z 2>/dev/null | sort | tail -n 1; }

dump() {
  mkdir -p "$backups"
  made=$backups/dump-$(date -u +%Y%m%dT%H%M%SZ)
  mkdir "$made.unfinished"
  program=$(either mariadb-dump mysqldump)
  # What is under way goes on: the dump is of one moment, which --master-data writes down.
  place=--master-data=2
  "$program" --help 2>/dev/null | grep -q -- --source-data && place=--source-data=2
  "$program" --defaults-extra-file="$cnf" --single-transaction --quick --hex-blob \
    --default-character-set=utf8mb4 "$place" "$database" \
    > "$made.unfinished/dump.sql"
  tail -n 1 "$made.unfinished/dump.sql" | grep -q '^-- Dump completed' ||
    fail "the dump in $made.unfinished has no end"
  head -n 60 "$made.unfinished/dump.sql" |
    sed -n "s/^-- CHANGE [A-Z ]* TO [A-Z]*_LOG_FILE='\([^']*\)', [A-Z]*_LOG_POS=\([0-9]*\);.*/\1 \2 $database/p" \
    > "$made.unfinished/place"
  [ -s "$made.unfinished/place" ] || fail "the server writes no binary log: set log_bin"
  gzip "$made.unfinished/dump.sql"
  (cd "$made.unfinished" && sha256sum dump.sql.gz place > SHA256SUMS)
  # Whatever bears the final name is complete.
  sync
  mv "$made.unfinished" "$made"
  echo "$made: $(du -h "$made/dump.sql.gz" | cut -f1), from $(cat "$made/place")"
}

binlog() {
  from=$(newest)
  [ -n "$from" ] || fail "there is no dump in $backups yet: backup.sh dump"
  read -r first _ < "$from/place"
  mkdir -p "$from/binlog.new"
  "$(either mariadb-binlog mysqlbinlog)" --defaults-extra-file="$cnf" --read-from-remote-server \
    --raw --to-last-log --result-file="$from/binlog.new/" "$first"
  sync
  rm -rf "$from/binlog.old"
  [ ! -d "$from/binlog" ] || mv "$from/binlog" "$from/binlog.old"
  mv "$from/binlog.new" "$from/binlog"
  rm -rf "$from/binlog.old"
  echo "$from/binlog: $(ls "$from/binlog" | wc -l) files, $(du -sh "$from/binlog" | cut -f1)"
}

restore() {
  until=
  if [ "${1:-}" = --until ]; then
    [ -n "${2:-}" ] || fail "--until needs a moment, as \"2026-11-26 12:00:00\""
    until=$2
  fi
  from=$(newest)
  [ -n "$from" ] || fail "there is no dump in $backups"
  (cd "$from" && sha256sum --quiet -c SHA256SUMS) || fail "$from is damaged"
  sql -e "create database if not exists \`$database\` character set utf8mb4"
  tables=$(sql -e "select count(*) from information_schema.tables where table_schema = '$database'")
  [ "$tables" = 0 ] || fail "the database $database has $tables tables: restore into an empty one"
  gunzip -c "$from/dump.sql.gz" | sql --default-character-set=utf8mb4 "$database"
  if [ -d "$from/binlog" ]; then
    read -r _ position source < "$from/place"
    # The first file from the dump's place on, the others whole; all as one, for what spans two. Of the
    # server's other databases nothing is done again, and ours under the name that it has here.
    program=$(either mariadb-binlog mysqlbinlog)
    set -- --start-position="$position" --rewrite-db="$source->$database"
    # MariaDB's looks for the old name and MySQL's for the new one.
    case $program in
      *mariadb*) set -- "$@" --database="$source" ;;
      *) set -- "$@" --database="$database" ;;
    esac
    [ -z "$until" ] || set -- "$@" --stop-datetime="$until"
    TZ=UTC "$program" "$@" "$from"/binlog/* > "$from/replayed.sql"
    echo "the log has $(grep -ac '^START TRANSACTION\|^BEGIN' "$from/replayed.sql") transactions after the dump"
    sql < "$from/replayed.sql"
    rm "$from/replayed.sql"
  elif [ -n "$until" ]; then
    fail "$from has no binary log, so that it cannot go on to $until"
  fi
  echo "restored $from${until:+ until $until}"
  if [ -n "${RELAY_DIR:-}" ]; then (cd "$RELAY_DIR" && node build/relay.mjs verify); fi
}

prune() {
  days=${1:-}
  case $days in '' | *[!0-9]*) fail "prune needs a number of days" ;; esac
  keep=$(newest)
  find "$backups" -mindepth 1 -maxdepth 1 -type d -name 'dump-*' -mtime "+$days" |
    while read -r old; do [ "$old" = "$keep" ] || { rm -rf "$old"; echo "dropped $old"; }; done
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  dump | binlog | restore)
    [ -r "$cnf" ] || fail "cannot read $cnf, which says how to reach the server"
    "$verb" "$@"
    ;;
  prune) prune "$@" ;;
  *) sed -n '2,17s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
