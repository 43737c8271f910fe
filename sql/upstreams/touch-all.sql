-- returns count
update upstreams set version = version + 1
