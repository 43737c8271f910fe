-- old relays: may run
-- One index for every filter: the rollup says which combinations there are (docs/decisions/0006).
create index calls_facets on calls (account_id, key_id, model, status_code, outcome, id)
