select texts.id as document_id, texts.type_id, texts.symbol, texts.title, texts.issued_on
from texts
cross join chosen
where chosen.lead = 0 or texts.type_id = chosen.lead
order by texts.issued_on desc nulls last, texts.id
limit %s offset %s
