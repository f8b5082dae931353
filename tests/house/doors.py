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
    "mfa_login_webauthn": "a passkey signs in by itself",
    "openid_connect_login": "the way to the office's provider, where one is named",
    "openid_connect_callback": "the way back, with the provider's own proof",
    "api:openapi-json": "asks by itself; the test that walks through every door sees it",
    "api-nowhere": "an address of the API that is nowhere says so in the API's own way",
    "live": "says that the process answers, and nothing else",
    "ready": "says whether people may be let in; why not is told on this machine or with the token",
    "metrics": "asks by itself: this machine, or the token of whoever watches",
    "web:language": "the sign-in page, too, is read in four languages",
    "access:invitation": "a link from a letter carries its own proof",
    "exchange:calendar": "a calendar program knows no sign-in: the address carries its own secret, and shows deadlines only",
}

# Doors without a row in the table of rights (tests/matrix): they are nobody's in particular. Where each is tested instead.
UNJUDGED = {
    "api-nowhere": "an address that is none: web/tests/test_api.py",
    "account_email": "a page of the library that this house does not keep: tests/test_house.py",
    "account_email_verification_sent": "the library's, open before signing in: tests/test_house.py",
    "openid_connect_login": "a way in, before anybody is somebody: people/tests/test_provider.py",
    "openid_connect_callback": "the way back from there: people/tests/test_provider.py",
}

# Pages that list, with the test that shows them asking as often for one row as for twenty…
LISTS = {
    "access:invitations": "access/tests/test_invitation_pages.py::test_twenty_invitations_ask_as_much_as_one",
    "access:people": "access/tests/test_pages.py::test_twenty_people_ask_as_much_as_one",
    "access:why": "access/tests/test_pages.py::test_asking_why_asks_as_much_for_twenty_roles_as_for_one",
    "api:delegations": "access/tests/test_api.py::test_twenty_rows_ask_as_much_as_one",
    "api:grants": "access/tests/test_api.py::test_twenty_rows_ask_as_much_as_one",
    "api:invitations": "access/tests/test_api.py::test_twenty_rows_ask_as_much_as_one",
    "api:committees": "orgs/tests/test_api.py::test_twenty_committees_ask_as_much_as_one",
    "api:documents": "web/tests/test_api.py::test_twenty_texts_ask_as_much_as_one",
    "api:standing": "orgs/tests/test_api.py::test_twenty_units_ask_as_much_as_one",
    "api:tasks": "web/tests/test_api.py::test_twenty_tasks_ask_as_much_as_one",
    "documents:documents": "documents/tests/test_pages.py::test_the_number_of_questions_does_not_grow_with_the_rows",
    "figures:figure": "figures/tests/test_pages.py::test_as_many_questions_for_one_row_as_for_twenty",
    "intake:desk": "intake/tests/test_pages.py::test_the_number_of_questions_does_not_grow_with_the_proposals",
    "intake:desks": "intake/tests/test_pages.py::test_one_text_or_six_the_list_asks_as_often",
    "api:notices": "notifications/tests/test_pages.py::test_twenty_notices_ask_as_much_as_one",
    "notifications:notices": "notifications/tests/test_pages.py::test_twenty_notices_ask_as_much_as_one",
    "api:webhooks": "exchange/tests/test_hook_pages.py::test_twenty_webhooks_ask_as_much_as_one",
    "exchange:hooks": "exchange/tests/test_hook_pages.py::test_twenty_webhooks_ask_as_much_as_one",
    "exchange:hook": "exchange/tests/test_hook_pages.py::test_twenty_messages_ask_as_much_as_one",
    "exchange:calendar": "exchange/tests/test_calendars.py::test_twenty_deadlines_ask_as_much_as_one",
    "orgs:committee": "orgs/tests/test_committee_pages.py::test_twenty_members_ask_as_much_as_one",
    "orgs:committees": "orgs/tests/test_committee_pages.py::test_twenty_committees_ask_as_much_as_one",
    "orgs:unit": "orgs/tests/test_pages.py::test_twenty_relatives_ask_as_much_as_one",
    "orgs:units": "orgs/tests/test_pages.py::test_twenty_children_ask_as_much_as_one",
    "api:reforms": "reforms/tests/test_pages.py::test_twenty_reforms_ask_as_much_as_one",
    "reforms:reforms": "reforms/tests/test_pages.py::test_twenty_reforms_ask_as_much_as_one",
    "api:task-beneath": "tasks/tests/test_beneath_pages.py::test_as_many_questions_for_one_row_as_for_twenty",
    "tasks:beneath": "tasks/tests/test_beneath_pages.py::test_as_many_questions_for_one_row_as_for_twenty",
    "tasks:table": "tasks/tests/test_lists.py::test_a_table_asks_no_more_for_twenty_tasks_than_for_one",
    "tasks:draw": "tasks/tests/test_draws.py::test_as_many_questions_for_one_check_as_for_twenty",
    "tasks:personal": "tasks/tests/test_personal.py::test_as_many_questions_for_one_task_as_for_twenty",
    "tasks:draws": "tasks/tests/test_draws.py::test_as_many_questions_for_one_lot_as_for_twenty",
    "tasks:tasks": "tasks/tests/test_pages.py::test_a_list_of_one_and_of_twenty_asks_as_often",
    "web:guide": "web/tests/test_guide.py::test_its_words_cost_the_same_whatever_their_number",
    "web:my_work": "web/tests/test_my_work.py::test_one_card_or_twenty_the_page_asks_as_often",
    "web:history": "web/tests/test_history.py::test_twenty_lines_ask_as_much_as_one",
    "web:record": "web/tests/test_history.py::test_twenty_entries_ask_as_much_as_one",
    "web:search": "web/tests/test_search.py::test_twenty_found_ask_as_much_as_one",
    "web:stocktake": "web/tests/test_stocktake.py::test_as_many_questions_for_one_row_as_for_twenty",
    "web:tokens": "web/tests/test_api.py::test_twenty_keys_ask_as_much_as_one",
}
# …and addresses without a number that list nothing.
LIST_NOTHING = {
    "access:new_invitation": "a form",
    "access:sheet": "a form, and the last ten sheets",
    "access:sheet_entry": "takes one sheet",
    "access:sheet_template": "an empty sheet",
    "api:giving": "takes one role",
    "api:inviting": "takes one invitation",
    "api:why": "one answer",
    "account_email": "a page this house does not keep",
    "api:openapi-json": "describes the API",
    "api-docs": "the same as a page",
    "api:me": "one person",
    "api:registration": "takes one text",
    "api:source": "takes one file",
    "api:drafting": "takes one draft",
    "documents:drafting": "a form",
    "api:reform_preparation": "takes one plan",
    "api:figures": "the registry, as long as the code makes it",
    "api:units": "a search that gives at most a page",
    "documents:registration": "a form",
    "api:notice-wishes": "one person's wishes",
    "api:notices-reading": "takes one number",
    "notifications:all_reading": "takes one number",
    "notifications:wishes": "a form",
    "exchange:calendars": "a form, and one's own addresses",
    "exchange:new_hook": "a form",
    "reforms:new": "a form",
    "tasks:new": "a form",
    "tasks:mine": "sends on",
    "tasks:announcement": "a form",
    "web:account": "one's own account: three facts",
    "web:anchor": "gives one seal",
    "web:home": "sends on",
    "web:proven": "two sentences",
    "web:language": "takes one word",
    "web:receipt_script": "gives one file",
}


class Door(NamedTuple):
    """A route: its name, an address that leads to it, the view, whether it asks who comes."""

    name: str
    address: str
    view: Any
    takes_arguments: bool = False

    @property
    def by_pattern(self) -> bool:
        """A regular expression: no example of an address can be made of it."""
        return "^" in self.address or "(?P" in self.address

    @property
    def is_guarded(self) -> bool:
        return bool(getattr(self.view, "login_required", True)) or asks_for_a_key(self.view)

    @property
    def may_list(self) -> bool:
        """Without a number in its address a page of ours shows many things, or says why not."""
        return self.is_ours and not self.takes_arguments and self.name not in PUBLIC

    @property
    def is_ours(self) -> bool:
        """Ours to test; the library's pages have tests of their own."""
        return str(self.view.__module__).startswith(("tiendo.", "ninja."))


def asks_for_a_key(view: Any) -> bool:
    """The API stands outside the pages' middleware: each of its operations must ask by itself."""
    operations = operations_of(view)
    return bool(operations) and all(op.auth_callbacks for op in operations)


def within(view: Any) -> Iterator[Any]:
    """What a view was made around, however many times it was wrapped."""
    if inspect.isfunction(view):
        for thing in inspect.getclosurevars(view).nonlocals.values():
            yield thing
            yield from within(thing)


EVERY_METHOD = {
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
}  # a view that does not choose takes them all


def methods(door: Door) -> set[str]:
    """What may be asked at this door; HEAD is a GET, and OPTIONS asks about the door itself."""
    operations = operations_of(door.view)
    if operations:
        own = door.name.removeprefix("api:")
        return {method for op in operations if name_of(op) == own for method in op.methods}
    listed = [set(thing) for thing in within(door.view) if is_methods(thing)]
    return (set.intersection(*listed) if listed else EVERY_METHOD) - {"HEAD", "OPTIONS"}


def operations_of(view: Any) -> list[Any]:
    """Those of an address of the API: several may share it."""
    paths = [thing for thing in within(view) if isinstance(thing, PathView)]
    return [operation for path in paths for operation in path.operations]


def name_of(operation: Any) -> str:
    return str(getattr(operation, "url_name", "") or operation.view_func.__name__)


def is_methods(thing: Any) -> bool:
    """The list a decorator of methods keeps."""
    named = isinstance(thing, list | tuple | set) and bool(thing)
    return named and all(isinstance(one, str) and one.isupper() for one in thing)


def doors() -> list[Door]:
    return list(walk(get_resolver().url_patterns))


def walk(patterns: Any, space: str = "", before: str = "/", takes: bool = False) -> Iterator[Door]:
    for entry in patterns:
        address = before + example(entry.pattern)
        takes_arguments = takes or bool(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry.url_patterns, inner, address, takes_arguments)
        elif isinstance(entry, URLPattern):
            name = f"{space}{entry.name or address}"
            yield Door(name, address, entry.callback, takes_arguments)


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


def compares_queries(source: str, test: str) -> bool:
    """Whether this test, with what it calls in its file, counts queries."""
    functions = {n.name: n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)}
    if test not in functions:
        return False
    called = {n.id for n in ast.walk(functions[test]) if isinstance(n, ast.Name)}
    bodies = [test, *(name for name in called if name in functions)]
    return any("queries" in ast.unparse(functions[name]).lower() for name in bodies)
