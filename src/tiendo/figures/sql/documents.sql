-- Texts in force on the day, registered by the moment: those open to all, kept beneath the reach, or sent beneath it.
, texts as (
  select d.id, d.type_id, d.symbol, d.title, d.issued_on
  from documents_document d
  cross join asked
  where asked.pair = 0
    and d.status = 'in_force'
    and d.registered_at <= asked.known_at
    and d.issued_on <= asked.true_on
    and (d.in_force_from is null or d.in_force_from <= asked.true_on)
    and (d.in_force_to is null or d.in_force_to > asked.true_on)
    and exists (select 1 from within)
    and (d.secrecy = 'open'
         or d.unit_id in (select within.id from within)
         or d.id in (select r.document_id from documents_document_recipients r
                     where r.unit_id in (select within.id from within)))
)
