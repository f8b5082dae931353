-- The cell of each row, as tasks.timing.cell says it for one; dropped stands apart and leaves the rates.
, counted as (
  select seen.pair, seen.true_on, seen.part_id, seen.task_id, seen.unit_id, seen.programme_id, seen.status,
         seen.first_due_on, seen.due_on, seen.done_on,
         case when seen.status = 'dropped' then 'dropped'
              when seen.status = 'done' and (seen.due_on is null or seen.done_on <= seen.due_on) then 'done_in_time'
              when seen.status = 'done' then 'done_late'
              when seen.due_on is null then 'no_date'
              when seen.due_on < seen.true_on then 'open_late'
              else 'open_in_time' end as cell,
         case when seen.status = 'done' and (seen.first_due_on is null or seen.done_on <= seen.first_due_on)
              then 1 else 0 end as kept,
         case when seen.status not in ('done', 'dropped') and seen.first_due_on < seen.true_on
              then 1 else 0 end as past_first,
         case when seen.status not in ('done', 'dropped')
                   and seen.due_on >= seen.true_on and seen.due_on <= seen.soon_on
              then 1 else 0 end as due_soon,
         case when seen.status = 'submitted' then 1 else 0 end as submitted
  from seen
)
