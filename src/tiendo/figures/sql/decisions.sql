-- What waits for the assigning side: requests for another date not yet answered by then, and parts refused by a unit.
select 'extension' as kind, x.id, c.part_id, c.task_id, c.unit_id, t.title, x.was_due_on, x.asked_on, x.asked_at as since, x.reason
from tasks_extension x
join counted c on c.part_id = x.part_id
join tasks_task t on t.id = c.task_id
join asked on asked.pair = c.pair
where c.pair = 0 and c.cell <> 'dropped' and x.asked_at <= asked.known_at
  and (x.decided_at is null or x.decided_at > asked.known_at)
union all
select 'refused', m.id, c.part_id, c.task_id, c.unit_id, t.title, c.due_on, c.due_on, m.at, m.note
from counted c
join tasks_task t on t.id = c.task_id
join asked on asked.pair = c.pair
join tasks_move m on m.id = (
  select max(e.id) from tasks_move e
  where e.part_id = c.part_id and e.at <= asked.known_at and e.true_on <= asked.true_on)
where c.pair = 0 and c.status = 'refused'
order by 9 nulls last, 3
