-- The groups summed: of all, by unit, by programme.
select 'all' as grain, 0 as id, g.pair,
       cast(sum(g.done_in_time) as bigint) as done_in_time, cast(sum(g.done_late) as bigint) as done_late,
       cast(sum(g.open_in_time) as bigint) as open_in_time, cast(sum(g.open_late) as bigint) as open_late,
       cast(sum(g.no_date) as bigint) as no_date, cast(sum(g.dropped) as bigint) as dropped,
       cast(sum(g.due_soon) as bigint) as due_soon, cast(sum(g.submitted) as bigint) as submitted,
       cast(sum(g.kept) as bigint) as kept, cast(sum(g.past_first) as bigint) as past_first
from grouped g group by g.pair
union all
select 'unit', g.unit_id, g.pair,
       cast(sum(g.done_in_time) as bigint), cast(sum(g.done_late) as bigint),
       cast(sum(g.open_in_time) as bigint), cast(sum(g.open_late) as bigint),
       cast(sum(g.no_date) as bigint), cast(sum(g.dropped) as bigint),
       cast(sum(g.due_soon) as bigint), cast(sum(g.submitted) as bigint),
       cast(sum(g.kept) as bigint), cast(sum(g.past_first) as bigint)
from grouped g group by g.unit_id, g.pair
union all
select 'programme', g.programme_id, g.pair,
       cast(sum(g.done_in_time) as bigint), cast(sum(g.done_late) as bigint),
       cast(sum(g.open_in_time) as bigint), cast(sum(g.open_late) as bigint),
       cast(sum(g.no_date) as bigint), cast(sum(g.dropped) as bigint),
       cast(sum(g.due_soon) as bigint), cast(sum(g.submitted) as bigint),
       cast(sum(g.kept) as bigint), cast(sum(g.past_first) as bigint)
from grouped g group by g.programme_id, g.pair
order by 1, 3, 7 desc nulls last, 2
