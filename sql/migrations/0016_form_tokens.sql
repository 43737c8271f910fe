-- old relays: may run
-- Forms that were sent, so that sending one again does nothing. Tokens are UUIDv7: old ones are a range.
create table if not exists form_tokens (
  token binary(16) not null primary key
) engine = innodb default charset = utf8mb4
