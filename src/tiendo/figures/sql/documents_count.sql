select texts.type_id as id, count(*) as texts from texts group by texts.type_id order by texts.type_id nulls last
