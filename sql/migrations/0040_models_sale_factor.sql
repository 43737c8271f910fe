-- old relays: may run
-- What a model without a price of its own is sold at: so many basis points of what it costs.
alter table models add column sale_factor int unsigned null,
                   algorithm = instant
