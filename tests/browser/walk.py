"""Finds one page of each kind by following links, as a person would."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.exceptions import Resolver404

LINK = re.compile(r"""\s(?:href|hx-get)=["'](/[^"'#]*)""")
NOT_PAGES = {"account_logout", "documents:file", "tasks:evidence", "web:home", "api:openapi-json"}


def one_of_each(visitor: Any, starts: tuple[str, ...]) -> dict[str, str]:
    """For each kind of page that can be reached from here: its route and one address of it."""
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if not kind or kind in found or kind in NOT_PAGES:
            continue
        answer = visitor.context.request.get(address)
        if answer.ok and answer.headers.get("content-type", "").startswith("text/html"):
            found[kind] = address
            waiting += links(answer.text())
    return found


def links(page: str) -> Iterator[str]:
    yield from (address.replace("&amp;", "&") for address in LINK.findall(page))


def kind_of(address: str) -> str:
    try:
        return str(get_resolver().resolve(address.partition("?")[0]).view_name)
    except Resolver404:
        return ""
