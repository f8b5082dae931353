-- The same groups from the tally, for eyes that see the whole tree and a journal that holds nothing later.
, grouped as (
  select asked.pair, t.unit as unit_id, t.programme as programme_id,
         sum(case when t.stands = 'done_in_time' then t.n else 0 end) as done_in_time,
         sum(case when t.stands = 'done_late' then t.n else 0 end) as done_late,
         sum(case when t.stands in ('open', 'submitted') and t.due_on >= asked.true_on then t.n else 0 end) as open_in_time,
         sum(case when t.stands in ('open', 'submitted') and t.due_on > 0 and t.due_on < asked.true_on
                  then t.n else 0 end) as open_late,
         sum(case when t.stands in ('open', 'submitted') and t.due_on = 0 then t.n else 0 end) as no_date,
         sum(case when t.stands = 'dropped' then t.n else 0 end) as dropped,
         sum(case when t.stands in ('open', 'submitted') and t.due_on >= asked.true_on and t.due_on <= asked.soon_on
                  then t.n else 0 end) as due_soon,
         sum(case when t.stands = 'submitted' then t.n else 0 end) as submitted,
         sum(case when t.kept = 1 then t.n else 0 end) as kept,
         sum(case when t.stands in ('open', 'submitted') and t.first_due_on > 0 and t.first_due_on < asked.true_on
                  then t.n else 0 end) as past_first
  from chosen cross join asked cross join tasks_tally t
  where t.role in (select roles.role from roles)
    and (t.is_beneath = 0 or t.role in (select roles.role from roles where roles.counts_beneath = 1))
    and (t.secrecy = 'open' or exists (select 1 from cleared))
    and (chosen.programme = 0 or t.programme = chosen.programme)
    and (chosen.key_only = 0 or t.is_key = 1)
    and (chosen.lead = 0 or t.unit = chosen.lead)
    and (chosen.under = ''
         or t.unit in (select u.id from orgs_unit u cross join chosen where u.path like chosen.under))
  group by asked.pair, t.unit, t.programme
)
