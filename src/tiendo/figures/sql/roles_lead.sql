-- Each task once, by its lead.
, roles as (
  select 'lead' as role
)
