-- old relays: may run
-- Whose an answer is that an upstream keeps under its id, and where: by SHA-256 of the id. One whose
-- id has come for two accounts is nobody's: its account is 0.
create table if not exists stored_responses (
  digest binary(32) not null primary key,
  account_id bigint not null,
  upstream varchar(50) character set ascii collate ascii_bin not null,
  upstream_key varchar(50) character set ascii collate ascii_bin not null,
  model varchar(100) character set utf8mb4 collate utf8mb4_bin not null,
  expires_at datetime(3) not null,
  key stored_responses_expires_at (expires_at)
) engine = innodb default charset = utf8mb4
