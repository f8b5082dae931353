-- Each task once, by its lead; one beneath another counts within it.
, roles as (
  select 'lead' as role, 0 as counts_beneath
)
