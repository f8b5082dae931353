-- Each unit's part.
, roles as (
  select 'lead' as role
  union all
  select 'with' as role
)
