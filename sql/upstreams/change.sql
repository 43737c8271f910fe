-- Changes nothing where somebody else has since it was read.
-- returns count
-- :name string
-- :version number
-- :definition string
-- :state UpstreamState
-- :priority number
-- :weight number
update upstreams
   set definition = :definition, state = :state, priority = :priority, weight = :weight,
       version = version + 1
 where name = :name and version = :version
