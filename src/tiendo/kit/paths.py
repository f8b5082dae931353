"""Paths in the tree of units: numbers with closing slashes, asked for in the way each engine has an index for."""

from typing import Any

from django.db.models import CharField, Lookup

AFTER_SLASH = chr(ord("/") + 1)  # the first character no path goes on with


@CharField.register_lookup
class Beneath(Lookup):
    """`path__beneath="1/3/"`: that place and all under it; the empty path is above every root.

    SQLite takes an index for a range, not for LIKE with its escape; PostgreSQL has one for LIKE, and its order of
    words skips slashes, so that a range there would be wrong.
    """

    lookup_name = "beneath"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, given = self.process_lhs(compiler, connection)
        path = str(self.rhs)
        if not path:
            return f"{lhs} IS NOT NULL", tuple(given)
        if connection.vendor == "sqlite":
            end = (
                path.removesuffix("/") + AFTER_SLASH if path.endswith("/") else path + "\U0010ffff"
            )
            return f"({lhs} >= %s AND {lhs} < %s)", (*given, path, *given, end)
        return f"{lhs} LIKE %s", (*given, escaped(path) + "%")


def escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
