-- Each part once, under its own unit, where it stood: the last move known by then and true by then.
, stood as materialized (  -- or PostgreSQL reads every move to find the last of each part
  select asked.pair, asked.true_on, asked.soon_on, p.id as part_id, p.task_id, p.verifier_id,
         (select max(e.id) from tasks_move e
          where e.part_id = p.id and e.at <= asked.known_at and e.true_on <= asked.true_on) as move_id
  from asked cross join tasks_part p
  where asked.live = 0
),
standing as (
  select asked.pair, asked.true_on, asked.soon_on, p.id as part_id, p.task_id, p.unit_id, p.verifier_id, p.status,
         p.first_due_on, p.due_on, p.done_on
  from asked cross join tasks_part p
  where asked.live = 1
  union all
  select stood.pair, stood.true_on, stood.soon_on, stood.part_id, stood.task_id, m.unit_id, stood.verifier_id, m.status,
         m.first_due_on, m.due_on, m.done_on
  from stood join tasks_move m on m.id = stood.move_id
),
-- Seen when the task, the part's unit or its verifier lies within the person's reach, graded work within the cleared
-- reach. Drafts never count.
seen as (
  select s.pair, s.true_on, s.soon_on, s.part_id, s.task_id, s.unit_id, s.status,
         s.first_due_on, s.due_on, s.done_on, t.programme_id
  from chosen cross join standing s cross join tasks_task t  -- in this order: the planner of SQLite takes it as said
  where t.id = s.task_id
    and s.status not in ('draft', 'transferred')
    and t.issued_on is not null
    and (chosen.programme = 0 or t.programme_id = chosen.programme)
    and (chosen.key_only = 0 or t.is_key)
    and (chosen.under = ''
         or s.unit_id in (select u.id from orgs_unit u cross join chosen where u.path like chosen.under))
    and (t.unit_id in (select within.id from within)
         or s.unit_id in (select within.id from within)
         or s.verifier_id in (select within.id from within))
    and (t.secrecy = 'open'
         or t.unit_id in (select cleared.id from cleared)
         or s.unit_id in (select cleared.id from cleared)
         or s.verifier_id in (select cleared.id from cleared))
)
