-- The question. pairs: the two dates, as a day number and UTC microseconds (0 is the pair in question, 1 an earlier
-- one to compare with). live = 1 when the journal holds nothing later: each part then stands where its row says.
-- reach: patterns of the paths the asking person sees. wanted: the cells whose rows are asked for. cleared: the units
-- beneath which the person sees graded work too.
with pairs as (
{pairs}
),
asked as (
  select pairs.pair, pairs.true_on, pairs.known_at, pairs.soon_on,
         case when exists (select 1 from tasks_move e where e.at > pairs.known_at)
                or exists (select 1 from tasks_move e where e.true_on > pairs.true_on)
              then 0 else 1 end as live
  from pairs
),
chosen as (
{chosen}
),
reach as (
{reach}
),
wanted as (
{wanted}
),
cleared_reach as (
{cleared}
),
cleared as (
  select distinct u.id from orgs_unit u join cleared_reach on u.path like cleared_reach.pattern
),
within as (
  select distinct u.id from orgs_unit u join reach on u.path like reach.pattern
)
