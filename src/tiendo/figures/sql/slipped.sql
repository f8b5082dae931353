-- Why the late ones of pair 1 became the late ones of pair 0: each task that was late, or is, has one reason.
, compared as (
  select c.task_id,
         max(case when c.pair = 1 then c.cell end) as was,
         max(case when c.pair = 0 then c.cell end) as is_now,
         max(case when c.pair = 0 then c.status end) as status
  from counted c
  group by c.task_id
),
moved as (
  select compared.task_id,
         case when compared.was = 'open_late' and compared.is_now = 'open_late' then 'still_late'
              when compared.is_now = 'open_late' and compared.was is null then 'given_late'
              when compared.is_now = 'open_late' and compared.status = 'returned' then 'returned'
              when compared.is_now = 'open_late' then 'fell_due'
              when compared.is_now in ('done_in_time', 'done_late') then 'done_since'
              when compared.is_now in ('open_in_time', 'no_date') then 'new_date'
              when compared.is_now = 'dropped' then 'dropped_since'
              else 'left' end as why
  from compared
  where compared.was = 'open_late' or compared.is_now = 'open_late'
)
