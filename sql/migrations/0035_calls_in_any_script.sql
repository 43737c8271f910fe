-- old relays: may run
-- Names of models may be in any script; what is there stays as it is, byte for byte. No server does it
-- without a copy of the table: 9 s for a million calls, in which no call ends (MariaDB 10.11).
alter table calls modify model varchar(100) character set utf8mb4 collate utf8mb4_bin not null
