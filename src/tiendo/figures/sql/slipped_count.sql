select moved.why, count(*) as tasks from moved group by moved.why order by moved.why
