-- returns many
-- column state UpstreamState
select name, definition, state, priority, weight, version, created_at as createdAt,
       changed_at as changedAt
  from upstreams order by name
