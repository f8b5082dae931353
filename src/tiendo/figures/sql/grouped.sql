-- How many in each cell: of all, by unit, by programme. Whole numbers; the rates are divided in Python.
, grouped as (
  select c.pair, c.unit_id, c.programme_id,
         sum(case when c.cell = 'done_in_time' then 1 else 0 end) as done_in_time,
         sum(case when c.cell = 'done_late' then 1 else 0 end) as done_late,
         sum(case when c.cell = 'open_in_time' then 1 else 0 end) as open_in_time,
         sum(case when c.cell = 'open_late' then 1 else 0 end) as open_late,
         sum(case when c.cell = 'no_date' then 1 else 0 end) as no_date,
         sum(case when c.cell = 'dropped' then 1 else 0 end) as dropped,
         sum(c.due_soon) as due_soon, sum(c.submitted) as submitted,
         sum(c.kept) as kept, sum(c.past_first) as past_first
  from counted c
  group by c.pair, c.unit_id, c.programme_id
)
