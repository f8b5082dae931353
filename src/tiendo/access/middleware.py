from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class RootsAskedOnce:
    """Permission is asked of the tables once a request; an ended grant stops working at the next one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            request.user.roots_asked = {}  # type: ignore[attr-defined]
        return self.get_response(request)
