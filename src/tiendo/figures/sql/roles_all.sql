-- Each unit's part, at every level.
, roles as (
  select 'lead' as role, 1 as counts_beneath
  union all
  select 'with' as role, 1 as counts_beneath
)
