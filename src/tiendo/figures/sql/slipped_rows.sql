select listed.* from listed
join moved on moved.task_id = listed.task_id
cross join chosen
where moved.why = chosen.why
order by listed.days_late desc nulls last, listed.due_on nulls last, listed.task_id
limit %s offset %s
