"""Finds an address of every page the house has: by following links as a person would, then by trying numbers.

A new route needs nothing here as long as some page of the demo's people links to it, or its numbers are guessed;
otherwise the walk names it, and ADDRESSES or NOT_WALKED gets a line.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.urls import get_resolver
from django.urls.exceptions import Resolver404
from house import doors

# Who walks, and where each begins. Nobody goes first: what is open to all is looked at without a person in it.
STARTS = {
    "": ("/account/login/", "/account/password/reset/"),
    "office": ("/stocktake/", "/search/?q=ha+giang"),
    "most": ("/my-work/",),
    "verifier": ("/my-work/",),
    "tuyenquang": ("/my-work/",),
    "admin": ("/",),
    "inspector": ("/",),
}
# Pages that offer each person other acts: walked by everybody who finds them.
EACH_HIS_OWN = {"web:my_work", "web:stocktake", "tasks:task"}
# Addresses that no page links to and no number opens: (account, address). A pattern is looked for in the house's letters.
ADDRESSES = {
    "access:invitation": ("", r"/invitation/\w{64}/"),
    "account_inactive": ("", "/account/inactive/"),
    "account_reset_password_done": ("", "/account/password/reset/done/"),
    "account_reset_password_from_key": ("", "/account/password/reset/key/1-set-password/"),
    "account_reset_password_from_key_done": ("", "/account/password/reset/key/done/"),
}
# Routes that answer to GET and are not looked at, each with its reason.
NOT_WALKED = {
    "account_confirm_email": "a letter's link; addresses are given with the account",
    "account_confirm_login_code": "codes by letter are off",
    "account_email": "a page this house does not keep",
    "account_email_verification_sent": "addresses are given with the account",
    "account_reauthenticate": "sends on to the second step where there is one; seen with it",
    "account_set_password": "every account has a password: sends on to changing it",
    "account_signup": "sends on: accounts come by invitation",
    "api-nowhere": "says in the API's own way that there is nothing",
    "exchange:calendar": "a calendar file",
    "intake:acceptance": "sends on to the form of the proposal",
    "intake:news": "says nothing while nothing is new: two people at one desk are walked by intake's tests",
    "intake:reading": "sends on to the desk",
    "mfa_activate_totp": "asks for the password first: walked by test_second_step",
    "mfa_add_webauthn": "asks for the password first: walked by test_passkeys",
    "mfa_authenticate": "stands in the middle of signing in: walked by test_second_step",
    "mfa_deactivate_totp": "needs a second step that is set up: walked by test_second_step",
    "mfa_download_recovery_codes": "a file",
    "mfa_edit_webauthn": "needs a passkey: walked by test_passkeys",
    "mfa_generate_recovery_codes": "needs a second step that is set up: walked by test_second_step",
    "mfa_login_webauthn": "speaks to the script of the sign-in page: test_passkeys signs in by it",
    "mfa_reauthenticate": "needs a second step that is set up: walked by test_second_step",
    "mfa_reauthenticate_webauthn": "needs a passkey: walked by test_passkeys",
    "mfa_remove_webauthn": "needs a passkey: walked by test_passkeys",
    "mfa_view_recovery_codes": "needs a second step that is set up: walked by test_second_step",
    "openid_connect_callback": "no provider is named in a story; people's test_provider comes back by it",
    "openid_connect_login": "no provider is named in a story; people's test_provider leaves by it",
    "tasks:table": "a file",
    "tasks:mine": "sends on to one's own action programme",
    "web:home": "sends on",
}
LINK = re.compile(r"""\s(?:href|hx-get)=["'](/[^"'#]*)""")
OF_A_KIND = (
    4  # pages of one kind whose links are followed: a task in time leads elsewhere than a late one
)
NUMBERS = range(1, 121)


class Page(NamedTuple):
    """One address of a kind of page, and the person it is looked at with."""

    account: str
    kind: str
    address: str


class Walk:
    """What was found: pages, and routes that answer with something else than a page."""

    def __init__(self, door: Any) -> None:
        self.door = door
        self.pages: list[Page] = []
        self.not_pages: set[str] = set()

    @property
    def kinds(self) -> set[str]:
        return {page.kind for page in self.pages}

    def go(self) -> "Walk":
        for account, starts in STARTS.items():
            walker = self.door.let_in(account)
            self.follow(walker, account, starts)
            walker.close()
        for account in STARTS:
            walker = self.door.let_in(account)
            for kind in self.missing():
                self.guess(walker, account, kind)
            walker.close()
        return self

    def follow(self, walker: Any, account: str, starts: tuple[str, ...]) -> None:
        waiting, seen, times = list(starts), set[str](), dict[str, int]()
        while waiting:
            address = waiting.pop(0)
            kind = kind_of(address)
            if not kind or address in seen or times.get(kind, 0) == OF_A_KIND or kind in NOT_WALKED:
                continue
            seen.add(address)
            times[kind] = times.get(kind, 0) + 1
            waiting += links(self.look(walker, Page(account, kind, address)))

    def look(self, walker: Any, page: Page) -> str:
        """The page's text, kept on the list if it is the first of its kind (for this person where that matters)."""
        answer = walker.context.request.get(page.address)
        if not answer.ok or kind_of(answer.url.partition(walker.house.url)[2]) != page.kind:
            return ""
        if not answer.headers.get("content-type", "").startswith("text/html"):
            self.not_pages.add(page.kind)
            return ""
        own = page.kind in EACH_HIS_OWN and page.account
        if not any(
            p.kind == page.kind and (not own or p.account == page.account) for p in self.pages
        ):
            self.pages.append(page)
        return str(answer.text())

    def guess(self, walker: Any, account: str, kind: str) -> None:
        for address in tries(account, kind, walker.house.var):
            self.look(walker, Page(account, kind, address))
            if kind in self.kinds | self.not_pages:
                return

    def missing(self) -> list[str]:
        return sorted(to_walk() - self.kinds - self.not_pages)


def links(page: str) -> Iterator[str]:
    yield from (address.replace("&amp;", "&") for address in LINK.findall(page))


def kind_of(address: str) -> str:
    try:
        return str(get_resolver().resolve(address.partition("?")[0]).view_name)
    except Resolver404:
        return ""


def to_walk() -> set[str]:
    """Every route a browser may be led to, but those with a reason not to be."""
    named = {door.name for door in doors.doors() if takes_a_visit(door.view)}
    return {name for name in named if not name.startswith("api:")} - set(NOT_WALKED)


def takes_a_visit(view: Any) -> bool:
    """Whether it answers to GET: a view that names its methods says so."""
    named = [thing for thing in doors.within(view) if is_methods(thing)]
    return all("GET" in methods for methods in named)


def is_methods(thing: Any) -> bool:
    return (
        isinstance(thing, list | tuple)
        and bool(thing)
        and all(isinstance(word, str) and word.isupper() for word in thing)
    )


def tries(account: str, kind: str, var: Path) -> list[str]:
    """What this person tries for a page no link led to: the address we were told, or one with each number."""
    if kind in ADDRESSES:
        who, address = ADDRESSES[kind]
        if who != account:
            return []
        return written(address, var / "letters") if "\\" in address else [address]
    return list(dict.fromkeys(numbered(kind)))


def written(pattern: str, letters: Path) -> list[str]:
    """The address in the first letter that has one."""
    for letter in sorted(letters.glob("*")):
        if found := re.search(pattern, letter.read_text("utf8")):
            return [found[0]]
    return []


def numbered(kind: str) -> Iterator[str]:
    """Addresses of a kind with each number in the place of every argument."""
    for door in doors.doors():
        if door.name == kind and "^" not in door.address:
            for number in NUMBERS:
                yield re.sub(r"(?<=/)1(?=/)", str(number), door.address)
