"""Rules for the table of addresses: which doors stand open, and which routes a test has walked through."""

import ast
import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.exceptions import Resolver404
from ninja.operation import PathView

# Doors that open to anybody, with the reason each one has.
PUBLIC = {
    "account_login": "where one signs in",
    "account_logout": "signing out asks nobody's leave",
    "account_signup": "answers that accounts come by invitation",
    "account_inactive": "says that an account is closed",
    "account_email_verification_sent": "the library's own way in",
    "account_confirm_email": "a link from a letter carries its own proof",
    "account_reset_password": "who forgot a password cannot sign in",
    "account_reset_password_done": "the same",
    "account_reset_password_from_key": "a link from a letter carries its own proof",
    "account_reset_password_from_key_done": "the same",
    "account_confirm_login_code": "the library's second step of signing in",
    "account_request_login_code": "answers that codes by letter are off",
    "mfa_authenticate": "the second step of signing in",
    "api:openapi-json": "asks by itself; the test that walks through every door sees it",
    "api-nowhere": "an address of the API that is nowhere says so in the API's own way",
    "web:language": "the sign-in page, too, is read in four languages",
}


class Door(NamedTuple):
    """A route: its name, an address that leads to it, the view, whether it asks who comes."""

    name: str
    address: str
    view: Any

    @property
    def is_guarded(self) -> bool:
        return bool(getattr(self.view, "login_required", True)) or asks_for_a_key(self.view)

    @property
    def is_ours(self) -> bool:
        """Ours to test; the library's pages have tests of their own."""
        return str(self.view.__module__).startswith(("tiendo.", "ninja."))


def asks_for_a_key(view: Any) -> bool:
    """The API stands outside the pages' middleware: each of its operations must ask by itself."""
    paths = [thing for thing in within(view) if isinstance(thing, PathView)]
    return bool(paths) and all(op.auth_callbacks for path in paths for op in path.operations)


def within(view: Any) -> Iterator[Any]:
    """What a view was made around, however many times it was wrapped."""
    if inspect.isfunction(view):
        for thing in inspect.getclosurevars(view).nonlocals.values():
            yield thing
            yield from within(thing)


def doors() -> list[Door]:
    return list(walk(get_resolver().url_patterns))


def walk(patterns: Any, space: str = "", before: str = "/") -> Iterator[Door]:
    for entry in patterns:
        address = before + example(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry.url_patterns, inner, address)
        elif isinstance(entry, URLPattern):
            yield Door(f"{space}{entry.name or address}", address, entry.callback)


EXAMPLES = {"int": "1", "slug": "word", "str": "word", "path": "word", "uuid": "0" * 32}


def example(pattern: Any) -> str:
    """An address the pattern would take; a regular expression (only the library has them) is left as it is."""
    route = str(pattern)
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        kind = "str" if kind == "string" else kind
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, EXAMPLES.get(kind, "1"))
    return route


def walked(source: str) -> set[str]:
    """Routes a test names (`tasks:task`) or goes to by address."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        said = address_in(node)
        if said.startswith("/"):
            found |= route_of(said.partition("?")[0])
        elif ":" in said and " " not in said:
            found.add(said)
    return found


def address_in(node: ast.AST) -> str:
    """A text, or a text with gaps: each gap is taken for a number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "1" for p in node.values)
    return ""


def route_of(address: str) -> set[str]:
    try:
        return {get_resolver().resolve(address).view_name}
    except Resolver404:
        return set()
