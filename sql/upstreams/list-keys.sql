-- returns many
select id, upstream, name, last_four as lastFour, sealed, sealed_by as sealedBy, enabled,
       created_at as createdAt
  from upstream_keys order by upstream, id
