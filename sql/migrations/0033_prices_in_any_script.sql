-- old relays: may run
-- Names of models may be in any script; what is there stays as it is, byte for byte.
alter table prices modify model varchar(100) character set utf8mb4 collate utf8mb4_bin not null
