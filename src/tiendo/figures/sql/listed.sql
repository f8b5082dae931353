-- The rows behind a number, of the pair in question, in the cells wanted. Days late are told where something is late;
-- slip is how far the work stands behind its first date: when done, or when due now, or today when that has passed.
, listed as (
  select c.task_id, c.part_id, c.unit_id, c.programme_id, t.number, t.title, t.issued_on, c.cell, c.status,
         c.first_due_on, c.due_on, c.done_on,
         case when c.cell = 'open_late' then c.true_on - c.due_on
              when c.cell = 'done_late' then c.done_on - c.due_on end as days_late,
         case when c.cell = 'dropped' then null
              when c.status = 'done' then c.done_on - c.first_due_on
              when c.due_on < c.true_on then c.true_on - c.first_due_on
              else c.due_on - c.first_due_on end as slip
  from counted c
  join tasks_task t on t.id = c.task_id
  cross join chosen
  where c.pair = 0
    and (chosen.lead = 0 or c.unit_id = chosen.lead)
    and c.cell in (select wanted.cell from wanted)
    and (chosen.mark = ''
         or (chosen.mark = 'kept' and c.kept = 1)
         or (chosen.mark = 'first_date_tested' and (c.status = 'done' or c.past_first = 1))
         or (chosen.mark = 'claimed' and (c.status = 'done' or c.submitted = 1))
         or (chosen.mark = 'due_soon' and c.due_soon = 1)
         or (chosen.mark = 'submitted' and c.submitted = 1))
)
