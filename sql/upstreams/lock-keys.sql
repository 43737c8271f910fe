-- All keys, until the end of the transaction.
-- returns many
select id, upstream, name, sealed, sealed_by as sealedBy from upstream_keys order by id for update
