select listed.* from listed
order by listed.slip desc nulls last, listed.due_on nulls last, listed.task_id, listed.part_id
limit %s offset %s
