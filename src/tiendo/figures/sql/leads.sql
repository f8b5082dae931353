-- Each task once, where its lead part stood: the last move known by then and true by then.
, stood as materialized (  -- or PostgreSQL reads every move to find the last of each part
  select asked.pair, asked.true_on, asked.soon_on, p.id as part_id, p.task_id,
         (select max(e.id) from tasks_move e
          where e.part_id = p.id and e.at <= asked.known_at and e.true_on <= asked.true_on) as move_id
  from asked cross join tasks_part p
  where p.role = 'lead' and asked.live = 0
),
standing as (
  select asked.pair, asked.true_on, asked.soon_on, p.id as part_id, p.task_id, p.unit_id, p.status,
         p.first_due_on, p.due_on, p.done_on
  from asked cross join tasks_part p
  where p.role = 'lead' and asked.live = 1
  union all
  select stood.pair, stood.true_on, stood.soon_on, stood.part_id, stood.task_id, m.unit_id, m.status,
         m.first_due_on, m.due_on, m.done_on
  from stood join tasks_move m on m.id = stood.move_id
),
-- Met when the task, any part of it or the duty to verify one lies within the person's reach; graded work when it lies so
-- within the cleared reach. Drafts never count.
met as materialized (
  select s.pair, s.true_on, s.soon_on, s.part_id, s.task_id, s.unit_id, s.status,
         s.first_due_on, s.due_on, s.done_on, t.programme_id, t.above_id
  from chosen cross join standing s cross join tasks_task t  -- in this order: the planner of SQLite takes it as said
  where t.id = s.task_id
    and s.status not in ('draft', 'transferred')
    and t.issued_on is not null
    and (chosen.programme = 0 or t.programme_id = chosen.programme)
    and (chosen.key_only = 0 or t.is_key)
    and (chosen.under = ''
         or s.unit_id in (select u.id from orgs_unit u cross join chosen where u.path like chosen.under))
    and (t.unit_id in (select within.id from within)
         or t.id in (
           select q.task_id from tasks_part q
           where q.unit_id in (select within.id from within) and q.status <> 'draft'
           union
           select q.task_id from tasks_part q
           where q.verifier_id in (select within.id from within) and q.status <> 'draft'))
    and (t.secrecy = 'open'
         or t.unit_id in (select cleared.id from cleared)
         or t.id in (
           select q.task_id from tasks_part q
           where q.unit_id in (select cleared.id from cleared) and q.status <> 'draft'
           union
           select q.task_id from tasks_part q
           where q.verifier_id in (select cleared.id from cleared) and q.status <> 'draft'))
),
-- Work counts once: a task beneath another counts within that one, wherever that one is in the set.
seen as (
  select met.pair, met.true_on, met.soon_on, met.part_id, met.task_id, met.unit_id, met.status,
         met.first_due_on, met.due_on, met.done_on, met.programme_id
  from met
  where met.above_id is null
     or (met.pair, met.above_id) not in (select w.pair, w.task_id from met w)
)
