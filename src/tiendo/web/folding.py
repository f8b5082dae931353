"""A text without case and marks, asked of the database, so that every row is searched and not the newest alone."""

from typing import Any

from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Concat

from tiendo.orgs.names import fold

MARKS = "[\\u0300-\\u036f''’‘ʼʻ´`′]"  # and apostrophes, the quote written as SQL wants it
# What `lower` leaves alone where the database sorts by bytes, and the stroke that no normal form takes apart.
LARGE = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯĐÐđð"
SMALL = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяdddd"


class Folded(Func):
    """What `fold` finds in a text is found here too (PostgreSQL leaves punctuation between the words)."""

    output_field = TextField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        connection.ensure_connection()
        connection.connection.create_function("folded", 1, folded, deterministic=True)
        return self.as_sql(compiler, connection, function="folded", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = f"regexp_replace(normalize(%(expressions)s, NFKD), '{MARKS}', '', 'g')"
        template = f"translate(lower({template}), '{LARGE}', '{SMALL}')"
        for one, two in (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("Œ", "oe"), ("Æ", "ae")):
            template = f"replace({template}, '{one}', '{two}')"
        return self.as_sql(compiler, connection, template=template, **more)


def folded(text: str | None) -> str:
    return fold(text or "")


def holding(rows: QuerySet[Any], words: str, *fields: str) -> QuerySet[Any]:
    """The rows whose fields together hold each of these words, marks or none."""
    parts = [part for field in fields for part in (Value(" "), field)]
    found = rows.annotate(read=Folded(Concat(*parts, output_field=TextField())))
    for word in fold(words).split():
        found = found.filter(read__contains=word)
    return found
