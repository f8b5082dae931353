"""Where a person is led after an act: always to a page of this house."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2_000  # characters of an address worth returning to


def own_page(request: HttpRequest, asked: str) -> str:
    """The page asked for if it is one of ours, given from the root; else nothing."""
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if own and asked.startswith("/") and len(asked) <= LONGEST else ""
