-- Whether this database keeps what it has committed, and refuses what does not fit.
-- returns one
select @@innodb_flush_log_at_trx_commit as flushLog, @@log_bin as binlog,
       @@sync_binlog as syncBinlog, @@global.sql_mode as sqlMode
